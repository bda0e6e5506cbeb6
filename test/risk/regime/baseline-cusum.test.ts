import { expect, test } from 'vitest';
import { cusum, describeCusum, designCusum, designCusumFromBaseline, random, runCusum, type BaselineCusum, type BaselineCusumParams, type Random } from '../../../src/index.js';
import { NEAR_ESTIMATES, sideLaws } from '../../../src/risk/regime/side-laws.js';
import { chanceWithin } from '../../../src/risk/regime/alarm-figure.js';
import { meanRunLength } from '../../../src/risk/regime/run-length.js';

const bernoulli = (source: Random, p: number): number => (source.uniform() < p ? 1 : 0);

function designed(xs: ArrayLike<number>, params: BaselineCusumParams): BaselineCusum {
  const design = designCusumFromBaseline(xs, params);
  if (design.refused) throw new Error(design.reason);
  return design;
}

/** A baseline with a given number of ones. */
const outcomes = (ones: number, m: number): Float64Array => Float64Array.from({ length: m }, (_, i) => (i < ones ? 1 : 0));

test('the threshold from a baseline lies above that for known parameters, and its price in delay is told', () => {
  const source = random(20260101);
  const xs = Array.from({ length: 200 }, () => 1000 + 200 * source.normal());
  const design = designed(xs, { kind: 'gaussian', target: { arl0: 1000 } });
  expect(design.threshold.up).toBeCloseTo(6.894, 2);
  expect(design.plainThreshold.up).toBeCloseTo(5.75735, 4);
  expect(design.delay).toBeGreaterThan(design.plainDelay);
  expect(design.conditional.lower).toBeLessThan(1000);
  expect(design.conditional.upper).toBeGreaterThan(1000);
  expect(design.known.arl0).toBeCloseTo(describeCusum({ family: design.family, threshold: design.threshold }).arl0, 6);
  expect(design.guarantee).toBe('with probability at least 0.9 over baselines of 200 observations, the mean time to a false alarm is at least 1000 observations');
});

