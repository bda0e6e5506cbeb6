import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { designCusum } from '../../../src/risk/regime/cusum-design.js';
import { cusum } from '../../../src/risk/regime/cusum.js';
import { eDetector } from '../../../src/risk/regime/e-detector.js';
import { designFocus } from '../../../src/risk/regime/focus-design.js';
import { focus } from '../../../src/risk/regime/focus.js';
import { piRegime, PI_REGIME_TIERS } from '../../../src/risk/pi/regime.js';
import { selfStartingCusum } from '../../../src/risk/regime/self-starting.js';
import { bocpd } from '../../../src/risk/regime/bocpd.js';
import { conjugateDefault } from '../../../src/risk/regime/conjugate-default.js';
import { designCusumFromBaseline } from '../../../src/risk/regime/baseline-cusum.js';
import { scan } from '../../../src/detector.js';
import { random } from '../../../src/stats/random.js';
import { file, folder, hindcast, type Session } from './session.js';

const INCIDENT = 'datasets/npm/npm-incident.ledger.json';
const CALLS = 'datasets/npm/npm-incident.calls.jsonl';
const APPROVED = 'datasets/npm/npm-approved.calls.jsonl';

interface Alarm {
  readonly stream: { readonly actor: string | null; readonly capability: string | null };
  readonly observation: number;
  readonly entry: number;
  readonly time: number | string | null;
  readonly side: string | null;
  readonly statistic: number | null;
  readonly threshold: number;
  readonly change: { readonly observation: number; readonly entry: number; readonly time: number | string | null } | null;
  readonly delay: { readonly observations: number; readonly time: number | null } | null;
  readonly reason: string;
}

interface Report {
  readonly schema: string;
  readonly alarms: readonly Alarm[];
  readonly settings: Record<string, unknown>;
  readonly records: number;
  readonly designs: readonly { readonly spec: { readonly params: Record<string, unknown> }; readonly approvedMean: number | null; readonly promise: { readonly guarantee: string | null; readonly origin: string; readonly m: number | null; readonly threshold: { readonly value: number; readonly how: string }; readonly notes: readonly string[] } }[];
  readonly streams: readonly { readonly observations: number; readonly alarms: number; readonly design: number | null; readonly notes: readonly string[]; readonly nullScores: number }[];
  readonly notWatched: readonly { readonly code: string; readonly reason: string; readonly n: number; readonly needed: number | null }[];
}

async function report(...argv: string[]): Promise<Report & { readonly code: number }> {
  const { code, out, err } = await hindcast(['detect', ...argv, '--json']);
  expect(err).toBe('');
  return { ...(JSON.parse(out) as Report), code };
}

/** A seeded series whose law changes at observation 150 of 200. */
function series(draw: (source: ReturnType<typeof random>, changed: boolean) => number, n = 200): number[] {
  const source = random(20260101);
  return Array.from({ length: n }, (_, i) => draw(source, i >= 150));
}

const GAUSSIAN = series((source, changed) => 10 + 2 * source.normal() + (changed ? 4 : 0));
const WAITS = series((source, changed) => source.exponential() * (changed ? 20 : 100));
const FAILURES = series((source, changed) => Number(source.uniform() < (changed ? 0.6 : 0.1)));

const csv = (values: readonly number[]): string => file('series.csv', `time,value\n${values.map((x, i) => `${String(10 * i)},${String(x)}`).join('\n')}\n`);

/** Calls whose intervals are the values. */
function callsOf(values: readonly number[]): string {
  let time = 0;
  return file('calls.jsonl', [0, ...values].map((x) => `{"time":${String((time += x))},"extension_id":"a"}\n`).join(''));
}

const found = (alarms: readonly Alarm[]): unknown[] => alarms.map(({ observation, change }) => [observation, change?.observation ?? null]);

