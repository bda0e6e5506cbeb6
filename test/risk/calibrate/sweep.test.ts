import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, sweepThresholds, type ThresholdSweep } from '../../../src/index.js';

const seed = 20260101;
const equalCosts = { falsePositive: 1, falseNegative: 1 };

interface Case {
  readonly fn: string;
  readonly name: string;
  readonly input: { readonly labels: number[]; readonly scores: number[]; readonly costFalsePositive: number; readonly costFalseNegative: number };
  readonly expected: { readonly auc: number; readonly averagePrecision: number; readonly fpr: number[]; readonly tpr: number[]; readonly thresholds: (number | string)[]; readonly cost: number };
}

const reference = (JSON.parse(readFileSync('test/reference/roc.json', 'utf8')) as { cases: Case[] }).cases;

function swept(scores: readonly number[], labels: readonly number[], costs = equalCosts): ThresholdSweep {
  const sweep = sweepThresholds(Float64Array.from(scores), Uint8Array.from(labels), costs);
  if (sweep.kind !== 'sweep') throw new Error('expected a sweep');
  return sweep;
}

/** Labelled scores with ties and missing scores, both classes there. */
const calls = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 6 }).map((x) => x / 8), fc.double({ noDefaultInfinity: true })), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 40 })
  .filter((rows) => rows.some(([, label]) => label === 0) && rows.some(([, label]) => label === 1));

describe('sweepThresholds', () => {
  it.each(reference.filter((c) => c.fn === 'roc'))('agrees with reference points, area and precision: $name', ({ input, expected }) => {
    const sweep = swept(input.scores, input.labels);
    expect([...sweep.curve.thresholds]).toEqual([Infinity, ...expected.thresholds]);
    sweep.curve.truePositives.slice(1).forEach((tp, i) => { expect(tp / sweep.unsafeCount).toBeCloseTo(expected.tpr[i] ?? NaN, 12); });
    sweep.curve.falsePositives.slice(1).forEach((fp, i) => { expect(fp / sweep.safeCount).toBeCloseTo(expected.fpr[i] ?? NaN, 12); });
    expect(sweep.auc).toBeCloseTo(expected.auc, 12);
    expect(sweep.averagePrecision).toBeCloseTo(expected.averagePrecision, 12);
  });

  it.each(reference.filter((c) => c.fn === 'minimumCostThreshold'))('finds all cheapest thresholds: $name $input.costFalsePositive:$input.costFalseNegative', ({ input, expected }) => {
    const sweep = swept(input.scores, input.labels, { falsePositive: input.costFalsePositive, falseNegative: input.costFalseNegative });
    expect(sweep.lowestCost).toBe(expected.cost);
    expect(Array.from(sweep.minimisers, (at) => sweep.curve.thresholds[at]).reverse()).toEqual(expected.thresholds.map(Number));
  });

  it('has the area of all pairs compared, a missing score below every other', () => {
    fc.assert(fc.property(calls, (rows) => {
      const rank = (x: number): number => (Number.isNaN(x) ? -Infinity : x);
      let [won, pairs] = [0, 0];
      for (const [u, uLabel] of rows) for (const [s, sLabel] of rows) {
        if (uLabel !== 1 || sLabel !== 0) continue;
        pairs += 1;
        won += rank(u) > rank(s) ? 1 : rank(u) === rank(s) ? 0.5 : 0;
      }
      expect(swept(rows.map(([x]) => x), rows.map(([, label]) => label)).auc).toBeCloseTo(won / pairs, 12);
    }), { seed });
  });

  it('counts at each threshold what that threshold flags', () => {
    fc.assert(fc.property(calls, (rows) => {
      const { curve } = swept(rows.map(([x]) => x), rows.map(([, label]) => label));
      curve.thresholds.forEach((threshold, i) => {
        expect(curve.truePositives[i]).toBe(rows.filter(([x, label]) => label === 1 && x >= threshold).length);
        expect(curve.falsePositives[i]).toBe(rows.filter(([x, label]) => label === 0 && x >= threshold).length);
      });
    }), { seed });
  });

  it('names as safest the cheapest threshold that flags most', () => {
    const sweep = swept([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1]);
    expect(sweep.curve.thresholds[sweep.safest]).toBe(0.4);
    expect(sweep.minimisers).toHaveLength(2);
  });

  it('sees a tie through costs that have no exact double', () => {
    const costs = { falsePositive: 0.1, falseNegative: 0.3 };
    const sweep = swept([0.9, 0.5, 0.5, 0.5, 0.5, 0.1], [1, 1, 0, 0, 0, 0], costs);
    expect(Array.from(sweep.minimisers, (at) => sweep.curve.thresholds[at])).toEqual([0.9, 0.5]);
  });

  it('never flags a call without a score, and says how many there are', () => {
    const sweep = swept([NaN, 0.5, NaN, 0.2], [1, 1, 0, 0]);
    expect(sweep.unscored).toEqual({ safe: 1, unsafe: 1 });
    expect(sweep.curve.truePositives.at(-1)).toBe(1);
  });

  it.each([[[0, 0], 'unsafe'], [[1, 1], 'safe']] as const)('refuses with the n needed where a class has no call: %s', (labels, missing) => {
    const refusal = sweepThresholds(Float64Array.of(0.1, 0.2), Uint8Array.from(labels), equalCosts);
    expect(refusal).toMatchObject({ kind: 'refusal', n: 0, neededN: 1 });
    expect(refusal.kind === 'refusal' && refusal.reason).toContain(missing);
  });

  it.each([
    ['costs below 0', [0.1], [1], { falsePositive: -1, falseNegative: 1 }, 'BAD_PARAM'],
    ['costs that are not numbers', [0.1], [1], { falsePositive: NaN, falseNegative: 1 }, 'BAD_PARAM'],
    ['lengths that differ', [0.1], [1, 0], equalCosts, 'BAD_PARAM'],
    ['labels other than 0 and 1', [0.1], [2], equalCosts, 'BAD_PARAM'],
    ['infinite scores', [Infinity, 0], [1, 0], equalCosts, 'NOT_FINITE'],
  ])('refuses %s', (_, scores, labels, costs, code) => {
    expect(() => sweepThresholds(Float64Array.from(scores), Uint8Array.from(labels), costs)).toThrow(expect.objectContaining({ code }) as InputError);
  });
});
