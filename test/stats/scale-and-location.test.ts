import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialCdf, clopperPearson, harrellDavis, jeffreys, qn, sn, standardDeviation, trimmedMean, wilson } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

test.each([...referenceCases('robust', 'qn'), ...referenceCases('robust', 'sn')])('$fn equals reference $id', ({ id, fn, input, expected, tol }) => {
  const { x, finiteCorrection } = input as { x: number[]; finiteCorrection: boolean };
  expectClose((fn === 'qn' ? qn : sn)(x, { finiteCorrection }), expected, tol, id);
});

test.each(referenceCases('robust', 'sd'))('standardDeviation equals reference $id', ({ id, input, expected, tol }) => {
  expectClose(standardDeviation(input['x'] as number[]), expected, tol, id);
});

test.each(referenceCases('robust', 'trimmedMean'))('trimmedMean equals reference $id', ({ id, input, expected, tol }) => {
  expectClose(trimmedMean(input['x'] as number[], input['trim'] as number), expected, tol, id);
});

test.each(referenceCases('roc', 'harrellDavis'))('harrellDavis equals reference $id', ({ id, input, expected, tol }) => {
  expectClose(harrellDavis(input['x'] as number[], input['p'] as number), expected, tol, id);
});

test.each([...referenceCases('exact_binomial', 'wilson'), ...referenceCases('exact_binomial', 'jeffreys')])('$fn equals reference $id', ({ id, fn, input, expected, tol }) => {
  const { k, n, confidence } = input as { k: number; n: number; confidence: number };
  const { lower, upper } = (fn === 'wilson' ? wilson : jeffreys)(k, n, confidence);
  expectClose({ lower, upper }, expected, tol, id);
});

const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: -3, max: 3 })), { minLength: 2, maxLength: 40 });

test('Qn and Sn are the order statistics of all distances that define them', () => {
  fc.assert(
    fc.property(values, (xs) => {
      const n = xs.length;
      const half = Math.floor(n / 2) + 1;
      const kth = (distances: number[], k: number): number => distances.sort((a, b) => a - b)[k - 1] ?? NaN;
      const pairs = xs.flatMap((a, i) => xs.slice(i + 1).map((b) => Math.abs(a - b)));
      const defining = 2.21914 * kth(pairs, (half * (half - 1)) / 2);
      expect(qn(xs, { finiteCorrection: false, precision: 'double' })).toBe(defining);
      expectClose(qn(xs, { finiteCorrection: false }), defining, { rel: 1.0001 * 2 ** -24, abs: 1e-323 }, 'single');
      const middles = xs.map((a) => kth(xs.map((b) => Math.abs(a - b)), half));
      expect(sn(xs, { finiteCorrection: false })).toBe(1.1926 * kth(middles, Math.floor((n + 1) / 2)));
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

test('Qn scales with the values, far beyond single precision too', () => {
  const xs = [1, 5, 2, 8, 3, 9, 27, 4, 30, 11, 12, 19];
  for (const factor of [2 ** 500, 2 ** -500, 4]) expect(qn(xs.map((x) => x * factor))).toBe(qn(xs) * factor);
});

test('a standard deviation neither overflows nor drowns in its mean', () => {
  expectClose(standardDeviation([1e300, 2e300, 3e300]), 1e300, { rel: 1e-14, abs: 0 }, 'huge');
  expectClose(standardDeviation([1e9 + 1, 1e9 + 2, 1e9 + 3]), 1, { rel: 1e-14, abs: 0 }, 'shifted');
  expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0);
});

test('Wilson and Jeffreys miss their level where their notes say so', () => {
  const coverage = (of: typeof wilson, n: number, p: number): number => {
    let sum = 0;
    for (let k = 0; k <= n; k += 1) {
      const { lower, upper } = of(k, n, 0.95);
      if (lower <= p && p <= upper) sum += binomialCdf(k, n, p) - binomialCdf(k - 1, n, p);
    }
    return sum;
  };
  expect(coverage(wilson, 12, 0.0145)).toBeCloseTo(0.839, 3);
  expect(coverage(jeffreys, 50, 0.049)).toBeCloseTo(0.884, 3);
});

test('Wilson and Jeffreys are narrower than the exact limits', () => {
  for (const [k, n] of [[1, 20], [5, 20], [50, 400]] as const) {
    const exact = clopperPearson(k, n, 0.95);
    for (const { lower, upper } of [wilson(k, n, 0.95), jeffreys(k, n, 0.95)]) expect(upper - lower).toBeLessThan(exact.upper - exact.lower);
  }
});

test('scales and trimmed means refuse what they cannot measure', () => {
  expect(() => qn([1])).toThrow('values must hold at least two values, got 1');
  expect(() => sn([1, NaN])).toThrow('must be finite, got NaN');
  expect(() => standardDeviation([1, Infinity])).toThrow('values[1] must be finite, got Infinity');
  expect(() => trimmedMean([1, 2], 0.6)).toThrow('trim must be in [0, 0.5], got 0.6');
  expect(() => harrellDavis([1, 2], 2)).toThrow('p must be in [0, 1], got 2');
  expect(() => wilson(2, 1, 0.95)).toThrow('k must be an integer in [0, 1], got 2');
});
