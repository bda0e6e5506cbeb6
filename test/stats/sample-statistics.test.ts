import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GAUSSIAN_MAD_FACTOR, median, medianAbsoluteDeviation, quantile, sorted, totalOrder, type QuantileType } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 40 });

test('median, MAD and all nine quantiles agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('robust', 'median')) expectClose(median(input['x'] as number[]), expected, tol, id);
  for (const { id, input, expected, tol } of referenceCases('robust', 'mad')) {
    const factor = (input['constant'] as number | undefined) ?? GAUSSIAN_MAD_FACTOR;
    expectClose(factor * medianAbsoluteDeviation(input['x'] as number[]), expected, tol, id);
  }
  for (const { id, input, expected, tol } of referenceCases('robust', 'quantile')) {
    const { x, type, probs } = input as { x: number[]; type: QuantileType; probs: number[] };
    expectClose(probs.map((p) => quantile(x, p, type)), expected, tol, id);
  }
});

test('typed arrays sort by total order: -0 before 0, NaN last', () => {
  const any = fc.array(fc.oneof(fc.double(), fc.constantFrom(-0, 0, NaN, Infinity, -Infinity)));
  fc.assert(
    fc.property(any, (xs) => {
      expect([...sorted(xs)]).toEqual([...xs].sort(totalOrder));
    }),
    { seed: 20260101 },
  );
});

test('the median absolute deviation is the median of the absolute deviations', () => {
  fc.assert(
    fc.property(values, (xs) => {
      const centre = median(xs);
      expect(medianAbsoluteDeviation(xs)).toBe(median(xs.map((x) => Math.abs(x - centre))));
    }),
    { seed: 20260101, numRuns: 1000 },
  );
});

test('statistics of finite values refuse others, and none at all', () => {
  expect(() => median([])).toThrow('values must hold at least one value, got none');
  expect(() => median([1, NaN])).toThrow("values's largest value must be finite, got NaN");
  expect(() => quantile([1], 1.5)).toThrow('p must be in [0, 1], got 1.5');
  expect(() => quantile([1], 0.5, 10 as QuantileType)).toThrow('type must be an integer in [1, 9], got 10');
});

test('the median of huge values does not overflow', () => {
  expect(median([-1.7e308, 1.7e308])).toBe(0);
  expect(median([1.6e308, 1.7e308])).toBeGreaterThan(1.6e308);
});

test('a quantile at an order statistic is that value, and none lies outside its two neighbours', () => {
  for (let n = 1; n < 400; n += 2) {
    const ranks = Array.from({ length: n }, (_, i) => i + 1);
    for (const type of [5, 6, 7, 8, 9] as const) expect(quantile(ranks, 0.5, type)).toBe((n + 1) / 2);
  }
  const odd = Array.from({ length: 100_001 }, (_, i) => i);
  expect(quantile(odd, 0.5)).toBe(50_000);
  const any = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(1.7e308, -1.7e308, 0.1, 0.3)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(any, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(4, 5, 6, 7, 8, 9), (xs, p, type) => {
      const x = [...sorted(xs)];
      const n = x.length;
      const a = { 4: 0, 5: 0.5, 6: 0, 7: 1, 8: 1 / 3, 9: 3 / 8 }[type];
      const position = a + p * (n + 1 - a - (type === 4 ? 1 : a));
      const near = (rank: number): number => x[Math.min(Math.max(rank, 1), n) - 1] ?? NaN;
      const value = quantile(xs, p, type);
      expect(value).toBeGreaterThanOrEqual(near(Math.floor(position - 1e-9)));
      expect(value).toBeLessThanOrEqual(near(Math.ceil(position + 1e-9)));
    }),
    { seed: 20260101, numRuns: 1000 },
  );
});
