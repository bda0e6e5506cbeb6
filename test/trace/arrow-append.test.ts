import assert from 'node:assert/strict';
import { tableFromIPC as flechetteTable } from '@uwdata/flechette';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendArrowStream, bytesFile, type TraceChunk, type TraceMetadata } from '../../src/index.js';
import { anyRow, chunksOf, METADATA, read, rowsOfAll, streamOf } from './rows.js';

function appended(bytes: Uint8Array, chunks: readonly TraceChunk[], torn?: 'cut', metadata: TraceMetadata = METADATA): Uint8Array {
  const parts: Uint8Array[] = [];
  const { position, writer } = appendArrowStream(bytesFile(bytes), metadata, (part) => parts.push(part.slice()), torn);
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, position), ...parts]));
}

const rows = fc.sample(anyRow, { seed: 11, numRuns: 40 });
const before = streamOf(chunksOf(rows.slice(0, 20), { batchRows: 7 }));
const more = chunksOf(rows.slice(20), { batchRows: 6 });

describe('appending to an Arrow stream', () => {
  test('gives the old rows and the new', () => {
    const { reading, chunks } = read(appended(before, more));
    assert.deepEqual(rowsOfAll(chunks), rows);
    expect(reading.tail()).toMatchObject({ marked: true, lostBytes: 0 });
  });

  test('reads the same in two other readers, though dictionaries begin anew', () => {
    const bytes = appended(appended(before, more.slice(0, 2)), more.slice(2));
    const table = tableFromIPC(bytes);
    const other = flechetteTable(bytes);
    for (const name of ['actor', 'session', 'tool', 'label', 'capability', 'call_id'] as const) {
      assert.deepEqual([...(table.getChild(name) ?? [])], rows.map((row) => row[name]), name);
      assert.deepEqual(other.getChild(name).toArray(), rows.map((row) => row[name]), name);
    }
  });

  test('keeps every old byte but the end mark, and nothing appended leaves the stream as it was', () => {
    const bytes = appended(before, more);
    expect(Buffer.compare(bytes.subarray(0, before.length - 8), before.subarray(0, before.length - 8))).toBe(0);
    expect(Buffer.compare(appended(before, []), before)).toBe(0);
  });

  test('refuses a torn stream, or cuts the torn tail off', () => {
    const torn = before.subarray(0, before.length - 100);
    expect(() => appended(torn, more)).toThrow(/its last \d+ bytes are no complete batch/);
    const { chunks } = read(appended(torn, more, 'cut'));
    assert.deepEqual(rowsOfAll(chunks), [...rows.slice(0, 14), ...rows.slice(20)]);
  });

  test('takes zeros that a crash left for a torn tail', () => {
    const zeroed = Buffer.concat([before.subarray(0, before.length - 8), new Uint8Array(100_000)]);
    const { reading, chunks } = read(zeroed, { torn: 'keep' });
    assert.deepEqual(rowsOfAll(chunks), rows.slice(0, 20));
    expect(reading.tail()).toMatchObject({ marked: false, lostBytes: 100_000 });
    assert.deepEqual(rowsOfAll(read(appended(zeroed, more, 'cut')).chunks), rows);
    expect(() => read(Buffer.concat([zeroed, Buffer.from('x')]), { torn: 'keep' })).toThrow('ff ff ff ff');
  });

  test('goes on where only the end mark is missing', () => {
    assert.deepEqual(rowsOfAll(read(appended(before.subarray(0, before.length - 8), more)).chunks), rows);
  });

  test('refuses other metadata, and what is no trace', () => {
    expect(() => appended(before, more, undefined, { ...METADATA, adapter: 'other@1' })).toThrow('must have the same metadata');
    expect(() => appended(new Uint8Array(0), more)).toThrow('the trace is empty');
    expect(() => appended(Buffer.from('{"schema":"hindcast"}\n'), more)).toThrow('ff ff ff ff');
    expect(() => appended(Buffer.concat([before, before]), more)).toThrow('bytes after the end');
  });
});
