import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { traceBuilder, arrowStreamWriter, type TraceChunk } from '../../../src/index.js';
import { runMutations } from '../../../tools/mutate-traces/run.js';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { METADATA } from '../../trace/rows.js';
import { file, fresh, traceReaders } from './built.js';

const readers = traceReaders({ count: 2, deadlineMs: 1000, memoryMiB: 256 });
afterAll(() => { readers.close(); });

const sample = samples().get('arrow stream')?.bytes ?? Buffer.alloc(0);

test('mutated traces give a coded error or a report; with a known hash, every change is refused', async () => {
  const { forms, killed } = await runMutations(readers, { 'arrow stream': 150, 'arrow file': 150, parquet: 150, 'json lines': 50 }, { seed: 7, lanes: 2 });
  for (const { mistakes, mutations, unchanged, refusedByHash } of forms) {
    expect(mistakes).toEqual([]);
    expect(refusedByHash).toBe(mutations - unchanged);
  }
  expect(forms.reduce((sum, { mutations }) => sum + mutations, 0)).toBe(500);
  expect(killed.crash).toBe(0);
});

test('a reader that makes no headway is stopped and counted, and the next file is read', async () => {
  const own = traceReaders({ deadlineMs: 300 });
  try {
    // This device never ends; the reader lives and gets nowhere.
    await expect(own.perform({ kind: 'check', path: '/dev/zero', sha256: null }, 0)).rejects.toMatchObject({ code: 'READER_STOPPED' });
    expect(own.killed()).toEqual({ deadline: 1, memory: 0, crash: 0 });
    expect(await own.perform({ kind: 'check', path: file(sample), sha256: null }, sample.length)).toMatchObject({ rows: 40, batches: 3 });
  } finally {
    own.close();
  }
});

test('a reader that takes too much memory is stopped and counted, and the next file is read', async () => {
  const own = traceReaders({ memoryMiB: 150 });
  try {
    const builder = traceBuilder();
    const chunks: (TraceChunk | null)[] = [];
    for (let i = 0; i < 400_000; i += 1) chunks.push(builder.append({ session: `session ${String(i)} ${'x'.repeat(400)}` }));
    const parts: Buffer[] = [];
    const writer = arrowStreamWriter(METADATA, (bytes) => parts.push(Buffer.from(bytes)), { columns: ['seq', 'ts_res_us', 'host', 'source', 'actor', 'session', 'phase', 'capability', 'resource_class', 'outcome', 'decision', 'flags'] });
    for (const chunk of chunks) if (chunk !== null) writer.write(chunk);
    const large = file(Buffer.concat(parts));
    await expect(own.perform({ kind: 'check', path: large, sha256: null }, 2e8)).rejects.toMatchObject({ code: 'READER_STOPPED' });
    expect(own.killed()).toEqual({ deadline: 0, memory: 1, crash: 0 });
    expect(await own.perform({ kind: 'check', path: file(sample), sha256: null }, sample.length)).toMatchObject({ rows: 40 });
  } finally {
    own.close();
  }
});

test('bytes with another hash than the known one are refused before they are parsed, sound or not', async () => {
  const path = file('no trace at all');
  await expect(readers.perform({ kind: 'check', path, sha256: '0'.repeat(64) }, 15)).rejects.toMatchObject({ code: 'CONTENT_HASH' });
  await expect(readers.perform({ kind: 'check', path, sha256: createHash('sha256').update('no trace at all').digest('hex') }, 15)).rejects.toMatchObject({ code: 'UNSUPPORTED_SCHEMA' });
  const sha256 = createHash('sha256').update(sample).digest('hex');
  expect(await readers.perform({ kind: 'check', path: file(sample), sha256 }, sample.length)).toMatchObject({ rows: 40, verified: true });
  expect(await readers.perform({ kind: 'check', path: file(sample), sha256: null }, sample.length)).toMatchObject({ verified: false });
});

test('a file that cannot be opened is named, whatever process opened it', async () => {
  await expect(readers.perform({ kind: 'check', path: fresh('.none'), sha256: null }, 0)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
});

test('more tasks than readers wait for their turn', async () => {
  const path = file(sample);
  const results = await Promise.all(Array.from({ length: 9 }, async () => readers.perform({ kind: 'check', path, sha256: null }, sample.length)));
  expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 9 }, () => 40));
});
