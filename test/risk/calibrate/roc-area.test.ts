import { describe, expect, it } from 'vitest';
import { properScores, random, rocArea, sweepThresholds } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

interface Labelled {
  readonly scores: number[];
  readonly labels: number[];
}

const ofClass = ({ scores, labels }: Labelled, label: number): number[] => scores.filter((_, i) => labels[i] === label);

describe('rocArea', () => {
  it.each(referenceCases('roc', 'roc'))('agrees with reference area and variance $id', ({ id, input, expected, tol }) => {
    const labelled = input as unknown as Labelled;
    const { auc, delongVariance } = rocArea(ofClass(labelled, 0), ofClass(labelled, 1));
    const want = expected as { auc: number; delongVariance: number };
    expectClose(auc, want.auc, tol, id);
    expectClose(delongVariance, want.delongVariance, tol, id);
  });

  it('has the area of the sweep, missing scores below all others', () => {
    const source = random(5);
    const scores = Float64Array.from({ length: 300 }, (_, i) => (i % 17 === 0 ? NaN : source.integer(40) / 40));
    const unsafe = Uint8Array.from(scores, () => source.integer(2));
    const sweep = sweepThresholds(scores, unsafe, { falsePositive: 1, falseNegative: 1 });
    const { auc } = rocArea(scores.filter((_, i) => unsafe[i] === 0), scores.filter((_, i) => unsafe[i] === 1));
    expect(sweep.kind === 'sweep' && sweep.auc).toBeCloseTo(auc, 12);
  });

  it('claims no certainty from a perfect area: limits from as many pairs as the smaller class has calls', () => {
    const perfect = rocArea([1, 2, 3, 4], [5, 6, 7]);
    expect(perfect).toMatchObject({ auc: 1, delongVariance: 0, method: 'pairs', upper: 1 });
    expect(perfect.lower).toBeCloseTo(0.025 ** (1 / 3), 12);
    const reversed = rocArea([5, 6, 7], [1, 2, 3, 4]);
    expect(reversed).toMatchObject({ auc: 0, lower: 0, method: 'pairs' });
    expect(reversed.upper).toBeCloseTo(1 - perfect.lower, 12);
    expect(rocArea([1, 3], [2])).toMatchObject({ delongVariance: null, method: 'none', lower: 0, upper: 1 });
  });

  it('holds the true area with about its level', () => {
    const [source, runs] = [random(9), 1000];
    let held = 0;
    // Uniform against the larger of two uniforms: the true area is 2/3.
    for (let run = 0; run < runs; run += 1) {
      const { lower, upper } = rocArea(Array.from({ length: 60 }, source.uniform), Array.from({ length: 60 }, () => Math.max(source.uniform(), source.uniform())));
      if (lower <= 2 / 3 && 2 / 3 <= upper) held += 1;
    }
    expect(held / runs).toBeGreaterThan(0.95 - 0.03);
  });

  it('refuses a class without a call', () => {
    expect(() => rocArea([], [1])).toThrow(expect.objectContaining({ code: 'TOO_FEW' }) as Error);
  });
});

describe('properScores', () => {
  it.each(referenceCases('roc', 'properScores'))('agrees with reference $id', ({ id, input, expected, tol }) => {
    const { scores, labels } = input as unknown as Labelled;
    expectClose(properScores(scores, labels), expected, tol, id);
  });

  it('stays finite where a certain score is wrong, and refuses what is no probability', () => {
    expect(properScores([1], [0]).logLoss).toBeCloseTo(-Math.log(1e-15), 9);
    expect(() => properScores([1.5], [0])).toThrow('a score');
    expect(() => properScores([0.5], [2])).toThrow('0 or 1');
    expect(() => properScores([0.5], [])).toThrow('one label a score');
    expect(() => properScores([], [])).toThrow('none');
  });
});
