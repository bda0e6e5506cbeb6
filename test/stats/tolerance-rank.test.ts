import fc from 'fast-check';
import { expect, it } from 'vitest';
import { betaInc, InputError, toleranceRank, toleranceSize } from '../../src/index.js';
import { decimalOf } from '../../src/stats/decimal.js';
import { referenceCases } from './reference.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'paccQuantileIndex'))('the rank equals reference $id', ({ input, expected }) => {
  const { n, alpha, confidence } = input as { n: number; alpha: number; confidence: number };
  expect(toleranceRank(n, alpha, Number((1 - confidence).toFixed(12)))).toBe(expected);
});

it.each(referenceCases('conformal', 'minimumCalibrationSize'))('the size equals reference $id', ({ input, expected }) => {
  const { alpha, delta } = input as { alpha: number; delta: number };
  expect(toleranceSize(alpha, delta)).toBe(expected);
});

const share = fc.integer({ min: 1, max: 999 }).map((k) => k / 1000);

it('the rank is the least one whose beta law keeps the promise', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), share, share, (n, alpha, delta) => {
    const rank = toleranceRank(n, alpha, delta);
    const missed = (k: number): number => betaInc(k, n + 1 - k, 1 - alpha);
    if (rank === null) {
      expect(missed(n)).toBeGreaterThan(delta * (1 - 1e-9));
      expect(toleranceSize(alpha, delta)).toBeGreaterThan(n);
    } else {
      expect(missed(rank)).toBeLessThanOrEqual(delta * (1 + 1e-9));
      if (rank > 1) expect(missed(rank - 1)).toBeGreaterThan(delta * (1 - 1e-9));
      expect(toleranceSize(alpha, delta)).toBeLessThanOrEqual(n);
    }
  }), { seed, numRuns: 300 });
});

it('equality is seen as such where the levels are decimals', () => {
  for (let n = 1; n <= 300; n += 1) expect(toleranceSize(0.9, Number(`1e-${String(n)}`))).toBe(n);
  for (let n = 1; n <= 20; n += 1) {
    expect(toleranceSize(0.5, 0.5 ** n)).toBe(n);
    expect(toleranceRank(n, 0.5, 0.5 ** n)).toBe(n);
  }
  // Half of the sample of odd size above the median, exactly half of the time.
  for (const n of [3, 51, 1001]) expect(toleranceRank(n, 0.5, 0.5)).toBe((n + 1) / 2);
});

it('a decimal is read from its shortest text', () => {
  expect(decimalOf(0.1)).toEqual({ numerator: 1n, denominator: 10n });
  expect(decimalOf(-1.25e-7)).toEqual({ numerator: -125n, denominator: 10n ** 9n });
  expect(decimalOf(3e21)).toEqual({ numerator: 3n * 10n ** 21n, denominator: 1n });
  expect(() => decimalOf(NaN)).toThrow('a number must be finite');
});

it('bad levels are refused', () => {
  for (const bad of [0, 1, NaN, -0.1]) {
    expect(() => toleranceRank(10, bad, 0.05)).toThrow(InputError);
    expect(() => toleranceRank(10, 0.1, bad)).toThrow(InputError);
    expect(() => toleranceSize(bad, 0.05)).toThrow(InputError);
  }
  expect(() => toleranceRank(1.5, 0.1, 0.05)).toThrow('n must be an integer');
  expect(toleranceRank(0, 0.1, 0.05)).toBe(null);
});
