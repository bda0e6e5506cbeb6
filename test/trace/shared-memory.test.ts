import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  arrowFileWriter, arrowStreamWriter, bytesFile, bytesSource, readArrowFile, readArrowStream, rowsOf, traceProfile, type ArrowReadOptions, type TraceChunk, type TraceRow,
} from '../../src/index.js';
import { anyRow, chunksOf, METADATA } from './rows.js';

const SHARED: ArrowReadOptions = { memory: 'shared' };

function written(chunks: readonly TraceChunk[], form: 'stream' | 'file'): Uint8Array {
  const parts: Uint8Array[] = [];
  const sink = (bytes: Uint8Array): void => { parts.push(bytes.slice()); };
  const writer = form === 'stream' ? arrowStreamWriter(METADATA, sink) : arrowFileWriter(METADATA, sink);
  if ('learn' in writer) for (const chunk of chunks) (writer as ReturnType<typeof arrowFileWriter>).learn(chunk);
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return Buffer.concat(parts);
}

const READERS = {
  stream: (bytes: Uint8Array) => readArrowStream(bytesSource(bytes), SHARED).chunks,
  file: (bytes: Uint8Array) => readArrowFile(bytesFile(bytes), SHARED).chunks,
};

test.each(['stream', 'file'] as const)('chunks of an Arrow %s that share memory hold their rows until the next is read', (form) => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (rows, batchRows) => {
      const read: TraceRow[] = [];
      for (const chunk of READERS[form](written(chunksOf(rows, { batchRows }), form))) read.push(...rowsOf(chunk));
      assert.deepEqual(read, rows);
    }),
    { seed: 20260101, numRuns: 30 },
  );
});

test.each(['stream', 'file'] as const)('the memory of chunks of an Arrow %s is the same block', (form) => {
  const rows = fc.sample(anyRow, { seed: 7, numRuns: 64 });
  const memory = new Set<ArrayBufferLike>();
  for (const { columns } of READERS[form](written(chunksOf(rows, { batchRows: 8 }), form))) memory.add(columns.flags?.values.buffer ?? new ArrayBuffer(0));
  expect(memory.size).toBeLessThan(4);
});

test.each(['stream', 'file'] as const)('a profile is the same from chunks of an Arrow %s that share memory', (form) => {
  const rows = fc.sample(anyRow, { seed: 3, numRuns: 200 }).map((row) => ({ ...row, ts: Number(BigInt(row.ts ?? 0) % 1_000_000n), ts_res_us: 1 }));
  const chunks = chunksOf(rows, { batchRows: 16 });
  assert.deepEqual(traceProfile(() => READERS[form](written(chunks, form))), traceProfile(chunks));
});
