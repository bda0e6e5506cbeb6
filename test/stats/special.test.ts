import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaInc, betaQuantile, betaQuantileUpper, binomialCdf, clopperPearson, logGamma, trialsForHalfWidth, trialsToExclude } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

test('logGamma agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('special', 'logGamma')) expectClose(logGamma(input['x'] as number), expected, tol, id);
});

test('betaInc agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('special', 'betaInc')) {
    const { a, b, x } = input as { a: number; b: number; x: number };
    expectClose(betaInc(a, b, x), expected, tol, id);
  }
});

test('betaQuantile agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('special', 'betaQuantile')) {
    const { a, b, p } = input as { a: number; b: number; p: number };
    expectClose(betaQuantile(a, b, p), expected, tol, id);
  }
});

test('clopperPearson agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('exact_binomial', 'clopperPearson')) {
    const { k, n, confidence, side } = input as { k: number; n: number; confidence: number; side: 'two' | 'lower' | 'upper' };
    const { lower, upper } = clopperPearson(k, n, confidence, side);
    const want = expected as { lower?: number; upper?: number };
    if (want.lower !== undefined) expectClose(lower, want.lower, tol, id);
    if (want.upper !== undefined) expectClose(upper, want.upper, tol, id);
  }
});

test('binomialCdf agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('exact_binomial', 'binomialCdf')) {
    const { k, n, p } = input as { k: number; n: number; p: number };
    expectClose(binomialCdf(k, n, p), expected, tol, id);
  }
});

test('the binomial law keeps its digits in a far tail and at a million trials', () => {
  // P(Bin(1e6, 1e-6) = 0) = (1 - 1e-6)^1e6.
  expectClose(binomialCdf(0, 1e6, 1e-6), Math.exp(1e6 * Math.log1p(-1e-6)), { rel: 1e-13, abs: 0 }, 'none of a million');
  expectClose(binomialCdf(0, 1000, 0.5), 2 ** -1000, { rel: 1e-12, abs: 0 }, '2^-1000');
  // Symmetry about one half at an odd number of trials.
  expectClose(binomialCdf(499_999, 999_999, 0.5), 0.5, { rel: 1e-12, abs: 0 }, 'half');
});

