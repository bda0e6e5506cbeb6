import { expect, test } from 'vitest';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { file, hindcast } from '../trace-files/built.js';

test('head shows the first rows of a trace in any form, the same', async () => {
  const pages = await Promise.all([...samples().values()].map(async ({ bytes }) => hindcast('head', file(bytes), '-n', '3')));
  for (const { code, err, out } of pages) {
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('the first 3 rows');
    expect(out.slice(out.indexOf('  seq'))).toBe(pages[0]?.out.slice(pages[0].out.indexOf('  seq')));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test('head --json has every column of the rows', async () => {
  const { code, out } = await hindcast('head', file(samples().get('parquet')?.bytes ?? ''), '-n', '2', '--json');
  expect(code).toBe(0);
  const { rows, ...rest } = JSON.parse(out) as { readonly rows: readonly Record<string, unknown>[] };
  expect(rest).toMatchObject({ schema: 'hindcast.head.v1', form: 'parquet', verified: false, all: false, metadata: { adapter: 'sample@1' } });
  expect(rows).toHaveLength(2);
  expect(Object.keys(rows[1] ?? {})).toHaveLength(34);
  expect(rows[1]).toMatchObject({ seq: 1, ts: 1_700_000_000_001_000, actor: 'actor 1', resource: '/données/1', risk_score: 1 / 64, error_code: null });
});

test('head of a short trace says that these are all rows', async () => {
  expect((await hindcast('head', file(samples().get('json lines')?.bytes ?? ''), '-n', '100')).out).toContain('all 40 rows');
});

test('what is no trace is refused in one sentence that names the file', async () => {
  const path = file('hello');
  const { code, err, out } = await hindcast('head', path);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(`hindcast: ${path}: not a trace: expected an Arrow stream or file, Parquet or JSON Lines; "hindcast import" makes a trace from what a host wrote\n`);
  expect(await hindcast('head', path, '-n', '1000000')).toMatchObject({ code: 3 });
});
