import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logResidualScore, random, splitInterval, splitThreshold, twoSidedPValues } from '../../../src/index.js';
import { inBand } from './band.js';

const seed = 20260101;

it('a p-value at most alpha and a value outside the interval are one event', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer(), { maxLength: 50 }), fc.integer(), fc.integer({ min: 1, max: 99 }), (values, x, percent) => {
    fc.pre(!values.includes(x));
    const alpha = percent / 100;
    const { lower, upper } = splitInterval(values, { alpha });
    // Read alpha as a decimal on both sides.
    const p = Number(twoSidedPValues(values).pValue(x).toPrecision(12));
    expect(p <= alpha).toBe(x < lower || x > upper);
  }), { seed, numRuns: 300 });
});

it('an interval covers as often as it says, from ten values on', () => {
  const source = random(seed);
  for (const [n, alpha] of [[10, 0.2], [39, 0.05], [200, 0.1]] as const) {
    let covered = 0;
    let promised = NaN;
    for (let run = 0; run < 3000; run += 1) {
      const { lower, upper, coverage } = splitInterval(Float64Array.from({ length: n }, source.normal), { alpha });
      const x = source.normal();
      if (x >= lower && x <= upper) covered += 1;
      promised = coverage;
    }
    expect(promised).toBeGreaterThanOrEqual(1 - alpha);
    inBand(covered, 3000, promised);
  }
});

it('too few values give an infinite interval and the number needed', () => {
  expect(splitInterval([1, 2, 3], { alpha: 0.1 })).toMatchObject({ lower: -Infinity, upper: Infinity, coverage: 1, needed: 19 });
  expect(splitInterval([1], { alpha: 0 })).toMatchObject({ needed: Infinity });
  for (const alpha of [1, NaN, -1]) expect(() => splitInterval([1], { alpha })).toThrow('alpha must be in [0, 1)');
});

describe('when the rate of exponential intervals doubles', () => {
  const source = random(seed);
  const calibration = Float64Array.from({ length: 4000 }, source.exponential);
  const burst = Float64Array.from({ length: 4000 }, () => source.exponential() / 2);
  const shareAbove = (score: (x: number) => number): number => {
    const { threshold } = splitThreshold(calibration.map(score), { alpha: 0.1 });
    return burst.filter((x) => score(x) > threshold).length / burst.length;
  };
  it('the distance from the mean sees less than before', () => {
    expect(shareAbove((x) => Math.abs(x - 1))).toBeLessThan(0.02);
  });
  it('the low side of two sees twice as much, and the log residual more than its share', () => {
    const { low, high } = twoSidedPValues(calibration);
    const flaggedBy = (side: (x: number) => number): number => burst.filter((x) => side(x) <= 0.05).length / burst.length;
    expect(flaggedBy(low)).toBeGreaterThan(0.085);
    expect(flaggedBy(high)).toBeLessThan(0.005);
    expect(shareAbove(logResidualScore(Float64Array.from({ length: 500 }, source.exponential)).score)).toBeGreaterThan(0.13);
  });
});

it('the log residual knows no unit, and judges 0 the strangest', () => {
  const { centre, score } = logResidualScore([1, 10, 100]);
  expect(centre).toBeCloseTo(Math.log(10), 12);
  expect(score(1)).toBeCloseTo(score(100), 12);
  expect(score(0)).toBe(Infinity);
  for (const bad of [-1, NaN]) expect(() => score(bad)).toThrow('a value must be >= 0');
  expect(() => logResidualScore([0])).toThrow('finite and > 0');
  expect(() => logResidualScore([])).toThrow('at least one');
});
