import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toArquero } from '../../src/index.js';
import { anyRow, chunksOf } from './rows.js';

test('a trace becomes an Arquero table with the same values', () => {
  const rows = fc.sample(anyRow, { seed: 3, numRuns: 50 });
  const table = toArquero({ chunks: chunksOf(rows, { batchRows: 9 }) });
  expect(table.numRows()).toBe(50);
  expect(table.numCols()).toBe(34);
  for (const name of ['actor', 'label', 'call_id', 'args_hash', 'risk_score', 'latency_us', 'turn'] as const) expect(table.array(name), name).toEqual(rows.map((row) => row[name]));
  const counts = table.groupby('capability').count().objects() as readonly { readonly capability: string; readonly count: number }[];
  for (const { capability, count } of counts) expect(count).toBe(rows.filter((row) => row.capability === capability).length);
});

test('columns that no chunk has are left out of an Arquero table', () => {
  const table = toArquero({ chunks: chunksOf([{ actor: 'a', label: 'benign' }, { actor: 'b' }], { columns: ['actor', 'label'] }) });
  expect(table.objects()).toEqual([{ actor: 'a', label: 'benign' }, { actor: 'b', label: null }]);
});
