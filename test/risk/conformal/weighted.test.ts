import { expect, it } from 'vitest';
import { random, recencyLoss, recencyWeights, splitThreshold, weightedLoss, weightedThreshold } from '../../../src/index.js';
import { referenceCases } from '../../stats/reference.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'weightedQuantile'))('the threshold equals reference $id', ({ input, expected }) => {
  const { scores, weights, testWeight, alpha } = input as { scores: number[]; weights: number[]; testWeight: number; alpha: number };
  expect(weightedThreshold(scores, weights, { testWeight, alpha }).threshold).toBe(expected === 'Infinity' ? Infinity : expected);
});

it('equal weights give the split threshold, whatever their size and with ties', () => {
  const source = random(seed);
  for (const weight of [1, 0.1, 3]) {
    for (let n = 0; n <= 40; n += 1) {
      const scores = Array.from({ length: n }, () => source.integer(12));
      for (const alpha of [0, 0.05, 0.1, 0.3, 0.7, 1]) {
        const { threshold, effectiveN } = weightedThreshold(scores, Array<number>(n).fill(weight), { alpha, testWeight: weight });
        expect(threshold).toBe(splitThreshold(scores, { alpha }).threshold);
        expect(effectiveN).toBeCloseTo(n, 9);
      }
    }
  }
});

it('weights near the largest and the smallest double give what their proportions do', () => {
  for (const scale of [1, 1e300, 1e-300]) {
    const weights = [1e8, 1e8, 1].map((weight) => weight * scale);
    expect(weightedThreshold([1, 2, 3], weights, { alpha: 0.5 * 0.9, testWeight: scale })).toMatchObject({ threshold: 2, neededWeight: null });
    expect(weightedThreshold([1, 2, 3], weights, { alpha: 0.5, testWeight: scale }).effectiveN).toBeCloseTo(2, 6);
  }
  const { effectiveN, weight } = weightedThreshold([1, 2, 3], [1e308, 1e308, 1], { alpha: 0.5 });
  expect([effectiveN, weight]).toEqual([2, Number.MAX_VALUE]);
  expect(weightedThreshold([1], [1], { alpha: 0.01, testWeight: 1e308 }).neededWeight).toBe(Number.MAX_VALUE);
  expect(weightedLoss([1e308, 1e308], [1, 1])).toBe(1);
});

it('weights that are too small cover everything and say how much would be enough', () => {
  const forgetful = weightedThreshold(Array.from({ length: 1000 }, (_, i) => i), recencyWeights(1000, 0.8), { alpha: 0.1 });
  expect(forgetful.threshold).toBe(Infinity);
  expect(forgetful.neededWeight).toBeCloseTo(9, 12);
  expect(forgetful.weight).toBeLessThan(9);
  expect(weightedThreshold([1], [1], { alpha: 0 }).neededWeight).toBe(Infinity);
  expect(weightedThreshold([1, 2], [0, 1], { alpha: 0.5 })).toMatchObject({ threshold: 2, neededWeight: null });
});

it('coverage after slow drift falls no further than the loss stated, and less than without weights', () => {
  const source = random(seed);
  const [n, rho, alpha, runs] = [300, 0.98, 0.1, 2000];
  // Scores uniform on [a, a + 1]: neighbours whose ends differ by d have total variation d.
  const driftPerStep = 0.001;
  let [weighted, plain] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const scores = Float64Array.from({ length: n }, (_, i) => i * driftPerStep + source.uniform());
    const x = n * driftPerStep + source.uniform();
    if (x <= weightedThreshold(scores, recencyWeights(n, rho), { alpha }).threshold) weighted += 1;
    if (x <= splitThreshold(scores, { alpha }).threshold) plain += 1;
  }
  const loss = recencyLoss({ n, rho, driftPerStep });
  expect(loss).toBeGreaterThan(0.05);
  expect(weighted / runs).toBeGreaterThan(1 - alpha - loss);
  expect(weighted / runs).toBeGreaterThan(plain / runs + 0.05);
});

it('without drift weights keep the promise', () => {
  const source = random(seed);
  let covered = 0;
  for (let run = 0; run < 3000; run += 1) {
    const scores = Float64Array.from({ length: 100 }, source.normal);
    if (source.normal() <= weightedThreshold(scores, recencyWeights(100, 0.95), { alpha: 0.1 }).threshold) covered += 1;
  }
  expect(covered / 3000).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / 3000));
});

it('the loss is between none and all', () => {
  expect(recencyLoss({ n: 100, rho: 0.9, driftPerStep: 0 })).toBe(0);
  const weights = recencyWeights(100, 0.9);
  const sum = weights.reduce((a, b) => a + b, 0);
  expect(recencyLoss({ n: 100, rho: 0.9, driftPerStep: 1 })).toBeCloseTo(sum / (1 + sum), 12);
});

it('after a sudden change coverage falls no further than the weight of what is older', () => {
  const source = random(seed);
  const [n, rho, alpha, since, runs] = [200, 0.97, 0.1, 60, 2000];
  const weights = recencyWeights(n, rho);
  const loss = weightedLoss(weights, weights.map((_, i) => (n - i > since ? 1 : 0)));
  expect(loss).toBeLessThan(rho ** since);
  let covered = 0;
  for (let run = 0; run < runs; run += 1) {
    const scores = Float64Array.from({ length: n }, (_, i) => source.normal() + (n - i > since ? 0 : 50));
    if (source.normal() + 50 <= weightedThreshold(scores, weights, { alpha }).threshold) covered += 1;
  }
  expect(covered / runs).toBeGreaterThan(1 - alpha - loss - 3 * Math.sqrt(0.09 / runs));
});

it('bad weights are refused', () => {
  expect(() => weightedLoss([1], [])).toThrow('variations must be as many as weights');
  expect(() => weightedLoss([1], [2])).toThrow('variation 0 must be in [0, 1]');
  expect(() => weightedThreshold([1], [], { alpha: 0.1 })).toThrow('weights must be as many as scores');
  for (const bad of [-1, NaN, Infinity]) expect(() => weightedThreshold([1], [bad], { alpha: 0.1 })).toThrow('weight 0 must be finite and >= 0');
  expect(() => weightedThreshold([NaN], [1], { alpha: 0.1 })).toThrow('score 0 must not be NaN');
  expect(() => weightedThreshold([1], [1], { alpha: 0.1, testWeight: 0 })).toThrow('testWeight');
  for (const rho of [0, 1, NaN]) expect(() => recencyWeights(3, rho)).toThrow('rho must be in (0, 1)');
});
