import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformalRank, conformalSize, random, splitThreshold } from '../../../src/index.js';
import { referenceCases } from '../../stats/reference.js';
import { inBand } from './band.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'splitQuantile'))('the threshold equals reference $id', ({ input, expected }) => {
  const { scores, alpha } = input as { scores: number[]; alpha: number };
  const { rank: k, threshold } = splitThreshold(scores, { alpha });
  const want = expected as { k: number; threshold: number | string };
  expect({ k, threshold }).toEqual({ k: want.k, threshold: want.threshold === 'Infinity' ? Infinity : want.threshold });
});

describe('the rank', () => {
  it('is exact for every n to 2000 and alpha in thousandths, where floating point is wrong 2388 times', () => {
    let wrong = 0;
    let wrongInFloats = 0;
    for (let thousandths = 1; thousandths <= 999; thousandths += 1) {
      const alpha = thousandths / 1000;
      for (let n = 1; n <= 2000; n += 1) {
        const rank = n + 1 - Math.floor(((n + 1) * thousandths) / 1000);
        if (conformalRank(n, alpha) !== rank) wrong += 1;
        if (Math.ceil((n + 1) * (1 - alpha)) !== rank) wrongInFloats += 1;
      }
    }
    expect(wrong).toBe(0);
    expect(wrongInFloats).toBe(2388);
  });
  it('is exact for millions of scores and for levels written with an exponent', () => {
    for (let thousandths = 0; thousandths <= 1000; thousandths += 1) {
      expect(conformalRank(1_999_998, thousandths / 1000)).toBe(1_999_999 - Math.floor((1_999_999 * thousandths) / 1000));
    }
    expect(conformalRank(9_999_999, 1e-7)).toBe(9_999_999);
    expect(conformalRank(9_999_998, 1e-7)).toBe(9_999_999);
    expect(conformalRank(1e9 - 1, 1.5e-8)).toBe(1e9 - 15);
  });
  it('runs from below every score to above every score', () => {
    expect([0, 1].map((alpha) => conformalRank(10, alpha))).toEqual([11, 0]);
    expect(conformalRank(0, 0.5)).toBe(1);
    for (const bad of [-0.1, 1.1, NaN]) expect(() => conformalRank(10, bad)).toThrow('alpha must be in [0, 1]');
    expect(() => conformalRank(1.5, 0.1)).toThrow('n must be an integer');
  });
});

it('the size is the first n at which the rank is that of a score', () => {
  for (let thousandths = 1; thousandths <= 1000; thousandths += 1) {
    const alpha = thousandths / 1000;
    const size = conformalSize(alpha);
    expect(conformalRank(size, alpha)).toBeLessThanOrEqual(size);
    if (size > 0) expect(conformalRank(size - 1, alpha)).toBeGreaterThan(size - 1);
  }
  expect(conformalSize(0)).toBe(Infinity);
});

it('too few scores cover everything and say how many would be enough', () => {
  expect(splitThreshold([1, 2, 3], { alpha: 0.1 })).toMatchObject({ threshold: Infinity, rank: 4, needed: 9, coverage: 1 });
  expect(splitThreshold([1, 2, 3], { alpha: 0.1 }).guarantee).toContain('9 scores would be enough');
  expect(splitThreshold([], { alpha: 0.5 })).toMatchObject({ threshold: Infinity, n: 0, needed: 1 });
  expect(splitThreshold([1, 2, 3], { alpha: 0 })).toMatchObject({ threshold: Infinity, needed: Infinity });
  expect(splitThreshold([1, 2, 3], { alpha: 1 })).toMatchObject({ threshold: -Infinity, needed: null, coverage: 0 });
});

it('infinite scores are scores, NaN is refused, and -0 is 0', () => {
  expect(splitThreshold([1, Infinity, -Infinity], { alpha: 0.5 }).threshold).toBe(1);
  expect(splitThreshold([1, Infinity], { alpha: 0.34 })).toMatchObject({ threshold: Infinity, needed: null });
  expect(splitThreshold([-0], { alpha: 0.5 }).threshold).toBe(0);
  for (const bad of [[NaN], [1, NaN], [-NaN, 1]]) expect(() => splitThreshold(bad, { alpha: 0.5 })).toThrow('scores must not hold NaN');
});

it('the threshold is the naive order statistic, in any order of the scores', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 99 }), (scores, percent) => {
    const rank = scores.length + 1 - Math.floor(((scores.length + 1) * percent) / 100);
    const naive = [...scores].sort((a, b) => a - b)[rank - 1] ?? Infinity;
    expect(splitThreshold(scores, { alpha: percent / 100 }).threshold).toBe(naive + 0);
  }), { seed });
});

it.each(referenceCases('monte_carlo', 'splitCoverage'))('coverage is that of reference $id', ({ input, expected }) => {
  const { n, alpha } = input as { n: number; alpha: number };
  const { coverage, monteCarlo, sdOfConditionalCoverage } = expected as Record<string, number>;
  const source = random(seed);
  const runs = 4000;
  let covered = 0;
  let calibrated = 0;
  for (let run = 0; run < runs; run += 1) {
    const { threshold, coverage: promised } = splitThreshold(Float64Array.from({ length: n }, source.exponential), { alpha });
    expect(promised).toBeCloseTo(coverage ?? NaN, 12);
    if (source.exponential() <= threshold) covered += 1;
    calibrated += 1 - Math.exp(-threshold);
  }
  inBand(covered, runs, coverage ?? NaN);
  expect(Math.abs(calibrated / runs - (monteCarlo ?? NaN))).toBeLessThan((4 * (sdOfConditionalCoverage ?? NaN)) / Math.sqrt(runs) + 0.0014);
});

it('scores that tie are covered more often, never less', () => {
  const source = random(seed);
  let covered = 0;
  for (let run = 0; run < 4000; run += 1) {
    const { threshold } = splitThreshold(Float64Array.from({ length: 29 }, () => source.integer(8)), { alpha: 0.1 });
    if (source.integer(8) <= threshold) covered += 1;
  }
  expect(covered / 4000).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / 4000));
});