test('a beta quantile has its probability below it', () => {
  const shape = fc.double({ min: 0.05, max: 2000, noNaN: true });
  const chance = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
  fc.assert(
    fc.property(shape, shape, chance, (a, b, p) => {
      const x = betaQuantile(a, b, p);
      if (x < 1e-300 || 1 - x < 1e-3) return; // 1 - x is too coarse to go back from there
      expectClose(betaInc(a, b, x), p, { rel: 1e-9, abs: 0 }, `${String(a)} ${String(b)} ${String(p)}`);
      const upper = betaQuantileUpper(a, b, p);
      if (upper > 1e-3 && 1 - upper > 1e-3) expectClose(betaInc(b, a, 1 - upper), p, { rel: 1e-8, abs: 0 }, `upper ${String(a)} ${String(b)} ${String(p)}`);
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

test('the numbers of trials needed are the smallest that are enough', () => {
  expect(clopperPearson(0, 59, 0.95, 'upper').upper).toBeLessThanOrEqual(0.05);
  expect(clopperPearson(0, 58, 0.95, 'upper').upper).toBeGreaterThan(0.05);
  expect(trialsToExclude(0.05, 0.95)).toBe(59);
  expect(trialsToExclude(0.01, 0.95)).toBe(299);
});

test('limits refuse parameters that are not what they say', () => {
  expect(() => clopperPearson(3, 2, 0.95)).toThrow('k must be an integer in [0, 2], got 3');
  expect(() => clopperPearson(1, 2, NaN)).toThrow('level must be in (0, 1), got NaN');
  expect(() => betaInc(0, 1, 0.5)).toThrow('a must be finite and > 0, got 0');
  expect(() => logGamma(-1)).toThrow('x must be finite and > 0, got -1');
});

/** Whether the limits are within `halfWidth` of the rate at every count. */
function allWithin(n: number, halfWidth: number, level: number): boolean {
  for (let k = 0; k <= n; k += 1) {
    const { lower, upper } = clopperPearson(k, n, level);
    if (Math.max(upper - k / n, k / n - lower) > halfWidth) return false;
  }
  return true;
}

test('the trials for a half-width are enough at every count and for all more trials, and one fewer is not', () => {
  const needs = [[0.1, 0.95, 106], [0.05, 0.95, 404], [0.05, 0.99, 683], [0.2, 0.9, 22], [0.49, 0.99, 9], [0.1, 0.1, 8]] as const;
  for (const [halfWidth, level, n] of needs) {
    expect(trialsForHalfWidth(halfWidth, level)).toBe(n);
    expect(allWithin(n - 1, halfWidth, level)).toBe(false);
    for (let more = n; more < n + 20; more += 1) expect(allWithin(more, halfWidth, level), `${String(more)} trials`).toBe(true);
  }
  expect(clopperPearson(44, 104, 0.95).upper - 44 / 104).toBeGreaterThan(0.1);
  expect(() => trialsForHalfWidth(1e-9, 0.95)).toThrow('halfWidth must be one that 2^53 trials can reach, got 1e-9');
});

test('beta quantiles at shapes of any size are probabilities, rounded to 0 or 1 where they must be', () => {
  const sizes = [5e-324, 1e-300, 1e-18, 1e-9, 1e-6, 0.5, 1, 30, 1e5, 9e9, 2e10, 1e16, 1e300, 1.7e308];
  for (const a of sizes) {
    for (const b of sizes) {
      for (const p of [5e-324, 0.025, 0.5, 0.975]) {
        const [x, upper] = [betaQuantile(a, b, p), betaQuantileUpper(a, b, p)];
        expect(x >= 0 && x <= 1 && upper >= 0 && upper <= 1, `${String(a)} ${String(b)} ${String(p)}`).toBe(true);
      }
    }
  }
  expect([betaQuantile(1e-6, 2e-6, 0.025), betaQuantile(1e-6, 2e-6, 0.975)]).toEqual([0, 1]);
  expect([betaQuantile(30 + 1e-6, 2e-6, 0.025), betaQuantile(2e-6, 30 + 1e-6, 0.975)]).toEqual([1, 0]);
  // Nearly all of the probability is at 0: 10^-6 times some tens is all there is elsewhere.
  for (const tiny of [5e-324, 1e-300, 1e-20, 1e-12, 1e-9, 1e-6, 2e-5]) {
    for (const b of [1, 29, 29 + 2 * tiny, 1e5]) {
      expect([betaQuantile(tiny, b, 0.025), betaQuantileUpper(tiny, b, 0.025), betaQuantile(b, tiny, 0.025)], `${String(tiny)} ${String(b)}`).toEqual([0, 0, 1]);
    }
  }
  expect(betaQuantile(5e-324, 5e-324, 0.5)).toBe(0.5);
  expectClose(betaQuantile(1e300, 2e300, 0.025), 1 / 3, { rel: 1e-15, abs: 0 }, 'two huge shapes');
  // 1.1 times the shapes on either side of where the expansion takes over: in standard deviations nothing changes.
  const standard = (a: number, b: number): number => {
    const x = betaQuantile(a, b, 0.025);
    return (Math.log(x / (1 - x)) - Math.log(a / b)) / Math.sqrt(1 / a + 1 / b);
  };
  expect(standard(1.05e10, 3.15e10)).toBeCloseTo(standard(9.5e9, 2.85e10), 6);
});

test('a beta quantile is found however small its probability', () => {
  // Bisection on the log-odds at 60 digits with mpmath 1.3 (hyp2f1).
  const known: [number, number, number, number][] = [
    [2, 3, 1e-100, 4.0824829046386302e-51], [2, 3, 1e-150, 4.0824829046386302e-76], [2, 3, 1e-300, 4.0824829046386302e-151],
    [0.5, 0.5, 1e-120, 2.4674011002723395e-240], [7, 2, 1e-200, 1.9932353156386883e-29], [30, 40, 1e-305, 1.5252157168162650e-11],
    [0.05, 2, 1e-14, 3.768894828730007e-281], [1e4, 2e4, 1e-250, 0.24634125735701871], [0.3, 5000, 1e-80, 3.0046552846042021e-271],
    [3, 0.001, 1e-300, 1.4415289259118392e-99], [2, 1e5, 1e-310, 1.4142064913583136e-160], [1.5, 400, 5e-324, 8.7622580353785105e-219],
    [3, 20, 1e-318, 8.6595019007331328e-108],
  ];
  for (const [a, b, p, x] of known) {
    // The last place of ln p is worth as much.
    expectClose(betaQuantile(a, b, p), x, { rel: 3e-13, abs: 0 }, `${String(a)} ${String(b)} ${String(p)}`);
    expectClose(betaQuantileUpper(b, a, p), 1 - x, { rel: 1e-15, abs: 0 }, `upper ${String(a)} ${String(b)} ${String(p)}`);
  }
  // One shape of 1 has a closed form; below the smallest double there is nothing but 0.
  expectClose(betaQuantile(1, 1e5, 1e-300), 1e-305, { rel: 3e-13, abs: 0 }, 'closed');
  expectClose(betaQuantile(250, 1, 1e-320), Math.exp(Math.log(1e-320) / 250), { rel: 1e-13, abs: 0 }, 'closed');
  expect(betaQuantile(1, 1e5, 5e-324)).toBe(0);
});
