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
