import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseShard, shardOf } from '../../../src/app/shard.js';
import { random } from '../../../src/stats/random.js';
import { file, folder, hindcast, type Session } from './session.js';

/** Runs a command in shares and joins them; parts are given in another order than they were made in. */
async function inShares(count: number, argv: readonly string[]): Promise<Session & { readonly parts: readonly string[] }> {
  const home = folder();
  const parts: string[] = [];
  for (let i = 1; i <= count; i += 1) {
    const path = join(home, `part${String(i)}`);
    await hindcast([...argv, '--shard', `${String(i)}/${String(count)}`, '--out', path]);
    parts.unshift(path);
  }
  return { ...(await hindcast(['merge', ...parts])), parts };
}

async function agrees(argv: readonly string[], codes: readonly number[], counts: readonly number[] = [8]): Promise<void> {
  const whole = await hindcast([...argv, '--json']);
  expect(codes).toContain(whole.code);
  for (const count of counts) {
    const joined = await inShares(count, argv);
    expect([joined.code, joined.err]).toEqual([whole.code, '']);
    expect(joined.out).toBe(whole.out);
  }
}

const NPM = ['approved', 'incident', 'routine'].map((name) => `datasets/npm/npm-${name}.ledger.json`);

/** Calls of many actors, some of whom change. */
function manyActors(actors: number, rows: number): string {
  const source = random(20260101);
  const lines = Array.from({ length: rows }, (_, i) => {
    const actor = Math.floor(source.uniform() * actors);
    const value = 10 + source.normal() + (actor % 5 === 0 && i > rows / 2 ? 6 : 0);
    return `${String(1000 * i)},actor ${String(actor)},${String(value)}`;
  });
  return ['time,actor,value', ...lines, ''].join('\n');
}

describe('work in shares', () => {
  it('is cut by the hash of a key, the same everywhere', () => {
    expect([shardOf('npm', 8), shardOf('npm', 1000)]).toEqual([7, 247]);
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8000; i += 1) counts[shardOf(`actor ${String(i)}`, 8)] = (counts[shardOf(`actor ${String(i)}`, 8)] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(parseShard('3/8')).toEqual({ index: 2, count: 8 });
    for (const text of ['0/8', '9/8', '1', '1/0', '-1/2', '1/2/3', '1/1000000', '']) expect(() => parseShard(text)).toThrow('a shard must be i/n');
  });

  it('verifies many ledgers as one run does, to the byte: sound ones, tampered ones, and one that is none', async () => {
    const text = readFileSync(NPM[0] ?? '', 'utf8');
    const tampered = [1, 2, 3, 4].map((i) => file(`${String(i)}.json`, text.replace(/"risk_score": ?0\.([0-9])/, (_, digit: string) => `"risk_score":0.${String((Number(digit) + i) % 10)}`)));
    await agrees(['verify', ...NPM, ...tampered, file('none.json', '{"'), ...NPM], [1, 2], [8, 1, 3]);
    await agrees(['verify', NPM[0] ?? '', '--diagnose-host'], [0, 1]);
  });

  it('detects in streams as one run does, to the byte, whatever their parameters come from', async () => {
    const csv = file('many.csv', manyActors(12, 1200));
    await agrees(['detect', csv, '--stream', 'value', '--mean', '10', '--sd', '1', '--by', 'actor'], [1], [8, 1]);
    await agrees(['detect', csv, '--baseline', file('base.csv', manyActors(9, 900)), '--detector', 'e-sr', '--by', 'actor'], [1]);
    await agrees(['detect', csv, '--approved', '40', '--detector', 'e-sr', '--by', 'actor'], [1]);
    await agrees(['detect', 'datasets/npm/npm-incident.calls.jsonl', '--detector', 'self-starting', '--by', 'actor,capability', '--sort'], [0, 1], [3]);
  });

  it('summarises many traces as one run does, to the byte', async () => {
    const home = folder();
    const traces = await Promise.all(NPM.map(async (ledger, i) => {
      const path = join(home, `${String(i)}.arrows`);
      expect((await hindcast(['import', ledger, '-o', path])).code).toBe(0);
      return path;
    }));
    await agrees(['stats', ...traces, file('none.arrows', 'no trace')], [2], [8, 2]);
  });

  it('fits the baselines of all actors and watches them as one run does, to the byte, from a ledger and from its trace', async () => {
    const path = join(folder(), 'made.jsonl');
    expect((await hindcast(['generate', '--entries', '600', '--seed', '7', '--out', path])).code).toBe(0);
    const trace = join(folder(), 'made.arrows');
    expect((await hindcast(['import', path, '-o', trace])).code).toBe(0);
    for (const source of [path, trace]) {
      await agrees(['baseline', source], [0, 5]);
      await agrees(['detect', source, '--stream', 'score', '--mean', '0.3', '--sd', '0.1'], [0, 1]);
    }
  });

  it('is joined only where all parts are there, each once and whole, of one work', async () => {
    const { parts } = await inShares(3, ['verify', ...NPM]);
    const [a = '', b = '', c = ''] = parts;
    const other = (await inShares(3, ['verify', ...NPM.slice(1)])).parts[0] ?? '';
    expect(await hindcast(['merge', a, b])).toMatchObject({ code: 2, err: expect.stringContaining('1 of 3 shards are missing: 1') as string });
    expect(await hindcast(['merge', a, b, c, b])).toMatchObject({ code: 3, err: expect.stringContaining('are both shard 2 of 3') as string });
    expect(await hindcast(['merge', other, b, c])).toMatchObject({ code: 3, err: expect.stringContaining('is a part of another work') as string });
    const torn = file('torn', readFileSync(a, 'utf8').split('\n').slice(0, -2).join('\n'));
    expect(await hindcast(['merge', torn, b, c])).toMatchObject({ code: 2, err: expect.stringContaining('the part is not whole') as string });
    writeFileSync(torn, readFileSync(NPM[0] ?? ''));
    expect((await hindcast(['merge', torn])).code).toBe(2);
    expect((await hindcast(['detect', '-', '--shard', '1/2'])).code).toBe(3);
    expect((await hindcast(['verify', ...NPM, '--shard', '3/2'])).err).toContain('It must be i/n');
  });
});
