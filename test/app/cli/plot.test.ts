import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultsOf } from '../../plot/svg.js';
import { file, folder, hindcast } from './session.js';

const DATA = 'datasets/npm';
const INCIDENT = `${DATA}/npm-incident.ledger.json`;

test('a picture whose kind is not known is bad usage, and nothing is written', async () => {
  for (const name of ['out.gif', 'out', '.svg', 'out.svg.txt', '']) {
    const { code, out, err } = await hindcast(['replay', INCIDENT, '--plot', name]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('--plot');
  }
});

test('one figure takes the name given, several are numbered', async () => {
  const home = folder();
  const replay = await hindcast(['replay', INCIDENT, '--plot', join(home, 'timeline.svg')]);
  expect(replay.code).toBe(0);
  expect(replay.err).toContain('drawn: ');
  const svg = readFileSync(join(home, 'timeline.svg'), 'utf8');
  expect(faultsOf(svg.trimEnd())).toEqual([]);
  expect(svg).toContain('Decisions of npm-incident.ledger.json');
  expect(svg).toContain('245 decisions');
  const base = join(home, 'base.json');
  await hindcast(['baseline', `${DATA}/npm-approved.ledger.json`, '--json', '-o', base, '--plot', join(home, 'base.SVG')]);
  expect((await hindcast(['drift', base, INCIDENT, '--plot', join(home, 'drift.svg')])).code).toBe(1);
  expect(readdirSync(home).sort()).toEqual(['base-1.SVG', 'base-2.SVG', 'base-3.SVG', 'base.json', 'drift-1.svg', 'drift-2.svg', 'timeline.svg']);
});

test('the answer is the same with a picture and without', async () => {
  for (const argv of [['segment', INCIDENT], ['detect', INCIDENT, '--stream', 'score', '--approved', '100', '--sort', '--detector', 'e-sr', '--json'], ['replay', INCIDENT, '--json'], ['calibrate', INCIDENT, '--labels', `${DATA}/npm-incident.labels.csv`, '--json']]) {
    const home = folder();
    const [plain, drawn] = [await hindcast(argv), await hindcast([...argv, '--plot', join(home, 'x.svg')])];
    expect([drawn.code, drawn.out]).toEqual([plain.code, plain.out]);
    expect(readdirSync(home).length).toBeGreaterThan(0);
  }
});

test('a PNG is a PNG, and a detector is drawn after what it learned from', async () => {
  const home = folder();
  await hindcast(['segment', INCIDENT, '--plot', join(home, 'regimes.png')]);
  expect([...readFileSync(join(home, 'regimes.png')).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  await hindcast(['detect', INCIDENT, '--stream', 'score', '--approved', '100', '--sort', '--detector', 'e-sr', '--plot', join(home, 'watch.svg')]);
  const svg = readFileSync(join(home, 'watch.svg'), 'utf8');
  for (const words of ['Shiryaev-Roberts e-detector of score, npm', 'n = 145 observations after 100 not watched', 'threshold']) expect(svg).toContain(words);
});

test('a figure of a detector with estimated parameters states what is promised, not the mean time at the estimates', async () => {
  const home = folder();
  await hindcast(['detect', INCIDENT, '--stream', 'score', '--approved', '100', '--sort', '--detector', 'e-sr', '--plot', join(home, 'x.svg')]);
  expect(readFileSync(join(home, 'x.svg'), 'utf8')).toContain('Promise: with probability at least 0.9 over baselines, mean time to a false alarm at least 1000 observations');
});

test.each([
  ['cusum', '--mean', '0.33', '--sd', '0.02'],
  ['glr', '--mean', '0.33', '--sd', '0.02'],
  ['self-starting'],
  ['e-sr', '--approved', '100'],
  ['e-cusum', '--approved', '100'],
  ['bocpd', '--approved', '100'],
  ['host', '--stream', 'interval'],
])('the detector %s has a figure', async (...detector) => {
  const home = folder();
  const { code, err } = await hindcast(['detect', INCIDENT, '--stream', 'score', '--sort', '--detector', ...detector, '--plot', join(home, 'x.svg')]);
  expect(code).toBeLessThanOrEqual(1);
  expect(err).toContain('drawn: ');
  const svg = readFileSync(join(home, 'x.svg'), 'utf8');
  expect(faultsOf(svg.trimEnd())).toEqual([]);
  expect(svg).toMatch(/Statistic [^.]+ runs from/);
});

test('calibrate draws curve, trade-off and cost of a threshold with a promise', async () => {
  const home = folder();
  const { code } = await hindcast(['calibrate', INCIDENT, '--labels', `${DATA}/npm-incident.labels.csv`, '--label-source', 'the attack itself', '--method', 'np', '--miss', '0.3', '--plot', join(home, 'np.svg')]);
  expect(code).toBe(0);
  expect(readFileSync(join(home, 'np-1.svg'), 'utf8')).toContain('promised: misses \u2264 30 %');
  expect(readdirSync(home)).toEqual(['np-1.svg', 'np-2.svg', 'np-3.svg']);
});

test('a picture is never written over what is read, nor over the answer', async () => {
  const copy = file('x.svg', readFileSync(INCIDENT, 'utf8'));
  expect((await hindcast(['replay', copy, '--plot', copy])).code).toBe(3);
  expect(readFileSync(copy, 'utf8')).toBe(readFileSync(INCIDENT, 'utf8'));
  const out = join(folder(), 'y.svg');
  expect((await hindcast(['replay', INCIDENT, '--plot', out, '-o', out])).code).toBe(3);
  expect(existsSync(out)).toBe(false);
});

test('a command that fails draws nothing, and what has no figure says so', async () => {
  const home = folder();
  expect((await hindcast(['replay', file('bad.json', '{'), '--plot', join(home, 'x.svg')])).code).toBe(2);
  expect((await hindcast(['replay', INCIDENT, '--format', 'pi', '--plot', join(home, 'x.svg')])).code).toBe(3);
  const few = await hindcast(['segment', file('few.csv', 'value\n1\n2\n'), '--plot', join(home, 'x.svg')]);
  expect(few.err).toContain('there is no figure');
  expect(readdirSync(home)).toEqual([]);
});

test('of what is called, segment draws the chance of a change at each call', async () => {
  const home = folder();
  const argv = ['segment', INCIDENT, '--stream', 'capability', '--json'];
  const [plain, drawn] = [await hindcast(argv), await hindcast([...argv, '--plot', join(home, 'calls.svg')])];
  expect([drawn.code, drawn.out]).toEqual([plain.code, plain.out]);
  const svg = readFileSync(join(home, 'calls.svg'), 'utf8');
  expect(faultsOf(svg.trimEnd())).toEqual([]);
  const report = JSON.parse(plain.out) as { readonly files: readonly { readonly streams: readonly { readonly changes: readonly { readonly index: number }[] }[] }[] };
  const changes = report.files[0]?.streams[0]?.changes.map(({ index }) => String(index)) ?? [];
  expect(changes).toHaveLength(4);
  for (const words of ['Chance that the capability called changed, npm', 'n = 245 calls; 4 changes', ...changes.map((index) => `${index} (between `)]) expect(svg).toContain(words);
  const pelt = await hindcast([...argv, '--method', 'pelt', '--plot', join(home, 'none.svg')]);
  expect(pelt.err).toContain('PELT alone gives none');
  expect(readdirSync(home)).toEqual(['calls.svg']);
});

test('envelope check draws coverage with the p-values it found', async () => {
  const home = folder();
  const envelope = join(home, 'envelope.json');
  await hindcast(['envelope', 'fit', `${DATA}/npm-approved.ledger.json`, '--stream', 'score', '-o', envelope]);
  const { code, err, out } = await hindcast(['envelope', 'check', INCIDENT, '--envelope', envelope, '--json', '--plot', join(home, 'coverage.svg')]);
  expect(code).toBe(0);
  expect(err).toContain('drawn: ');
  const svg = readFileSync(join(home, 'coverage.svg'), 'utf8');
  expect(faultsOf(svg.trimEnd())).toEqual([]);
  const { groups } = JSON.parse(out) as { readonly groups: readonly { readonly key: string; readonly status: string; readonly n: number; readonly outside: number; readonly adjusted: number }[] };
  const judged = groups.filter(({ status }) => status === 'judged');
  expect(judged.map(({ key }) => key)).toEqual(['read', 'write']);
  for (const { key, n, outside, adjusted } of judged) {
    expect(svg).toContain(`${key}, n = ${String(n)}: promised 95`);
    expect(svg).toContain(`seen ${String(Number(((100 * (n - outside)) / n).toPrecision(4)))} %`);
    expect(svg).toContain(`p ${String(Number(adjusted.toPrecision(2)))}.`);
  }
  expect((await hindcast(['envelope', 'check', INCIDENT, '--envelope', envelope, '--plot', envelope])).code).toBe(3);
  const failures = join(home, 'failures.json');
  await hindcast(['envelope', 'fit', `${DATA}/npm-approved.ledger.json`, '--stream', 'error', '-o', failures]);
  const none = await hindcast(['envelope', 'check', INCIDENT, '--envelope', failures, '--plot', join(home, 'none.svg')]);
  expect(none.err).toContain('this envelope is of failure rates');
  expect(existsSync(join(home, 'none.svg'))).toBe(false);
});
