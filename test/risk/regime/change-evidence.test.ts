import { expect, test } from 'vitest';
import { changeEvidence, changeWithin, mapSegmentation, type SegmentModel } from '../../../src/index.js';

const COIN: SegmentModel = { model: { model: 'beta-bernoulli', a: 1, b: 1 }, hazard: { type: 'constant', lambda: 5 } };

/** p(ones among n, in this order) with a uniform prior: k! (n - k)! / (n + 1)!. */
function marginal(xs: readonly number[]): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const k = xs.filter((x) => x === 1).length;
  return (factorial(k) * factorial(xs.length - k)) / factorial(xs.length + 1);
}

test('the Bayes factor is that of all segmentations written out', () => {
  const xs = [0, 0, 0, 1, 1, 1, 1];
  const n = xs.length;
  let [changed, prior] = [0, 0];
  for (let mask = 1; mask < 2 ** (n - 1); mask += 1) {
    const cuts = Array.from({ length: n - 1 }, (_, i) => i + 1).filter((i) => (mask >> (i - 1)) & 1);
    const bounds = [0, ...cuts, n];
    const p = 0.2 ** cuts.length * 0.8 ** (n - 1 - cuts.length);
    prior += p;
    changed += p * bounds.slice(1).reduce((product, to, k) => product * marginal(xs.slice(bounds[k], to)), 1);
  }
  const { logBayesFactor, logEvidenceNoChange, probability } = changeEvidence(COIN, xs);
  expect(logEvidenceNoChange).toBeCloseTo(Math.log(marginal(xs)), 11);
  expect(logBayesFactor).toBeCloseTo(Math.log(changed / prior / marginal(xs)), 11);
  expect(probability).toBeCloseTo(changeWithin(COIN, xs, { from: 1, to: n - 1 }), 12);
  const { logEvidence } = mapSegmentation(COIN, xs);
  expect(Math.exp(logEvidence)).toBeCloseTo(changed + 0.8 ** (n - 1) * marginal(xs), 12);
});

test('evidence without end stays a number, and too little data is refused', () => {
  const xs = [...Array<number>(2000).fill(0), ...Array<number>(2000).fill(1)];
  const { logBayesFactor, probability } = changeEvidence({ ...COIN, hazard: { type: 'constant', lambda: 4000 } }, xs);
  expect(logBayesFactor).toBeGreaterThan(2700);
  expect(logBayesFactor).toBeLessThan(2800);
  expect(probability).toBe(1);
  expect(() => changeEvidence(COIN, [1])).toThrow('xs must hold at least two observations, got 1');
  expect(() => changeEvidence(COIN, new Float64Array(50_001))).toThrow('at most 50000');
});
