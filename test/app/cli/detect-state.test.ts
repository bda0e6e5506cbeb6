import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEntry } from '../../../src/ledger/print.js';
import { readLedger } from '../../../src/ledger/stream.js';
import { random } from '../../../src/stats/random.js';
import { file, folder, hindcast, type Session } from './session.js';

interface Run {
  readonly code: number;
  readonly alarms: readonly unknown[];
  readonly state: string;
}

/** One run after another over the parts, with one state file. */
async function runs(parts: readonly string[], name: string, argv: readonly string[]): Promise<Run> {
  const state = join(folder(), 'state.json');
  const alarms: unknown[] = [];
  let code = 0;
  for (const part of parts) {
    const session = await hindcast(['detect', file(name, part), ...argv, '--json', '--state', state]);
    expect(session.err).toBe('');
    code = session.code;
    alarms.push(...(JSON.parse(session.out) as { alarms: unknown[] }).alarms);
  }
  return { code, alarms, state: readFileSync(state, 'utf8') };
}

const HEADER = 'ts_ms,actor,value\n';

function rows(): readonly string[] {
  const source = random(20260101);
  return Array.from({ length: 42 }, (_, i) => `${String(1000 * i)},${i % 3 === 0 ? 'a' : 'b'},${String(source.normal() + (i >= 28 ? 4 : 0))}\n`);
}

async function atCuts(lines: readonly string[], name: string, argv: readonly string[], every = 1): Promise<Run> {
  const header = name.endsWith('.csv') ? HEADER : '';
  const whole = await runs([header + lines.join('')], name, argv);
  for (let cut = 1; cut < lines.length; cut += every) {
    const split = await runs([header + lines.slice(0, cut).join(''), header + lines.slice(cut).join('')], name, argv);
    expect(split.alarms, `cut at ${String(cut)}`).toEqual(whole.alarms);
    expect(split.state, `cut at ${String(cut)}`).toBe(whole.state);
  }
  return whole;
}

