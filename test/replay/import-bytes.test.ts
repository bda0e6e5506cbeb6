import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importBytes, TRACE_IMPORTERS } from '../../src/index.js';

const incident = (file: string): Uint8Array => readFileSync(`datasets/npm/npm-incident.${file}`);

test('the recorded calls, the telemetry and the ledger of one run are recognised by content and give as many rows', () => {
  const traces = ['calls.jsonl', 'telemetry.json', 'ledger.json'].map((file) => importBytes(incident(file), { file }));
  expect(traces.map(({ importer, rows, records, rejects }) => [importer, rows, records, rejects.length])).toEqual([
    ['pi.calls', 245, 245, 0], ['pi.telemetry', 245, 245, 0], ['pi.ledger', 245, 245, 0],
  ]);
  expect(traces.map(({ chunks }) => chunks.reduce((sum, { rows }) => sum + rows, 0))).toEqual([245, 245, 245]);
});

test('a record that cannot be read is kept out with its line, and the others are rows', () => {
  const lines = new TextDecoder().decode(incident('calls.jsonl')).split('\n');
  lines[2] = '{"ts_ms": "never"}';
  const { rows, records, rejects } = importBytes(new TextEncoder().encode(lines.join('\n')), { file: 'calls.jsonl' });
  expect([rows, records]).toEqual([244, 245]);
  expect(rejects.map(({ file, row }) => [file, row])).toEqual([['calls.jsonl', 3]]);
});

test('resources are left out on demand', () => {
  expect(importBytes(incident('calls.jsonl'), { resource: 'drop' }).chunks[0]?.columns.resource).toBeUndefined();
  expect(importBytes(incident('calls.jsonl')).chunks[0]?.columns.resource).toBeDefined();
});

test('content that no importer knows is refused with their names, unless one is named', () => {
  expect(() => importBytes(new TextEncoder().encode('a,b\n1,2\n'), { file: 'x.csv' })).toThrow(/x\.csv: the content is of no known kind; importers: pi\.ledger/);
  const calls = TRACE_IMPORTERS.find(({ name }) => name === 'pi.calls');
  expect(importBytes(incident('calls.jsonl'), calls === undefined ? {} : { importer: calls }).rows).toBe(245);
});
