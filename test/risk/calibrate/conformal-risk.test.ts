import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCurve, conformalRiskControl, conformalRiskThreshold, random } from '../../../src/index.js';
import { referenceCases } from '../../stats/reference.js';
import { missRate, unsafeScore } from './world.js';

describe('conformalRiskControl', () => {
  it.each(referenceCases('conformal', 'conformalRiskControl'))('agrees with reference $id', ({ input, expected }) => {
    expect(conformalRiskControl(input as unknown as Parameters<typeof conformalRiskControl>[0])).toEqual(expected);
  });

  it('reads alpha as the decimal it was written as', () => {
    // (2 + 1) / (29 + 1) is 0.1, not above it.
    const losses = Array.from({ length: 29 }, (_, i) => [i < 2 ? 1 : 0]);
    expect(conformalRiskControl({ losses, lambdas: [7], alpha: 0.1 })).toEqual({ index: 0, lambda: 7 });
  });

  it.each([
    [{ losses: [[0, 1]], lambdas: [1, 2], alpha: 0.1 }, 'rise'],
    [{ losses: [[2]], lambdas: [1], alpha: 0.1 }, 'rise'],
    [{ losses: [[1]], lambdas: [1, 2], alpha: 0.1 }, 'one loss a candidate'],
    [{ losses: [], lambdas: [1], alpha: 1 }, 'alpha'],
    [{ losses: [], lambdas: [1], alpha: 0.5, bound: 0 }, 'bound'],
  ])('refuses %j', (input, about) => {
    expect(() => conformalRiskControl(input)).toThrow(about);
  });
});

describe('conformalRiskThreshold', () => {
  it('is what the losses of every distinct score give', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }).map((x) => x / 8), fc.constant(NaN)), { minLength: 1, maxLength: 60 });
    fc.assert(fc.property(values, fc.integer({ min: 1, max: 19 }), (xs, twentieths) => {
      const alpha = twentieths / 20;
      const curve = classCurve(xs, null);
      const rising = [...new Set(xs.filter((x) => !Number.isNaN(x)))].sort((a, b) => a - b);
      const missed = conformalRiskControl({ losses: xs.map((x) => rising.toReversed().map((t) => Number(!(x >= t)))), lambdas: rising.toReversed(), alpha });
      const thresholds = [...rising, 2];
      const flagged = conformalRiskControl({ losses: xs.map((x) => thresholds.map((t) => Number(x >= t))), lambdas: thresholds, alpha });
      const byMiss = conformalRiskThreshold(curve, 'miss', alpha);
      const byAlarm = conformalRiskThreshold(curve, 'falseAlarm', alpha);
      expect(byMiss.kind === 'threshold' ? byMiss.threshold : null).toBe(missed.lambda);
      // The lowest of all thresholds that flag the same calls.
      expect(byAlarm.kind === 'threshold' ? xs.filter((x) => x >= byAlarm.threshold) : null).toEqual(flagged.lambda === null ? null : xs.filter((x) => x >= (flagged.lambda ?? NaN)));
      if (byAlarm.kind === 'threshold') expect(byAlarm.threshold).toBeLessThanOrEqual(flagged.lambda ?? NaN);
    }), { seed: 20260101 });
  });

  it('keeps the miss rate in the mean, and says how many labels it takes', () => {
    const [source, runs] = [random(3), 3000];
    const rates = Array.from({ length: runs }, () => {
      const chosen = conformalRiskThreshold(classCurve(Float64Array.from({ length: 50 }, () => unsafeScore(source)), null), 'miss', 0.1);
      return chosen.kind === 'threshold' ? missRate(chosen.threshold) : 0;
    });
    const mean = rates.reduce((a, b) => a + b, 0) / runs;
    const se = Math.sqrt(rates.reduce((sum, x) => sum + (x - mean) ** 2, 0) / runs / runs);
    expect(mean).toBeLessThan(0.1 + 3 * se);
    expect(mean).toBeGreaterThan(0.1 - 1 / 51 - 3 * se);
    expect(conformalRiskThreshold(classCurve(new Float64Array(8), null), 'miss', 0.1)).toMatchObject({ kind: 'none', neededN: 9 });
    expect(conformalRiskThreshold(classCurve(new Float64Array(9), null), 'miss', 0.1)).toMatchObject({ kind: 'threshold' });
  });
});