describe('hindcast detect --state', () => {
  it.each([
    ['e-sr', ['--approved', '12', '--detector', 'e-sr']],
    ['e-cusum', ['--approved', '15', '--detector', 'e-cusum', '--family', 'gaussian']],
    ['known', ['--mean', '0', '--sd', '1', '--arl0', '50']],
    ['self-starting', ['--by', 'none', '--arl0', '50']],
    ['glr', ['--detector', 'glr', '--mean', '0', '--sd', '1', '--arl0', '20']],
    ['bocpd', ['--detector', 'bocpd', '--approved', '10', '--hazard', '50']],
    ['intervals', ['--stream', 'interval', '--approved', '8', '--sides', 'up', '--detector', 'e-sr']],
  ])('gives the same bytes and alarms however a CSV file is cut: %s', async (name, argv) => {
    // Designs from known parameters take most of the time, and come back from the state as all others do.
    const { alarms, state } = await atCuts(rows(), 'part.csv', argv, argv.includes('--approved') ? 1 : 3);
    if (name !== 'intervals') expect(alarms.length).toBeGreaterThan(0);
    expect(Object.keys(JSON.parse(state) as object)).toEqual(['designs', 'epochMs', 'prepared', 'records', 'schema', 'settings', 'streams']);
  });

  it('does so for a ledger cut in two, by capability, with a design from a baseline', async () => {
    const lines = readLedger(readFileSync('datasets/npm/npm-incident.ledger.json')).entries.slice(195, 235).map((entry) => `${formatEntry(entry)}\n`);
    const approved = file('approved.csv', `ts_ms,capability,outcome_error_code\n${Array.from({ length: 200 }, (_, i) => `${String(i)},${i % 2 === 0 ? 'read' : 'write'},${i % 50 === 0 ? 'E' : ''}`).join('\n')}\n`);
    const argv = ['--stream', 'error', '--by', 'capability', '--detector', 'e-sr', '--arl0', '20', '--baseline', approved];
    const { alarms } = await atCuts(lines, 'part.jsonl', argv, 3);
    expect(alarms.length).toBeGreaterThan(0);
  });

  it('goes on without the baseline and options, which the state holds', async () => {
    const state = join(folder(), 'state.json');
    const first = file('a.csv', HEADER + rows().slice(0, 24).join(''));
    const second = file('b.csv', HEADER + rows().slice(24).join(''));
    await hindcast(['detect', first, '--approved', '8', '--detector', 'e-sr', '--state', state]);
    const { code, out } = await hindcast(['detect', second, '--state', state]);
    expect(code).toBe(1);
    expect(out).toContain('the first 8 observations of b');
  });

  it('goes on with a ledger where the last one ended, and with no other', async () => {
    const lines = readLedger(readFileSync('datasets/npm/npm-incident.ledger.json')).entries.map((entry) => `${formatEntry(entry)}\n`);
    const part = (from: number, to: number): string => file('part.jsonl', lines.slice(from, to).join(''));
    const state = join(folder(), 'state.json');
    const argv = ['--stream', 'error', '--p0', '0.01', '--state', state];
    const watch = async (path: string): Promise<Session> => hindcast(['detect', path, ...argv]);
    expect((await watch(part(0, 100))).err).toBe('');
    const before = readFileSync(state, 'utf8');
    for (const [path, named] of [[part(0, 100), 'this ledger begins a chain of its own'], [part(110, 120), "this ledger's first entry follows"]] as const) {
      const { code, err } = await watch(path);
      expect([code, err]).toEqual([3, expect.stringContaining(named)]);
      expect(err).toContain((JSON.parse(before) as { readonly lastHash: string }).lastHash);
    }
    expect(readFileSync(state, 'utf8')).toBe(before);
    expect((await watch(part(100, 245))).err).toBe('');
  });

  it.each([
    [['--by', 'none'], '--by actor, and now it is --by none: give the same options'],
    [['--detector', 'cusum'], '--detector e-sr, and now it is --detector cusum'],
    [['--arl0', '5'], '--arl0 1000, and now it is --arl0 5'],
    [['--approved', '9'], '--approved 8, and now it is --approved 9'],
    [['--stream', 'interval'], '--stream value, and now it is --stream interval'],
  ])('refuses a state saved with other options than %j', async (argv, sentence) => {
    const state = join(folder(), 'state.json');
    const input = file('a.csv', HEADER + rows().slice(0, 24).join(''));
    await hindcast(['detect', input, '--approved', '8', '--detector', 'e-sr', '--state', state]);
    const before = readFileSync(state, 'utf8');
    const { code, err } = await hindcast(['detect', input, '--state', state, ...argv]);
    expect([code, err]).toEqual([3, expect.stringContaining(`state.json: the state was saved with ${sentence}`) as string]);
    expect(readFileSync(state, 'utf8')).toBe(before);
  });

  it('refuses what is no state, one that was changed, and times that go back from run to run', async () => {
    const input = file('a.csv', HEADER + rows().slice(0, 24).join(''));
    const state = join(folder(), 'state.json');
    await hindcast(['detect', input, '--mean', '0', '--sd', '1', '--arl0', '50', '--state', state]);
    expect((await hindcast(['detect', input, '--state', state])).err).toContain('a.csv: line 2: time goes back within a stream');
    const text = readFileSync(state, 'utf8');
    const changed = file('changed.json', text.replaceAll('"threshold":{"down":', '"threshold":{"down":1'));
    writeFileSync(changed, text.replace(/("snapshot":\{"kind":"cusum","params":\{.*?"down":)/, '$11'));
    expect((await hindcast(['detect', input, '--state', changed])).err).toContain('snapshot of cusum');
    for (const [bad, sentence] of [['{}', 'schema must be hindcast.detect-state.v1, got null'], ['[1]', 'expected an object'], ['{', 'byte 1'], [text.replace('"observations":', '"observation":'), 'observations is not as expected'], [text.replace('"design":0', '"design":7'), 'names none of the designs']] as const) {
      const session = await hindcast(['detect', input, '--state', file('bad.json', bad)]);
      expect([session.code, session.out]).toEqual([2, '']);
      expect(session.err).toContain(sentence);
    }
  });

  it('saves nothing where the input cannot be read', async () => {
    const state = join(folder(), 'state.json');
    const { code } = await hindcast(['detect', file('a.csv', `${HEADER}1,a,1\n2,a,x\n`), '--mean', '0', '--sd', '1', '--state', state]);
    expect([code, existsSync(state)]).toEqual([2, false]);
  });
});

describe('hindcast detect -', () => {
  const known = ['--mean', '0', '--sd', '1', '--arl0', '50'];

  it('reads the standard input as it comes, and finds what it finds in a file', async () => {
    const text = HEADER + rows().join('');
    const live = await hindcast(['detect', '-', ...known, '--json'], { stdin: text.match(/[^]{1,11}/g) ?? [] });
    const whole = await hindcast(['detect', file('a.csv', text), ...known, '--json']);
    const of = (out: string): unknown => ({ ...(JSON.parse(out) as object), file: '' });
    expect(of(live.out)).toEqual(of(whole.out));
    expect(live.code).toBe(1);
  });

  it('prints the promise first, alarms as they come and the summary last', async () => {
    const { out } = await hindcast(['detect', '-', ...known], { stdin: [HEADER, ...rows()] });
    const [promise, alarm, verdict] = [out.indexOf('watching a: CUSUM'), out.indexOf('ALARM'), out.search(/\d+ alarms? in 2 of 2/)];
    expect(promise).toBe(0);
    expect(alarm).toBeGreaterThan(promise);
    expect(verdict).toBeGreaterThan(out.lastIndexOf('ALARM'));
  });

  it('ends its JSON with what went wrong', async () => {
    const { code, out, err } = await hindcast(['detect', '-', ...known, '--json'], { stdin: [HEADER, '1,a,1\n', '2,a,x\n'] });
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ alarms: [], error: { code: 'WRONG_TYPE', message: '-: line 3: value must be a finite number, got "x"' } });
    expect(err).toContain('line 3');
  });

  it('refuses --sort and a baseline from the standard input', async () => {
    expect((await hindcast(['detect', '-', '--sort', ...known])).code).toBe(3);
    expect((await hindcast(['detect', '-', '--baseline', '-'])).code).toBe(3);
  });
});