describe('hindcast detect', () => {
  it('raises the alarms of the library\'s CUSUM with the design of known parameters', async () => {
    const { threshold, arl0 } = designCusum({ family: { kind: 'gaussian', mean: 10, sd: 2, shift: 1 }, target: { arl0: 500 } });
    const outs = [...scan(cusum({ family: { kind: 'gaussian', mean: 10, sd: 2, shift: 1 }, threshold }), GAUSSIAN)].flatMap(({ out }) => out.alarm ?? []);
    const { code, alarms, designs, schema } = await report(csv(GAUSSIAN), '--mean', '10', '--sd', '2', '--arl0', '500');
    expect(outs.length).toBeGreaterThan(1);
    expect({ code, schema }).toEqual({ code: 1, schema: 'hindcast.detect.v1' });
    expect(found(alarms)).toEqual(outs.map(({ index, changeIndex }) => [index, changeIndex]));
    expect(alarms.map(({ side }) => side)).toEqual(outs.map(({ side }) => side));
    expect(designs[0]?.promise.threshold.value).toBe(threshold.up);
    expect(designs[0]?.promise.guarantee).toContain(String(Math.round(arl0)));
    const [first] = alarms;
    expect(first?.delay).toEqual({ observations: (first?.observation ?? 0) - (first?.change?.observation ?? 0) + 1, time: 10 * ((first?.observation ?? 0) - (first?.change?.observation ?? 0)) });
    expect(first?.reason).toMatch(/^values are higher: \d+ values of mean 1\d\.\d+, approved 10$/);
  });

  it('designs from an approved prefix, which it does not judge', async () => {
    const found150 = designCusumFromBaseline(WAITS.slice(0, 150), { kind: 'exponential', sides: 'up', target: { arl0: 1000 } });
    if (found150.refused) throw new Error(found150.reason);
    const outs = [...scan(cusum({ family: found150.family, sides: 'up', threshold: found150.threshold }), WAITS.slice(150))].flatMap(({ out }) => out.alarm ?? []);
    // Times are sums of the waits, so that the intervals are the waits but for rounding.
    const { alarms, designs, streams } = await report(callsOf(WAITS), '--approved', '150', '--sides', 'up');
    expect(outs.length).toBeGreaterThan(0);
    expect(found(alarms)).toEqual(outs.map(({ index, changeIndex }) => [index + 150, changeIndex + 150]));
    expect(designs[0]?.promise).toMatchObject({ m: 150, origin: 'the first 150 observations of a' });
    expect(streams[0]?.observations).toBe(200);
    expect(alarms[0]?.reason).toContain('calls are more frequent');
  });

  it('raises the alarms of every other detector of the library', async () => {
    const values = csv(GAUSSIAN);
    const gaussian = { kind: 'gaussian', mean: 10, sd: 2 } as const;
    const { threshold } = designCusum({ family: { ...gaussian, mean: 0, sd: 1, shift: 1 }, target: { arl0: 1000 } });
    const selfStarting = [...scan(selfStartingCusum({ shift: 1, threshold: threshold.up }), GAUSSIAN)].flatMap(({ out }) => out.alarm ?? []);
    expect(found((await report(values)).alarms)).toEqual(selfStarting.map(({ index, changeIndex }) => [index, changeIndex]));
    for (const [name, form] of [['e-sr', 'sr'], ['e-cusum', 'cusum']] as const) {
      const { alarms } = eDetector({ family: { ...gaussian, shifts: [0.5, 1, 2, -0.5, -1, -2] }, alpha: 0.001, form }).bulk(Float64Array.from(GAUSSIAN));
      expect(alarms.length).toBeGreaterThan(0);
      expect(found((await report(values, '--detector', name, '--mean', '10', '--sd', '2')).alarms)).toEqual(alarms.map(({ index, changeIndex }) => [index, changeIndex]));
    }
    const design = designFocus({ family: { ...gaussian, mean: 0, sd: 1 }, target: { arl0: 200 }, seed: 7 });
    const glr = focus({ family: gaussian, threshold: design.threshold }).bulk(Float64Array.from(GAUSSIAN)).alarms;
    const reported = await report(values, '--detector', 'glr', '--mean', '10', '--sd', '2', '--arl0', '200', '--seed', '7');
    expect(found(reported.alarms)).toEqual(glr.map(({ index, changeIndex }) => [index, changeIndex]));
    expect(reported.designs[0]?.promise.threshold.how).toBe('simulated: 1000 streams from seed 7');
    const model = conjugateDefault('normal-inverse-gamma', GAUSSIAN.slice(0, 50));
    if ('what' in model) throw new Error(model.reason);
    const watch = bocpd({ model, hazard: { type: 'constant', lambda: 1000 }, alarm: { window: 30, above: 0.5, then: 'restart' } });
    const bayesian = [...scan(watch, GAUSSIAN.slice(50))].flatMap(({ out }, i) => (out.alarm ? [[i + 50, i + 51 - Math.max(out.recentRunLength, 1)]] : []));
    const { alarms, designs } = await report(values, '--detector', 'bocpd', '--approved', '50');
    expect(found(alarms)).toEqual(bayesian);
    expect(designs[0]?.promise.guarantee).toBeNull();
  });

  it('runs the host\'s own detector, which promises nothing', async () => {
    const times = readFileSync(CALLS, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { ts_ms: number }).ts_ms);
    const intervals = times.slice(1).map((t, i) => t - (times[i] ?? NaN));
    const outs = [...scan(piRegime(PI_REGIME_TIERS.strict), intervals)].flatMap(({ out }, i) => (out.cusumAlarm || out.bocpdAlarm ? [i] : []));
    const { alarms, designs } = await report(CALLS, '--detector', 'host', '--tier', 'strict');
    expect(alarms.map(({ observation }) => observation)).toEqual(outs);
    expect(designs[0]?.promise.guarantee).toBeNull();
    expect((await hindcast(['detect', CALLS, '--detector', 'host'])).out).toContain('none: its false alarms are not bounded by anything');
  });

  it('finds the hostile calls of the incident by their failures', async () => {
    const argv = [INCIDENT, '--stream', 'error', '--by', 'capability', '--p0', '0.02', '--detector', 'e-sr'];
    const { code, alarms, streams } = await report(...argv);
    expect(code).toBe(1);
    expect(streams).toHaveLength(4);
    expect(alarms.map(({ stream, reason }) => [stream.capability, reason.split(':')[0]])).toEqual([['read', 'failures are more frequent']]);
    const { out } = await hindcast(['detect', ...argv]);
    expect(out.split('\n')[0]).toBe(`1 alarm in 1 of 4 watched streams  ${INCIDENT}`);
    expect(out).toContain('each of the 4 streams is watched on its own');
  });

  it('takes a ledger or series, or a fitted baseline, for what is normal', async () => {
    const { designs, alarms } = await report(CALLS, '--baseline', APPROVED, '--sides', 'up');
    expect(designs[0]?.promise.origin).toBe(`728 approved observations of npm in ${APPROVED}`);
    expect(designs[0]?.promise.notes.join(' ')).toMatch(/vary more than exponential.*hang together.*whole numbers and short/);
    expect(alarms.map(({ reason }) => reason).every((reason) => reason.startsWith('calls are more frequent'))).toBe(true);
    const base = join(folder(), 'base.json');
    await hindcast(['baseline', 'datasets/npm/npm-approved.ledger.json', '--json', '--out', base]);
    expect((await hindcast(['detect', INCIDENT, '--baseline', base, '--stream', 'score'])).err).toContain('the baseline keeps a part of the scores of read: give the approved ledger itself');
    const [ledger, several] = [join(folder(), 'l.json'), join(folder(), 'several.json')];
    await hindcast(['generate', '--entries', '300', '--seed', '1', '--out', ledger]);
    await hindcast(['baseline', ledger, '--json', '--out', several]);
    const argv = [ledger, '--stream', 'score', '--detector', 'e-sr', '--baseline'];
    const [fitted, own] = [await report(...argv, several), await report(...argv, ledger)];
    expect(fitted.designs.length).toBeGreaterThan(1);
    expect(fitted.designs.map(({ approvedMean }) => approvedMean?.toFixed(12)).sort()).toEqual(own.designs.map(({ approvedMean }) => approvedMean?.toFixed(12)).sort());
    expect((await hindcast(['detect', INCIDENT, '--baseline', base])).err).toContain('a baseline holds scores and outcomes, no intervals: give the approved ledger or calls themselves');
    const fewer = await report(INCIDENT, '--stream', 'error', '--sides', 'down', '--baseline', base);
    expect([fewer.code, fewer.notWatched[0]?.code]).toEqual([5, 'TOO_FEW']);
  });

  it('watches for failures where the approved calls hold none', async () => {
    const { alarms } = await report(CALLS, '--stream', 'error', '--by', 'capability', '--baseline', APPROVED);
    expect(alarms.map(({ stream, entry, reason }) => [stream.capability, entry, reason])).toEqual([214, 216].map((entry) => ['read', entry, 'failures are more frequent: 2 of 2 calls failed, approved at most 0.403 %, at least 250 times as often']));
  });

  it('learns until a time', async () => {
    const { designs, alarms } = await report(csv(GAUSSIAN), '--approved-until', '1490', '--detector', 'e-sr');
    expect(designs[0]?.promise.origin).toMatch(/^90 % confidence limit from the approved 150 observations/);
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.every(({ observation }) => observation >= 150)).toBe(true);
  });

  it('keeps what follows an alarm as asked', async () => {
    const known = ['--mean', '10', '--sd', '2', '--arl0', '500'];
    expect((await report(csv(GAUSSIAN), ...known, '--after-alarm', 'latch')).alarms).toHaveLength(1);
    const { designs } = await report(csv(GAUSSIAN), ...known, '--after-alarm', 'head-start');
    const { headStart, threshold } = designs[0]?.spec.params as Record<string, { up: number }>;
    expect(headStart?.up).toBeCloseTo((threshold?.up ?? 0) / 2, 9);
  });

  it('watches each family and target', async () => {
    const failures = csv(FAILURES);
    const chance = await report(failures, '--family', 'bernoulli', '--p0', '0.1', '--change', '0.3', '--alarm-within', '20:0.1');
    expect(chance.alarms.length).toBeGreaterThan(0);
    expect(chance.designs[0]?.promise.guarantee).toBe('chance of a false alarm within 20 observations at most 0.1');
    expect(chance.designs[0]?.spec.params['family']).toEqual({ kind: 'bernoulli', p0: 0.1, p1: 0.3, pDown: expect.closeTo(1 / 30, 12) as number });
    const counts = await report(csv(FAILURES.map((x) => 4 + 6 * x)), '--family', 'poisson', '--mean', '4', '--sides', 'up');
    expect(counts.alarms.length).toBeGreaterThan(0);
    const bounded = await report(failures, '--family', 'bounded', '--approved', '100', '--sides', 'up');
    expect(bounded.settings['detector']).toBe('e-sr');
    expect(bounded.alarms.length).toBeGreaterThan(0);
    const latency = await report(file('l.jsonl', GAUSSIAN.map((x) => `{"latency_ms":${String(Math.round(Math.exp(x)))}}\n`).join('')), '--stream', 'latency', '--mean', '10', '--sd', '2');
    expect(latency.alarms[0]?.reason).toContain('calls take longer');
  });

  it('says which streams are not watched, and what would be needed', async () => {
    const few = await report(csv(GAUSSIAN.slice(0, 40)), '--approved', '50');
    expect([few.code, few.notWatched[0]]).toEqual([5, { stream: { actor: null, capability: null }, code: 'STILL_LEARNING', reason: 'its approved prefix is not complete: 40 of 50 observations', n: 40, needed: 50 }]);
    const small = await report(callsOf(WAITS), '--approved', '4', '--sides', 'up');
    expect([small.code, small.notWatched[0]?.code, (small.notWatched[0]?.needed ?? 0) >= 5]).toEqual([5, 'TOO_FEW', true]);
    for (const detector of ['cusum', 'glr', 'bocpd', 'e-sr']) {
      const constant = await report(csv(Array<number>(50).fill(3)), '--approved', '20', '--detector', detector);
      expect([constant.code, constant.notWatched[0]?.code]).toEqual([5, 'CONSTANT_BASELINE']);
      expect(constant.notWatched[0]?.reason).toContain('all 20 are 3');
    }
    const other = await report(CALLS, '--baseline', callsOf(WAITS), '--time', 'time').catch((error: unknown) => error);
    expect(other).toBeInstanceOf(Error);
    const unknown = await report(CALLS, '--baseline', file('b.jsonl', WAITS.map((_, i) => `{"ts_ms":${String(i * i)},"extension_id":"other"}\n`).join('')), '--sides', 'up');
    expect([unknown.code, unknown.notWatched[0]?.code]).toEqual([5, 'NO_BASELINE']);
    const { code, out } = await hindcast(['detect', csv(GAUSSIAN.slice(0, 40)), '--approved', '50']);
    expect(code).toBe(5);
    expect(out).toContain('NOT WATCHED');
    expect((await report(csv([]))).code).toBe(5);
    for (const [values, code, reason] of [[[1, 2], 'TOO_FEW', 'at least 2 before it'], [[1, 1, 1, 1], 'CONSTANT_BASELINE', 'all 4 observations are equal']] as const) {
      const { notWatched, code: exit } = await report(csv(values));
      expect([exit, notWatched[0]?.code, notWatched[0]?.reason]).toEqual([5, code, expect.stringContaining(reason) as string]);
    }
    expect((await report(csv(GAUSSIAN.slice(0, 50)), '--approved', '50', '--detector', 'e-sr')).notWatched[0]?.reason).toBe('there is no observation to judge');
  });

  it('says so where times are too coarse for the law', async () => {
    const coarse = await report(CALLS, '--mean', '12', '--sides', 'up');
    expect(coarse.streams[0]?.notes[0]).toMatch(/^Waits are whole numbers and short \(mean 11\.7, 4 % of them 0\)/);
  });

  it.each([
    [[], 'needs to know what is normal'],
    [['--mean', '5', '--approved', '5'], 'in one way, got --approved and --mean, --sd, --p0'],
    [['--mean', '5', '--arl0', '100', '--alarm-within', '10:0.1'], 'two ways to say one thing'],
    [['--mean', '5', '--alarm-within', '10'], 'It must be N:p'],
    [['--mean', '5', '--alarm-within', '10:2'], 'p of --alarm-within must be in (0, 1), got 2'],
    [['--mean', '5', '--arl0', '1'], '--arl0 must be in (1, 1e8], got 1'],
    [['--mean', '5', '--sd', '1'], '--family exponential does not take --sd'],
    [['--mean', '-5'], 'mean must be finite and > 0, got -5'],
    [['--mean', '5', '--change', '1'], 'rateRatio must be finite and > 1'],
    [['--family', 'gaussian', '--mean', '5'], '--family gaussian needs --sd'],
    [['--approved', '0'], '--approved must be at least 1'],
    [['--approved', 'x'], 'whole number'],
    [['--approved-until', 'soon'], '--approved-until must be a number or an ISO 8601 time'],
    [['--approved', '9', '--level', '1.5'], 'level must be in'],
    [['--mean', '5', '--family', 'bounded', '--detector', 'cusum'], '--family bounded goes with'],
    [['--detector', 'self-starting', '--approved', '5'], 'leave the baseline out'],
    [['--detector', 'host', '--stream', 'error'], 'watches intervals alone'],
    [['--detector', 'glr', '--approved', '5', '--change', '2'], '--change goes with'],
    [['--detector', 'bocpd', '--approved', '20', '--arl0', '77'], 'do not go with --detector bocpd or host'],
    [['--mean', '5', '--sd', '1', '--seed', '3'], '--seed goes with --detector glr'],
    [['--mean', '5', '--sd', '1', '--level', '0.8'], '--level goes with'],
    [['--mean', '5', '--sd', '1', '--hazard', '80'], '--hazard goes with --detector bocpd'],
    [['--approved', '20', '--level', '1.5'], '--level must be in [0.5, 0.99], got 1.5'],
    [['--mean', '5', '--sd', '-1'], '--sd must be a positive number, got -1'],
    [['--detector', 'bocpd', '--mean', '5'], 'takes its prior from approved observations'],
    [['--detector', 'e-sr', '--approved', '5', '--sides', 'both'], 'watches one side'],
    [['--approved', '5', '--after-alarm', 'head-start'], '--after-alarm head-start goes with'],
    [['--mean', '5', '--tier', 'strict'], '--tier goes with --detector host'],
    [['--stream', 'latency', '--mean', '5', '--sd', '1', '--state', CALLS], 'it is not overwritten'],
    [['--stream', 'speed'], "Allowed choices are interval, latency"],
    [['--baseline', '/nowhere'], '/nowhere: there is no such file'],
  ])('takes %j for bad usage', async (options, sentence) => {
    const { code, out, err } = await hindcast(['detect', CALLS, ...options]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(sentence);
  });

  it.each([
    ['time,value\n1,1\n2,NaN\n', [], 'series.csv: line 3: value must be a finite number, got "NaN"'],
    ['time,value\n1,1\n0,1\n', [], 'series.csv: line 3: time goes back within a stream, from 1 to 0'],
    ['time,value\n1,1\n2,2\n', ['--family', 'bernoulli', '--p0', '0.1', '--detector', 'e-sr'], 'series.csv: line 3: value must be 0 or 1 for --family bernoulli, got 2'],
    ['time,value\n1,1\n2,1.5\n', ['--family', 'poisson', '--mean', '1', '--sides', 'up'], 'line 3: value must be a count'],
    ['time,value\n1,1\n2,1.5\n', ['--family', 'bounded', '--mean', '0.5'], 'line 3: value must be in [0, 1]'],
    ['ts_ms\n1\n1\n', ['--detector', 'glr', '--mean', '1', '--arl0', '10'], 'line 3: the interval must be above 0 for --detector glr'],
    ['latency_ms\n-1\n', ['--stream', 'latency'], 'line 2: latency must be >= 0, got -1'],
    ['time,value\n1,1e200\n', ['--mean', '1', '--sd', '1'], 'line 2: value must be within 1e150'],
    ['', [], 'series.csv: the file is empty'],
  ])('refuses %j with its place, code 2', async (text, options, sentence) => {
    const { code, out, err } = await hindcast(['detect', file('series.csv', text), ...options]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });

  it('refuses a ledger that does not verify with code 1, and says that a ledger has no latency', async () => {
    const broken = file('broken.json', readFileSync(INCIDENT, 'utf8').replace('"risk_score":0.35', '"risk_score":0.36'));
    expect(await hindcast(['detect', broken, '--mean', '5'])).toMatchObject({ code: 1, out: '' });
    expect((await hindcast(['detect', INCIDENT, '--stream', 'latency'])).err).toContain('a ledger holds no latency of calls');
  });

  it('refuses times that go back in a ledger, unless told to sort', async () => {
    const ledger = 'datasets/npm/npm-approved.ledger.json';
    const refused = await hindcast(['detect', ledger, '--mean', '5', '--sides', 'up']);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('entry 433: time goes back') as string]);
    expect((await report(ledger, '--mean', '5', '--sides', 'up', '--sort')).records).toBe(729);
  });

  it('prints pages that fit 80 columns, and lists of more than 20 alarms in JSON alone', async () => {
    const argv = [CALLS, '--detector', 'host'];
    const { out } = await hindcast(['detect', ...argv]);
    const { alarms } = await report(...argv);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(alarms.length).toBeGreaterThan(20);
    expect(out.split('  ALARM').length - 1).toBe(20);
    expect(out).toContain(`of npm (${String(alarms.length)} alarms) the first 20 are shown`);
  });

  it('writes to a file whole', async () => {
    const out = join(folder(), 'report.json');
    const session: Session = await hindcast(['detect', csv(GAUSSIAN), '--json', '--out', out]);
    expect(session.out).toBe('');
    expect((JSON.parse(readFileSync(out, 'utf8')) as Report).schema).toBe('hindcast.detect.v1');
    const missing = join(folder(), 'none.json');
    expect((await hindcast(['detect', csv([NaN]), '--json', '--out', missing])).code).toBe(2);
    expect(existsSync(missing)).toBe(false);
  });
});
