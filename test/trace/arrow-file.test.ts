import assert from 'node:assert/strict';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrowFileWriter, bytesFile, InputError, readArrowFile, type TraceChunk } from '../../src/index.js';
import { anyRow, chunksOf, METADATA, rowsOfAll } from './rows.js';

function fileOf(chunks: readonly TraceChunk[], columns?: readonly 'actor'[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = arrowFileWriter(METADATA, (bytes) => parts.push(bytes.slice()), columns === undefined ? {} : { columns });
  for (const chunk of chunks) writer.learn(chunk);
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return Uint8Array.from(Buffer.concat(parts));
}

describe('an Arrow file of a trace', () => {
  test('gives back the rows that were written, batch by batch, any number of times', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (rows, batchRows) => {
        const chunks = chunksOf(rows, { batchRows });
        const file = readArrowFile(bytesFile(fileOf(chunks)));
        assert.deepEqual(rowsOfAll([...file.chunks]), rows);
        assert.deepEqual(rowsOfAll([...file.chunks]), rows);
        assert.deepEqual(file.metadata, METADATA);
        expect(file.batches).toBe(chunks.length);
        if (chunks.length > 0) assert.deepEqual(rowsOfAll([file.chunk(chunks.length - 1)]), rowsOfAll(chunks.slice(-1)));
      }),
      { seed: 20260101, numRuns: 40 },
    );
  });

  test('reads the same in apache-arrow, though dictionaries grow from chunk to chunk and chunks have several origins', () => {
    const rows = fc.sample(anyRow, { seed: 5, numRuns: 50 });
    const chunks = [...chunksOf(rows, { batchRows: 7 }), ...chunksOf(rows.toReversed(), { batchRows: 9 })];
    const table = tableFromIPC(fileOf(chunks));
    const all = rowsOfAll(chunks);
    expect(table.numRows).toBe(100);
    for (const name of ['actor', 'session', 'label', 'call_id', 'risk_score', 'tool'] as const) assert.deepEqual([...(table.getChild(name) ?? [])], all.map((row) => row[name]), name);
  });

  test('reads only the columns wanted', () => {
    const rows = fc.sample(anyRow, { seed: 6, numRuns: 30 });
    const bytes = fileOf(chunksOf(rows, { batchRows: 8 }));
    let fetched = 0;
    const whole = bytesFile(bytes);
    const file = readArrowFile({ ...whole, read: (into, position) => (fetched += into.length, whole.read(into, position)) }, { columns: ['risk_score'] });
    const before = fetched;
    expect([...file.chunks].flatMap((chunk) => rowsOfAll([chunk])).map((row) => row.risk_score)).toEqual(rows.map((row) => row.risk_score));
    expect(file.columns).toEqual(['risk_score']);
    expect(fetched - before).toBeLessThan(bytes.length / 2);
  });

  test('may have no rows, and may leave columns out', () => {
    expect([...readArrowFile(bytesFile(fileOf([]))).chunks]).toEqual([]);
    expect(tableFromIPC(fileOf([])).numRows).toBe(0);
    expect(rowsOfAll([...readArrowFile(bytesFile(fileOf(chunksOf([{ actor: 'a' }]), ['actor']))).chunks])[0]?.actor).toBe('a');
  });

  test('refuses to write a value that was not learnt', () => {
    const writer = arrowFileWriter(METADATA, () => undefined);
    const [chunk] = chunksOf([{ actor: 'a' }]);
    if (chunk === undefined) throw new Error('no chunk');
    expect(() => { writer.write(chunk); }).toThrow('has a value that was not learnt');
    expect(() => { writer.learn(chunk); }).toThrow('learn must come before');
  });

  test('is refused where it is cut anywhere', () => {
    const bytes = fileOf(chunksOf(fc.sample(anyRow, { seed: 6, numRuns: 5 })));
    for (let cut = 0; cut < bytes.length; cut += 101) expect(() => readArrowFile(bytesFile(bytes.subarray(0, cut)))).toThrow(InputError);
  });

  test('is an error or a report, and soon, where bytes are damaged', () => {
    const bytes = fileOf(chunksOf(fc.sample(anyRow, { seed: 6, numRuns: 20 }), { batchRows: 8 }));
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          for (const chunk of readArrowFile(bytesFile(damaged)).chunks) expect(chunk.rows).toBeGreaterThan(0);
          outcomes.read += 1;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          outcomes.refused += 1;
        }
      }),
      { seed: 20260101, numRuns: 400 },
    );
    expect(outcomes.refused).toBeGreaterThan(50);
  });
});