test('a chance of a false alarm within so many observations is promised of Gaussian baselines too', () => {
  const target = { within: 200, probability: 0.1 };
  const { normal } = random(20260101);
  const draw = (): number[] => Array.from({ length: 200 }, normal);
  const { threshold: { up: h } } = designed(draw(), { kind: 'gaussian', sides: 'up', target });
  const laws = sideLaws({ kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, 'up');
  expect(chanceWithin(laws.at(h), 200)).toBeLessThan(0.1);
  const baselines = 300;
  let kept = 0;
  for (let i = 0; i < baselines; i += 1) {
    const sample = draw();
    const mean = sample.reduce((sum, x) => sum + x, 0) / 200;
    const sd = Math.sqrt(sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 199);
    // In units of the true sd: shift and threshold scale with the estimate.
    const own = sideLaws({ kind: 'gaussian', mean: 0, sd: 1, shift: sd }, 'up').at(h * sd, -mean);
    if (chanceWithin(own, 200) <= 0.1) kept += 1;
  }
  expect(Math.abs(kept / baselines - 0.9)).toBeLessThan(3 * Math.sqrt(0.09 / baselines));
});

test('a side of counts and outcomes keeps the target at the confidence limit of its baseline, and a lower threshold would not', () => {
  // Clopper-Pearson limits of 60 in 200 at 0.9: the chances with P(X <= 60) = 0.1 and P(X >= 60) = 0.1, by summing the binomial law.
  const cases = [
    { xs: outcomes(60, 200), kind: 'bernoulli', side: 'up', factor: 0.345407924750 / 0.3 },
    { xs: outcomes(60, 200), kind: 'bernoulli', side: 'down', factor: 0.257632368846 / 0.3 },
  ] as const;
  for (const { xs, kind, side, factor } of cases) {
    const design = designed(xs, { kind, sides: side, target: { arl0: 300 } });
    const { at, unit } = sideLaws(design.family, side, NEAR_ESTIMATES);
    const h = design.threshold[side];
    expect(meanRunLength(at(h, factor))).toBeGreaterThanOrEqual(300);
    expect(meanRunLength(sideLaws(design.family, side).at(h, factor))).toBeGreaterThan(300 * 0.999);
    expect(meanRunLength(at(h - (unit ?? NaN), factor))).toBeLessThan(300);
  }
});

test('two sides share the target and what the level leaves', () => {
  const { threshold, known, guarantee } = designed(Array.from({ length: 50 }, (_, i) => i % 9), { kind: 'poisson', target: { arl0: 300 } });
  expect(known.arl0).toBeGreaterThan(300);
  expect(threshold.up).toBeGreaterThan(known.threshold.up - 1e-9);
  expect(guarantee).toContain('at least 300 observations');
});

test('at the confidence limit itself streams alarm no sooner than promised', () => {
  const design = designed(outcomes(60, 200), { kind: 'bernoulli', sides: 'up', target: { within: 300, probability: 0.2 } });
  // The upper 90 % Clopper-Pearson limit of 60 in 200: P(X <= 60) = 0.1 there.
  const source = random(20260101);
  const watch = cusum({ family: design.family, sides: 'up', threshold: design.threshold });
  const streams = 1000;
  let alarmed = 0;
  for (let i = 0; i < streams; i += 1) if (runCusum(watch, Float64Array.from({ length: 300 }, () => bernoulli(source, 0.345408))).alarms.length > 0) alarmed += 1;
  expect(alarmed / streams).toBeGreaterThan(0.2 - 4 * Math.sqrt(0.16 / streams));
  expect(alarmed / streams).toBeLessThan(0.2 + 3 * Math.sqrt(0.16 / streams));
});

test('baselines that cannot carry a promise are refused with the number that would do', () => {
  const target = { arl0: 1000 };
  expect(designCusumFromBaseline([1, 2, 3], { kind: 'gaussian', sides: 'up', target })).toMatchObject({ refused: true, reason: 'a baseline needs at least 5 observations, got 3' });
  expect(designCusumFromBaseline(outcomes(0, 40), { kind: 'bernoulli', target })).toMatchObject({ refused: true, needed: 80 });
  expect(designCusumFromBaseline(outcomes(40, 40), { kind: 'bernoulli', sides: 'up', target })).toMatchObject({ refused: true, needed: 80 });
  const few = designCusumFromBaseline(outcomes(3, 6), { kind: 'bernoulli', sides: 'up', change: 1.3, target: { arl0: 300 } });
  if (!few.refused) throw new Error('six outcomes carried a promise');
  expect(few.reason).toContain('6 approved observations leave the bernoulli parameters so uncertain');
  expect(few.needed).toBeGreaterThan(6);
  expect(few.needed).toBeLessThan(1000);
});

test('baselines without a scale and parameters out of range are refused in words', () => {
  const target = { arl0: 1000 };
  expect(() => designCusumFromBaseline([7, 7, 7, 7, 7, 7], { kind: 'gaussian', target })).toThrow('the baseline must vary, got 6 values of 7');
  expect(() => designCusumFromBaseline([0, 0, 0, 0, 0], { kind: 'exponential', target })).toThrow('the baseline must hold a wait above 0, got 5 waits of 0');
  expect(() => designCusumFromBaseline([0, 1, 2, 0, 1], { kind: 'bernoulli', target })).toThrow('x must be 0 or 1');
  expect(() => designCusumFromBaseline([0, 1, NaN, 0, 1], { kind: 'gaussian', target })).toThrow('x must be');
  expect(() => designCusumFromBaseline([1, 2, 3, 4, 5], { kind: 'gaussian', change: 0, target })).toThrow('change must be a shift in sd in [0.1, 10] for a gaussian family, got 0');
  expect(() => designCusumFromBaseline([1, 2, 3, 4, 5], { kind: 'gaussian', level: 1, target })).toThrow('level must be in [0.5, 0.99], got 1');
});

test('a threshold that is far from the start of a lattice sum has a finite delay', () => {
  const family = { kind: 'bernoulli', p0: 0.1, p1: 0.2 } as const;
  const { delays, arl0 } = describeCusum({ family, sides: 'up', threshold: 8 });
  expect(delays[0]?.meanFromStart).toBeGreaterThan(120);
  expect(delays[0]?.meanFromStart).toBeLessThan(220);
  expect(arl0).toBeGreaterThan(Math.exp(8));
});

test('what a design promises is what its threshold is described with', () => {
  for (const family of [{ kind: 'exponential', mean: 10, rateRatio: 2 }, { kind: 'bernoulli', p0: 0.3, p1: 0.6 }, { kind: 'poisson', mean: 4, rateRatio: 2 }] as const) {
    const design = designCusum({ family, sides: 'up', target: { arl0: 500 } });
    const seen = describeCusum({ family, sides: 'up', threshold: design.threshold });
    expect(seen.arl0 / design.arl0).toBeGreaterThan(0.98);
    expect(seen.arl0 / design.arl0).toBeLessThan(1.001);
  }
});

test('a baseline without a single failure is watched at the limit of what it leaves possible', () => {
  const design = designed(outcomes(0, 570), { kind: 'bernoulli', sides: 'up', target: { arl0: 1000 } });
  // The chance at which 570 outcomes hold no 1 with probability 0.1.
  expect(design.family).toMatchObject({ kind: 'bernoulli' });
  expect(design.family.kind === 'bernoulli' && design.family.p0).toBeCloseTo(1 - 0.1 ** (1 / 570), 12);
  expect(design.known.arl0).toBeGreaterThanOrEqual(1000 * 0.999);
  expect(design.conditional.upper).toBe(Infinity);
  expect(design.assumes).toContain('none of the approved is above 0, so the law is taken at its upper 90 % limit');
  const { alarms } = runCusum(cusum({ family: design.family, sides: 'up', threshold: design.threshold }), Float64Array.of(0, 0, 1, 1, 1, 1, 1));
  expect(alarms[0]?.changeIndex).toBe(2);
  const counts = designed(new Float64Array(50), { kind: 'poisson', sides: 'up', target: { within: 100, probability: 0.1 } });
  expect(counts.family.kind === 'poisson' && counts.family.mean).toBeCloseTo(-Math.log(0.1) / 50, 12);
});

test('rare failures are watched too: one in 570, whose lattice is fine, and one in ten thousand', () => {
  const rare = designed(outcomes(1, 570), { kind: 'bernoulli', sides: 'up', target: { arl0: 1000 } });
  expect(rare.known.arl0).toBeGreaterThanOrEqual(1000);
  for (const [p0, arl0, atMost] of [[1e-4, 5_000, 15_000], [5e-4, 20_000, 20_100]] as const) {
    const known = designCusum({ family: { kind: 'bernoulli', p0, p1: 2 * p0 }, sides: 'up', target: { arl0 } });
    expect(known.arl0).toBeGreaterThanOrEqual(arl0);
    expect(known.arl0).toBeLessThan(atMost);
  }
});

test('the many small baselines of a file are answered alike: what a group lacks is searched once', () => {
  const params = { kind: 'bernoulli', sides: 'up', target: { arl0: 1003 } } as const;
  const answers = Array.from({ length: 400 }, (_, i) => designCusumFromBaseline(outcomes(i % 2, 1 + (i % 4)), params));
  expect(new Set(answers.map((answer) => (answer.refused ? answer.needed : null)))).toEqual(new Set([27]));
});
