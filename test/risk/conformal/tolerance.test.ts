import { expect, it } from 'vitest';
import { conformalRank, coverageLaw, random, toleranceSize, toleranceThreshold } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'coverageDistribution'))('the law of coverage equals reference $id', ({ id, input, expected, tol }) => {
  const { n, alpha, confidence } = input as { n: number; alpha: number; confidence: number };
  const { a, b, mean, quantile } = coverageLaw(n, conformalRank(n, alpha));
  expectClose({ a, b, mean, lower: quantile(1 - confidence) }, expected, tol, id);
});

it.each(referenceCases('conformal', 'paccQuantileIndex'))('the rank equals reference $id', ({ input, expected }) => {
  const { n, alpha, confidence } = input as { n: number; alpha: number; confidence: number };
  const scores = Array.from({ length: n }, (_, i) => i);
  const delta = Number((1 - confidence).toFixed(12));
  const { rank, missed, needed, threshold } = toleranceThreshold(scores, { alpha, delta });
  expect(rank).toBe(expected);
  expect(missed).toBeLessThanOrEqual(delta);
  expect(threshold).toBe(rank === null ? Infinity : rank - 1);
  expect(needed).toBe(rank === null ? toleranceSize(alpha, delta) : null);
});

it.each(referenceCases('monte_carlo', 'splitCoverage'))('coverage spreads over calibration sets as in reference $id', ({ input, expected }) => {
  const { n, alpha } = input as { n: number; alpha: number };
  const want = expected as Record<string, number>;
  const law = coverageLaw(n, conformalRank(n, alpha));
  expect(law.mean).toBeCloseTo(want['coverage'] ?? NaN, 12);
  // Measured there on 20,000 calibration sets.
  expect(Math.abs(law.sd - (want['sdOfConditionalCoverage'] ?? NaN)) / law.sd).toBeLessThan(0.03);
  expect(Math.abs(law.quantile(0.05) - (want['coverageQuantile05'] ?? NaN))).toBeLessThan(0.08 * law.sd);
});

it('coverage is certain where the threshold is infinite', () => {
  expect([0, 0.3, 1].map(coverageLaw(9, 10).quantile)).toEqual([1, 1, 1]);
  expect(coverageLaw(9, 0)).toMatchObject({ mean: 0, sd: 0 });
});

it('the promise fails with the chance it states', () => {
  const source = random(seed);
  const runs = 4000;
  for (const [n, alpha, delta] of [[40, 0.1, 0.05], [100, 0.2, 0.1]] as const) {
    let failed = 0;
    let missed = NaN;
    for (let run = 0; run < runs; run += 1) {
      const found = toleranceThreshold(Float64Array.from({ length: n }, source.exponential), { alpha, delta });
      missed = found.missed;
      if (Math.exp(-found.threshold) > alpha) failed += 1;
    }
    expect(missed).toBeLessThanOrEqual(delta);
    expect(Math.abs(failed / runs - missed)).toBeLessThan(4 * Math.sqrt((missed * (1 - missed)) / runs));
  }
});

it('bad parameters are refused', () => {
  expect(() => toleranceThreshold([1], { alpha: 0, delta: 0.1 })).toThrow('alpha must be in (0, 1)');
  expect(() => toleranceThreshold([NaN], { alpha: 0.1, delta: 0.1 })).toThrow('scores must not hold NaN');
  expect(() => coverageLaw(5, 7)).toThrow('rank must be an integer in [0, 6]');
});
