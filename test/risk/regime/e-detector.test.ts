import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designEDetector, eDetector, eProcess, InputError, random, scan, type EAlarm, type EDetectorParams, type EValueFamily, type Random } from '../../../src/index.js';
import { fastExp } from '../../../src/stats/fast-exp.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const families: readonly (readonly [EValueFamily, fc.Arbitrary<number>])[] = [
  [{ kind: 'gaussian', mean: 3, sd: 2, shifts: [0.5, 1, -2] }, fc.double({ min: -20, max: 20, noNaN: true })],
  [{ kind: 'exponential', mean: 10, rateRatios: [0.5, 2] }, fc.double({ min: 0, max: 200, noNaN: true })],
  [{ kind: 'bernoulli', p0: 0.1, alternatives: [0.05, 0.3, 0.9] }, fc.constantFrom(0, 0, 0, 1)],
  [{ kind: 'poisson', mean: 2, rateRatios: [0.25, 1.5, 3] }, fc.nat(20)],
  [{ kind: 'bounded', mean: 0.25, bets: [0.5, 3, -1] }, fc.double({ min: 0, max: 1, noNaN: true })],
];

for (const [family, observations] of families) {
  detectorLaws(eDetector({ family, alpha: 0.01 }), observations, 500);
  detectorLaws(eDetector({ family, alpha: 0.2, form: 'cusum', afterAlarm: 'latch' }), observations, 500);
}
detectorLaws(eDetector({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [1, -1] }, alpha: 1e-9 }), fc.double({ noNaN: true, noDefaultInfinity: true }), 500);

