import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { TraceForm } from '../../../src/app/trace-files/form.js';
import { rebatched } from '../../../src/app/trace-files/rebatch.js';
import { arrowStreamWriter, bytesSource, readArrowStream, rowsOf, TRACE_COLUMNS, type TraceColumnName, type TraceRow } from '../../../src/index.js';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { anyRow, chunksOf, METADATA } from '../../trace/rows.js';
import { converted, file, traceReaders } from './built.js';

const readers = traceReaders();
afterAll(() => { readers.close(); });

const FORMS: readonly TraceForm[] = ['arrow file', 'parquet', 'json lines', 'arrow stream'];

function stream(rows: readonly TraceRow[], { batchRows = 65_536, columns }: { readonly batchRows?: number; readonly columns?: readonly TraceColumnName[] } = {}): string {
  const parts: Buffer[] = [];
  const writer = arrowStreamWriter(METADATA, (bytes) => parts.push(Buffer.from(bytes)), columns === undefined ? {} : { columns });
  for (const chunk of chunksOf(rows, { batchRows })) writer.write(chunk);
  writer.end();
  return file(Buffer.concat(parts), '.arrows');
}

/** Through every form and back. */
async function around(path: string): Promise<Buffer> {
  let at = path;
  for (const form of FORMS) at = (await converted(readers, at, form)).out;
  return readFileSync(at);
}

test('any rows go from an Arrow stream through an Arrow file, Parquet and JSON Lines and come back byte for byte', async () => {
  await fc.assert(fc.asyncProperty(fc.array(anyRow, { maxLength: 40 }), async (given) => {
    // JSON's writer has no negative zero.
    const rows = given.map((row) => (row.risk_score === 0 ? { ...row, risk_score: 0 } : row));
    const path = stream(rows);
    expect((await around(path)).equals(readFileSync(path))).toBe(true);
  }), { seed: 20260101, numRuns: 25 });
});

test('a trace without some columns keeps the columns it has', async () => {
  const columns = TRACE_COLUMNS.filter(({ name, nullable }) => !nullable || name === 'resource').map(({ name }) => name);
  const path = stream([{ resource: 'a' }, {}, { resource: 'b' }], { columns });
  expect((await around(path)).equals(readFileSync(path))).toBe(true);
});

test('the same rows are written as the same bytes, whatever batches and dictionaries they came in', async () => {
  const rows = fc.sample(anyRow, { seed: 20260101, numRuns: 100 });
  const whole = stream(rows);
  for (const batchRows of [1, 7, 64]) {
    const { out, batches } = await converted(readers, stream(rows, { batchRows }), 'arrow stream');
    expect(batches).toBe(1);
    expect(readFileSync(out).equals(readFileSync(whole))).toBe(true);
  }
});

test('rows beyond a batch fill the batches that the builder fills', async () => {
  const rows = Array.from({ length: 70_000 }, (_, i): TraceRow => ({ actor: `a${String(i % 3)}`, resource: i % 2 === 0 ? 'x' : null, turn: i }));
  const columns: readonly TraceColumnName[] = [...TRACE_COLUMNS.filter(({ nullable }) => !nullable).map(({ name }) => name), 'resource', 'turn'];
  const path = stream(rows, { batchRows: 30_000, columns });
  const { out, batches } = await converted(readers, path, 'arrow stream');
  expect(batches).toBe(2);
  expect(readFileSync(out).equals(readFileSync(stream(rows, { columns })))).toBe(true);
});

test('a batch whose texts are long ends where the builder ends it', async () => {
  const columns: readonly TraceColumnName[] = ['resource'];
  const long = 'x'.repeat(30_000_000);
  const rows: readonly TraceRow[] = [{ resource: long }, {}, { resource: long }, { resource: long }, { resource: 'short' }];
  const sizes: number[] = [];
  for await (const chunk of rebatched(chunksOf(rows, { batchRows: 1, columns }), columns)) sizes.push(chunk.rows);
  expect(sizes).toEqual(chunksOf(rows, { columns }).map((chunk) => chunk.rows));
  expect(sizes).toEqual([4, 1]);
});

test('a trace that gzip packed is read like one that it did not', async () => {
  for (const { form, bytes } of samples().values()) {
    const plain = await converted(readers, file(bytes), 'arrow stream');
    const packed = await converted(readers, file(gzipSync(bytes)), 'arrow stream');
    expect(plain.form).toBe(form);
    expect(packed).toMatchObject({ form, writtenSha256: plain.writtenSha256, rows: 40, lostBytes: 0 });
  }
});

test('what is written has the hash that is said', async () => {
  const { out, writtenSha256, writtenBytes } = await converted(readers, stream([{}, {}]), 'parquet');
  expect(createHash('sha256').update(readFileSync(out)).digest('hex')).toBe(writtenSha256);
  expect(readFileSync(out)).toHaveLength(writtenBytes);
});

test('a trace that was cut off gives its complete batches or lines, and says how many bytes are lost', async () => {
  const { bytes: arrow } = samples().get('arrow stream') ?? { bytes: Buffer.alloc(0) };
  const { bytes: fileBytes } = samples().get('arrow file') ?? { bytes: Buffer.alloc(0) };
  const { bytes: lines } = samples().get('json lines') ?? { bytes: Buffer.alloc(0) };
  const cut = await converted(readers, file(arrow.subarray(0, arrow.length - 100)), 'arrow stream');
  expect(cut).toMatchObject({ rows: 32, form: 'arrow stream' });
  expect(cut.lostBytes).toBeGreaterThan(0);
  const reading = readArrowStream(bytesSource(readFileSync(cut.out)));
  expect([...reading.chunks].flatMap((chunk) => [...rowsOf(chunk)])).toHaveLength(32);

  expect(await converted(readers, file(fileBytes.subarray(0, fileBytes.length - 3)), 'arrow stream')).toMatchObject({ rows: 40, form: 'arrow file' });
  expect(await converted(readers, file(lines.subarray(0, lines.length - 3)), 'arrow stream')).toMatchObject({ rows: 39, form: 'json lines' });
  expect(await converted(readers, file(lines.subarray(0, lines.length - 1)), 'arrow stream')).toMatchObject({ rows: 40, lostBytes: 0 });
});
