import { expect, test } from 'vitest';
import { designEwma, ewma, ewmaArl, type EwmaLimits, random } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

test('mean run lengths agree with the reference values, for growing and for long-run limits', () => {
  for (const { id, input, expected, tol } of referenceCases('ewma_arl', 'ewmaArl')) {
    const { lambda, L, mu, limits } = input as { lambda: number; L: number; mu: number; limits: EwmaLimits };
    expectClose(ewmaArl(lambda, L, { shift: mu, limits }), expected, tol, id);
  }
});

test('limits for a mean time to a false alarm agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('ewma_arl', 'ewmaThreshold')) {
    const { lambda, arl0, limits } = input as { lambda: number; arl0: number; limits: EwmaLimits };
    expectClose(designEwma({ weight: lambda, arl0, limits }).limit, expected, tol, id);
  }
});

test('a limit found for a target has that mean run length, near and far', () => {
  for (const weight of [0.05, 0.3, 1]) {
    for (const arl0 of [1.2, 50, 1e7]) {
      const { limit, limits, arl0: reached } = designEwma({ weight, arl0 });
      expect(limits).toBe('exact');
      expectClose(reached, arl0, { rel: 1e-7, abs: 0 }, `${String(weight)} ${String(arl0)}`);
      expectClose(ewmaArl(weight, limit), arl0, { rel: 1e-7, abs: 0 }, `${String(weight)} ${String(arl0)}`);
    }
  }
});

test('the detector alarms as often as computed', () => {
  const { limit } = designEwma({ weight: 0.15, arl0: 60 });
  const chart = ewma({ mean: 5, sd: 2, weight: 0.15, limit });
  const rng = random(20260101);
  const lengths = Array.from({ length: 3000 }, () => {
    let state = chart.init();
    for (let n = 1; ; n += 1) {
      const step = chart.step(state, 5 + 2 * rng.normal());
      if (step.out.alarm) return n;
      state = step.state;
    }
  });
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  // Run lengths are nearly geometric: their standard deviation is about their mean.
  expect(Math.abs(mean - 60)).toBeLessThan((4 * 60) / Math.sqrt(lengths.length));
});

test('what cannot be computed is refused', () => {
  expect(() => ewmaArl(0.001, 3)).toThrow('weight must be in [0.01, 1], got 0.001');
  expect(() => ewmaArl(0.1, 8)).toThrow('limit must be in (0, 7], got 8');
  expect(() => ewmaArl(0.1, NaN)).toThrow('limit must be in (0, 7], got NaN');
  expect(() => ewmaArl(0.1, 3, { shift: Infinity })).toThrow('shift must be finite');
  expect(() => designEwma({ weight: 0.1, arl0: 1 })).toThrow('arl0 must be in (1, 1e8], got 1');
});