describe('the bulk form', () => {
  it.each(families)('equals the streaming form exactly, cut anywhere: %o', (family, observations) => {
    const forms: Pick<EDetectorParams, 'form' | 'afterAlarm'>[] = [{}, { form: 'cusum' }, { afterAlarm: 'latch' }];
    fc.assert(
      fc.property(fc.array(observations, { maxLength: 150 }), fc.nat(150), fc.constantFrom(...forms), (xs, cut, form) => {
        const detector = eDetector({ family, alpha: 0.05, ...form });
        const steps = [...scan(detector, xs)];
        const first = detector.bulk(Float64Array.from(xs.slice(0, cut)));
        const rest = detector.bulk(Float64Array.from(xs.slice(cut)), first.state);
        expect(rest.state).toEqual(steps.at(-1)?.state.state ?? detector.init());
        const raised = steps.flatMap(({ out }, i) => (out.alarm?.index === i ? [out.alarm] : []));
        expect([...first.alarms, ...rest.alarms]).toEqual(raised);
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });
});

/** Likelihood ratios written out, and sums and maxima over every start. */
function naive(e: (x: number, j: number) => number, count: number, xs: readonly number[]): { logs: number[]; leader: number; start: number } {
  const per = Array.from({ length: count }, (_, j) => {
    const products = xs.map((_x, k) => xs.slice(k).reduce((product, x) => product * e(x, j), 1));
    const best = Math.max(...products);
    return { sum: products.reduce((a, b) => a + b, 0), start: products.lastIndexOf(best) };
  });
  const sums = per.map(({ sum }) => sum);
  const leader = sums.indexOf(Math.max(...sums));
  return { logs: [Math.log(sums.reduce((a, b) => a + b, 0) / count)], leader, start: per[leader]?.start ?? -1 };
}

const normal = (x: number, mean: number, sd: number): number => Math.exp(-(((x - mean) / sd) ** 2) / 2);
const ratios: readonly ((x: number, j: number) => number)[] = [
  (x, j) => normal(x, 3 + 2 * ([0.5, 1, -2][j] ?? NaN), 2) / normal(x, 3, 2),
  (x, j) => { const r = [0.5, 2][j] ?? NaN; return (r * Math.exp((-r * x) / 10)) / Math.exp(-x / 10); },
  (x, j) => { const p = [0.05, 0.3, 0.9][j] ?? NaN; return x === 1 ? p / 0.1 : (1 - p) / 0.9; },
  (x, j) => { const r = [0.25, 1.5, 3][j] ?? NaN; return r ** x * Math.exp(2 - 2 * r); },
  (x, j) => 1 + ([0.5, 3, -1][j] ?? NaN) * (x - 0.25),
];

describe('the statistic', () => {
  it.each(families.map(([family, observations], i) => [family, observations, ratios[i]] as const))('is the average of sums over all starts: %o', (family, observations, e) => {
    const detector = eDetector({ family, alpha: 1e-200 });
    const count = detector.init().statistics.length;
    fc.assert(
      fc.property(fc.array(observations, { minLength: 1, maxLength: 30 }), (xs) => {
        const out = [...scan(detector, xs)].at(-1)?.out.logStatistic;
        expect([out]).toEqual([expect.closeTo(naive(e ?? (() => NaN), count, xs).logs[0] ?? NaN, 9)]);
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });

  it('names the leading alternative and its likeliest start', () => {
    const source = random(4);
    for (let run = 0; run < 30; run += 1) {
      const xs = Array.from({ length: 200 }, (_, i) => source.normal() + (i >= 60 ? (run % 2 === 0 ? 1.2 : -2.2) : 0));
      const detector = eDetector({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [1, -2] }, alpha: 1e-4, afterAlarm: 'latch' });
      const [alarm] = detector.bulk(Float64Array.from(xs)).alarms as [EAlarm];
      const shifts = [1, -2];
      const expected = naive((x, j) => Math.exp((shifts[j] ?? 0) * x - (shifts[j] ?? 0) ** 2 / 2), 2, xs.slice(0, alarm.index + 1));
      expect([alarm.alternative, alarm.changeIndex]).toEqual([expected.leader, expected.start]);
      expect(Math.exp(alarm.logStatistic)).toBeGreaterThanOrEqual(1e4);
    }
  });

  it.each([...referenceCases('sequences', 'bernoulliSequential'), ...referenceCases('sequences', 'exponentialSequential')])('equals reference $id', ({ id, fn, input, expected, tol }) => {
    const { p0, p1, mean0, rateRatio, x } = input as { p0: number; p1: number; mean0: number; rateRatio: number; x: number[] };
    const family: EValueFamily = fn === 'bernoulliSequential' ? { kind: 'bernoulli', p0, alternatives: [p1] } : { kind: 'exponential', mean: mean0, rateRatios: [rateRatio] };
    const run = (form: 'sr' | 'cusum') => [...scan(eDetector({ family, alpha: 1e-100, form }), x)];
    const logs = {
      llrCusum: run('sr').map(({ state }) => Math.log(state.state.peaks[0] ?? NaN)),
      logShiryaevRoberts: run('sr').map(({ out }) => out.logStatistic),
      logECusum: run('cusum').map(({ out }) => out.logStatistic),
      logEProcess: [...scan(eProcess({ family, alpha: 0.05 }), x)].map(({ out }) => out.logEValue),
    };
    const got = Object.fromEntries(Object.entries(logs).filter(([name]) => name in (expected as object)));
    expectClose(got, expected, tol, id);
  });
});

/** Mean and standard error of at least `alarms` run lengths of the detector on a clean stream. */
function runLengths(params: EDetectorParams, draw: (source: Random) => number, alarms: number): { mean: number; se: number } {
  const source = random(20260101);
  const detector = eDetector(params);
  const lengths: number[] = [];
  let state = detector.init();
  let last = -1;
  while (lengths.length < alarms) {
    const done = detector.bulk(Float64Array.from({ length: 20_000 }, () => draw(source)), state);
    state = done.state;
    for (const { index } of done.alarms) {
      lengths.push(index - last);
      last = index;
    }
  }
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const variance = lengths.reduce((a, b) => a + (b - mean) ** 2, 0) / (lengths.length - 1);
  return { mean, se: Math.sqrt(variance / lengths.length) };
}

describe('the promise', () => {
  it.each(referenceCases('monte_carlo', 'eDetectorArl'))('is kept: $id $input', ({ input, expected }) => {
    const { kind, model, p0, p1, rateRatio, threshold } = input as { kind: string; model: string; p0: number; p1: number; rateRatio: number; threshold: number };
    const reference = expected as { arl: number; se: number; guarantee: number };
    const family: EValueFamily = model === 'bernoulli' ? { kind: 'bernoulli', p0, alternatives: [p1] } : { kind: 'exponential', mean: 1, rateRatios: [rateRatio] };
    const draw = model === 'bernoulli' ? (source: Random) => (source.uniform() < p0 ? 1 : 0) : (source: Random) => source.exponential();
    const { mean, se } = runLengths({ family, alpha: 1 / threshold, form: kind === 'eSr' ? 'sr' : 'cusum' }, draw, 1000);
    expect(Math.abs(mean - reference.arl)).toBeLessThanOrEqual(4 * Math.hypot(se, reference.se));
    expect(reference.arl).toBeGreaterThanOrEqual(reference.guarantee);
    expect(mean).toBeGreaterThanOrEqual(reference.guarantee);
  });

  it.each([
    [{ kind: 'gaussian', mean: 0, sd: 1, shifts: [0.5, 1, 2] }, (source: Random) => source.normal()],
    [{ kind: 'bounded', mean: 0.3, bets: [0.5, 2] }, (source: Random) => source.uniform() ** 2 * 0.9],
  ] as const)('holds for a mixture: %o', (family, draw) => {
    const { mean, se } = runLengths({ family, alpha: 0.01 }, draw, 1000);
    expect(mean + 3 * se).toBeGreaterThanOrEqual(100);
  });

  it('bounds the chance of an alarm within N observations', () => {
    const { alpha, alarmWithin } = designEDetector({ within: 200, probability: 0.2 });
    const detector = eDetector({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [1] }, alpha });
    const source = random(20260101);
    let alarmed = 0;
    for (let run = 0; run < 2000; run += 1) alarmed += detector.bulk(Float64Array.from({ length: 200 }, source.normal)).alarms.length > 0 ? 1 : 0;
    expect(alarmWithin).toEqual({ n: 200, atMost: 0.2 });
    expect(alarmed / 2000).toBeLessThanOrEqual(0.2 + 3 * Math.sqrt((0.2 * 0.8) / 2000));
    expect(alarmed).toBeGreaterThan(0);
  });
});

describe('bad input', () => {
  const gaussian = { kind: 'gaussian', mean: 0, sd: 1, shifts: [1] } as const;
  it.each([
    ['a scale of 0', { family: { ...gaussian, sd: 0 }, alpha: 0.01 }, 'sd must be finite and > 0, got 0'],
    ['a mean that is no number', { family: { ...gaussian, mean: NaN }, alpha: 0.01 }, 'mean must be finite'],
    ['no alternative', { family: { ...gaussian, shifts: [] }, alpha: 0.01 }, 'shifts must hold 1 to 1000 alternatives, got 0'],
    ['an alternative that is no change', { family: { kind: 'poisson', mean: 1, rateRatios: [2, 1] }, alpha: 0.01 }, 'rateRatios[1] must differ from 1'],
    ['a bet that can lose everything', { family: { kind: 'bounded', mean: 0.5, bets: [2] }, alpha: 0.01 }, 'bets[0] must be in (-2, 2), got 2'],
    ['alpha 0', { family: gaussian, alpha: 0 }, 'alpha must be in (0, 1), got 0'],
    ['an alpha beyond doubles', { family: gaussian, alpha: 1e-320 }, 'its inverse is no double'],
    ['an alternative beyond doubles', { family: { ...gaussian, shifts: [1e200] }, alpha: 0.1 }, 'must be finite'],
  ] as const)('is refused: %s', (_name, params, message) => {
    expect(() => eDetector(params)).toThrow(InputError);
    expect(() => eDetector(params)).toThrow(message);
  });

  it('is refused with its place in the stream', () => {
    const detector = eDetector({ family: gaussian, alpha: 0.01 });
    expect(() => detector.bulk(Float64Array.of(1, NaN))).toThrow('observation 1 must be finite, got NaN');
    const { state } = detector.bulk(Float64Array.of(1, 2));
    expect(() => detector.step(state, Infinity)).toThrow('observation 2 must be finite, got Infinity');
    for (const x of [null, true, '3']) expect(() => detector.step(state, x as unknown as number)).toThrow('observation 2 must be finite, got NaN');
    const counts = eDetector({ family: { kind: 'poisson', mean: 1, rateRatios: [2] }, alpha: 0.01 });
    expect(() => counts.bulk(Float64Array.of(1, 2.5))).toThrow('observation 1 must be a count');
  });

  it.each([{ arl0: 1 }, { arl0: NaN }, { arl0: Infinity }, { within: 0, probability: 0.1 }, { within: 100, probability: 0 }, { within: 100, probability: NaN }])(
    'refuses the impossible target %o',
    (target) => {
      expect(() => designEDetector(target)).toThrow(InputError);
    },
  );
});

describe('the fast exponential', () => {
  it('is within 5e-16 of the exponential', () => {
    const source = random(1);
    for (let i = 0; i < 20_000; i += 1) {
      const x = (source.uniform() - 0.5) * 1416;
      expect(Math.abs(fastExp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(5e-16);
    }
    expect([fastExp(0), fastExp(709), fastExp(-709), fastExp(Infinity), fastExp(-Infinity)]).toEqual([1, Infinity, 0, Infinity, 0]);
  });
});
