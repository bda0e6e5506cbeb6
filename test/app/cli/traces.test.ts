import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, hindcast } from './session.js';

const place = folder();
const at = (name: string): string => join(place, name);
const [stream, arrow, parquet, lines, packed] = ['run.arrows', 'run.arrow', 'run.parquet', 'run.jsonl', 'run.packed'].map(at) as [string, string, string, string, string];

beforeAll(async () => {
  await hindcast(['import', 'datasets/npm/npm-incident.ledger.json', '-o', stream]);
  for (const path of [arrow, parquet, lines]) expect((await hindcast(['convert', stream, path])).code).toBe(0);
  writeFileSync(packed, gzipSync(readFileSync(arrow)));
}, 60_000);

/** What a command says of a file, without the file's name and hashes. */
async function said(path: string, argv: readonly string[]): Promise<string> {
  const { code, out, err } = await hindcast(argv.map((word) => (word === 'X' ? path : word)));
  return `${String(code)} ${out} ${err}`.replaceAll(path, 'X').replaceAll(/\b[0-9a-f]{64}\b/g, 'hash').replaceAll(path.replace(/.*\//, ''), 'X');
}

describe('every command that takes a trace takes it in any form, for the same answer', () => {
  test.each([
    ['baseline', ['baseline', 'X', '--json'], arrow],
    ['baseline of what gzip packed', ['baseline', 'X'], packed],
    ['calibrate', ['calibrate', 'X', '--labels', 'datasets/npm/npm-incident.labels.csv', '--json'], lines],
    ['detect', ['detect', 'X', '--approved', '40', '--json'], parquet],
    ['detect with a baseline', ['detect', 'datasets/npm/npm-incident.calls.jsonl', '--baseline', 'X', '--stream', 'error', '--sort'], arrow],
    ['segment', ['segment', 'X', '--stream', 'score', '--json'], lines],
    ['envelope fit', ['envelope', 'fit', 'X', '--stream', 'score', '--by', 'none'], parquet],
  ])('%s', async (_, argv, path) => {
    const expected = await said(stream, argv);
    expect(expected).toMatch(/^[015] .{200}/s);
    expect(await said(path, argv)).toBe(expected);
  });

  test('drift', async () => {
    const base = at('base.json');
    await hindcast(['baseline', parquet, '--json', '--out', base]);
    expect(await said(lines, ['drift', base, 'X'])).toBe(await said(stream, ['drift', base, 'X']));
  });

  test('approve, by the bytes of the file in the form that it has', async () => {
    const [approval, envelope] = [at('approval.json'), at('envelope.json')];
    await hindcast(['approve', parquet, '--by', 'ada', '--reason', 'read', '--at', '2026-01-31T12:00:00Z', '-o', approval]);
    expect((await hindcast(['baseline', parquet, '--approved', approval])).code).toBe(0);
    const other = await hindcast(['envelope', 'fit', arrow, '--stream', 'score', '--approved', approval, '-o', envelope]);
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('no approval names')]);
  });

  test('detect from the standard input, once it has ended', async () => {
    const own = await hindcast(['detect', '-', '--approved', '40', '--json'], { stdin: readFileSync(lines, 'utf8').match(/[^]{1,5000}/g) ?? [] });
    const file = await hindcast(['detect', lines, '--approved', '40', '--json']);
    expect(own.err).toBe('');
    expect(own.out.replace('"-"', JSON.stringify(lines))).toBe(file.out);
  });
});

test.each([
  ['baseline', ['baseline']],
  ['segment', ['segment']],
  ['approve', ['approve', '--by', 'a', '--reason', 'b', '--at', '2026-01-31T12:00:00Z']],
])('%s refuses a trace that was cut off, or is damaged, in a sentence', async (_, argv) => {
  const torn = at('torn.arrow');
  writeFileSync(torn, readFileSync(arrow).subarray(0, -300));
  const damaged = at('damaged.parquet');
  writeFileSync(damaged, readFileSync(parquet).fill(0xff, 400, 900));
  for (const path of [torn, damaged]) {
    const { code, err } = await hindcast([...argv, path]);
    expect(code).toBe(2);
    expect(err).toContain(path);
  }
});

describe('a trace and the ledger that it was made of have the same groups', () => {
  const LEDGER = 'datasets/npm/npm-approved.ledger.json';

  test('in envelopes', async () => {
    const [approved, envelope] = [at('approved.arrows'), at('by-capability.json')];
    await hindcast(['import', LEDGER, '-o', approved]);
    await hindcast(['envelope', 'fit', LEDGER, '--stream', 'score', '-o', envelope]);
    const [own, other] = [await said(approved, ['envelope', 'check', 'X', '--envelope', envelope]), await said(LEDGER, ['envelope', 'check', 'X', '--envelope', envelope])];
    expect(own).not.toContain('not in the envelope');
    expect(own.split('\n').filter((line) => line.includes('exec'))).toEqual(other.split('\n').filter((line) => line.includes('exec')));
  });

  test('in detection and segmentation', async () => {
    const { out, err } = await hindcast(['detect', parquet, '--baseline', LEDGER, '--by', 'capability', '--stream', 'error', '--detector', 'e-sr', '--sort']);
    expect(err).toBe('');
    expect(out).not.toContain('no such stream');
    const { out: regimes } = await hindcast(['segment', parquet, '--prior', LEDGER, '--by', 'capability', '--stream', 'error', '--method', 'pelt', '--sort']);
    expect(regimes).not.toContain('no such stream');
    expect(regimes).toContain('exec');
  });
});
