import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { medianAbsoluteDeviation, median, quantile, arrowStreamWriter, type TraceRow } from '../../../src/index.js';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { chunksOf, METADATA } from '../../trace/rows.js';
import { file, hindcast } from '../trace-files/built.js';

interface Stats {
  readonly files: readonly { readonly file: string; readonly latencies: readonly Record<string, unknown>[]; readonly error?: unknown; readonly [key: string]: unknown }[];
}

async function statsOf(...paths: readonly string[]): Promise<Stats> {
  const { code, out } = await hindcast('stats', ...paths, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as Stats;
}

test('stats are the same whatever the form', async () => {
  const { files } = await statsOf(...[...samples().values()].map(({ bytes }) => file(bytes)));
  const own = ['file', 'form', 'sizeBytes', 'batches', 'perColumn'];
  const plain = files.map((each) => ({
    ...Object.fromEntries(Object.entries(each).filter(([name]) => !own.includes(name))),
    nulls: (each['perColumn'] as { readonly name: string; readonly nulls: number }[]).map(({ name, nulls }) => [name, nulls]),
  }));
  for (const each of plain) expect(each).toEqual(plain[0]);
  expect(plain[0]).toMatchObject({ rows: 40, lostBytes: 0, span: { first: 1_700_000_000_000_000, last: 1_700_000_000_039_000 } });
});

test('medians, MADs and quantiles are exact, by capability and kind of latency', async () => {
  const rows = Array.from({ length: 999 }, (_, i): TraceRow => ({
    capability: i % 3 === 0 ? 'fs.read' : 'net.http',
    latency_us: i % 10 === 0 ? null : (i * 7919) % 5003,
    latency_kind: i % 2 === 0 ? 'exec' : i % 7 === 0 ? null : 'span',
  }));
  const parts: Buffer[] = [];
  const writer = arrowStreamWriter(METADATA, (bytes) => parts.push(Buffer.from(bytes)));
  chunksOf(rows, { batchRows: 100 }).forEach(writer.write);
  writer.end();
  const [only] = (await statsOf(file(Buffer.concat(parts)))).files;
  expect(only?.latencies).toHaveLength(6);
  for (const { capability, kind, n, median: found, mad, quantiles } of only?.latencies ?? []) {
    const values = Float64Array.from(rows.flatMap((row) => (row.capability === capability && (row.latency_kind ?? null) === kind && typeof row.latency_us === 'number' ? [row.latency_us] : [])));
    expect({ n, found, mad }).toEqual({ n: values.length, found: median(values), mad: medianAbsoluteDeviation(values) });
    expect(quantiles).toEqual([quantile(values, 0.05, 8), quantile(values, 0.95, 8)]);
  }
});

test('the page says rows, nulls, dictionary sizes, coverage and what cannot be seen', async () => {
  const { code, out } = await hindcast('stats', file(samples().get('arrow stream')?.bytes ?? ''));
  expect(code).toBe(0);
  expect(out).toContain('40 rows in 3 batches');
  expect(out).toContain('Arrow stream');
  expect(out.replace(/\s+/g, ' ')).toContain('a changed value that keeps to them cannot be seen');
  expect(out.replace(/\s+/g, ' ')).toContain('executed yes, policy denied no, gate denied partly, bad calls no, nested not applicable');
  expect(out.replace(/\s+/g, ' ')).toContain('sizes; what was refused');
  expect(out).toMatch(/actor +4\.0 +0 +0\.0 % +4\n/);
  expect(out).toMatch(/args_hash +32\.[0-9] +14 +35\.0 % +-\n/);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('stats of a torn stream count what is whole, and the exit code says so', async () => {
  const bytes = samples().get('arrow stream')?.bytes ?? Buffer.alloc(0);
  const { code, out } = await hindcast('stats', file(bytes.subarray(0, bytes.length - 200)));
  expect(code).toBe(1);
  expect(out).toContain('32 rows in 2 batches');
  expect(out).toContain('cut off');
});

test('a pipe is refused, since a file is read more than once', async () => {
  expect(await hindcast('stats', '-')).toMatchObject({ code: 3, out: '', err: expect.stringContaining('can be read once: save it to a file first') as string });
});

test('one bad file among several gets its error, the others their figures', async () => {
  const [good, bad] = [file(samples().get('parquet')?.bytes ?? ''), file('no')];
  const { code, out, err } = await hindcast('stats', bad, good, '--json');
  expect(code).toBe(2);
  expect(err).toContain('not a trace');
  expect((JSON.parse(out) as Stats).files).toMatchObject([{ file: bad, error: { code: 'UNSUPPORTED_SCHEMA' } }, { file: good, rows: 40 }]);
});

test('latencies, a kind at a time, and response sizes are drawn, the same from every form, and the answer stays as it is', async () => {
  const home = mkdtempSync(join(tmpdir(), 'hindcast-stats-'));
  const rows = Array.from({ length: 400 }, (_, i): TraceRow => ({ capability: i % 4 === 0 ? 'fs.read' : 'net.http', latency_us: (i * 7919) % 5003, latency_kind: i % 3 === 0 ? 'exec' : 'span', bytes_out: i % 5 === 0 ? null : i }));
  const parts: Buffer[] = [];
  const writer = arrowStreamWriter(METADATA, (bytes) => parts.push(Buffer.from(bytes)));
  chunksOf(rows, { batchRows: 64 }).forEach(writer.write);
  writer.end();
  const stream = file(Buffer.concat(parts), '.arrows');
  const drawnOf = async (form: string): Promise<readonly string[]> => {
    const path = join(home, `run.${form}`);
    expect((await hindcast('convert', stream, path)).code).toBe(0);
    const { code, err } = await hindcast('stats', path, '--plot', join(home, `${form}.svg`));
    expect([code, err]).toEqual([0, expect.stringContaining('drawn: ') as string]);
    return [1, 2, 3].map((i) => readFileSync(join(home, `${form}-${String(i)}.svg`), 'utf8').replaceAll(`run.${form}`, 'run').replace(/\bhc[0-9a-f]{16}/g, 'id'));
  };
  const [own, ...others] = [await drawnOf('arrows'), await drawnOf('arrow'), await drawnOf('parquet'), await drawnOf('jsonl')];
  for (const other of others) expect(other).toEqual(own);
  expect(own.map((svg) => /<title>(.*?)<\/title>/.exec(svg)?.[1])).toEqual(['Exec latency by capability: run', 'Span latency by capability: run', 'Response size by capability: run']);
  const exec = Float64Array.from(rows.flatMap((row) => (row.capability === 'net.http' && row.latency_kind === 'exec' ? [Number(row.latency_us)] : [])));
  expect(own[0]).toContain(`net.http, n = ${String(exec.length)}: `);
  expect(own[0]).toContain(`median ${median(exec).toLocaleString('en-US', { maximumFractionDigits: 0 })} \u00b5s`);
  expect(own[2]).toContain('n = 320 values');
  const [plain, drawn] = [await hindcast('stats', stream, '--json'), await hindcast('stats', stream, '--json', '--plot', join(home, 'again.svg'))];
  expect([drawn.code, drawn.out]).toEqual([plain.code, plain.out]);
  expect(readdirSync(home).filter((name) => name.startsWith('again'))).toHaveLength(3);
  expect((await hindcast('stats', stream, '--shard', '1/2', '--plot', join(home, 'part.svg'))).code).toBe(3);
});

test('columns are those of the trace, with the values that rows have, whatever the form', async () => {
  const [stream, parquet] = ['a.arrows', 'a.parquet'].map((name) => join(mkdtempSync(join(tmpdir(), 'hindcast-test-')), name)) as [string, string];
  await hindcast('import', 'datasets/npm/npm-incident.calls.jsonl', '-o', stream);
  await hindcast('convert', stream, parquet);
  const { files } = await statsOf(stream, parquet);
  const [a, b] = files.map((each) => (each['perColumn'] as { readonly name: string; readonly values: number | null; readonly nulls: number }[]).map(({ name, values, nulls }) => [name, values, nulls]));
  expect(b).toEqual(a);
  expect(a?.filter(([name]) => name === 'host' || name === 'capability' || name === 'error_code' || name === 'risk_score')).toEqual([['host', 1, 0], ['capability', 4, 0], ['error_code', 1, 240]]);
});
