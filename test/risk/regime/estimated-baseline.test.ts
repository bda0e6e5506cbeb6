import { expect, test } from 'vitest';
import { baselineDesign, conditionalArl, gammaIncUpper, random } from '../../../src/index.js';
import { exponentialSumLaw, gaussianSumLaw } from '../../../src/risk/regime/continuous-laws.js';
import { meanRunLength } from '../../../src/risk/regime/run-length.js';

const GAUSSIAN = { kind: 'gaussian', shift: 1, sides: 'both' } as const;
const EXPONENTIAL = { kind: 'exponential', rateRatio: 2, sides: 'up' } as const;

test('of drawn Gaussian baselines, the promised share has the promised mean', () => {
  const { threshold, plainThreshold, delay, plainDelay } = baselineDesign(GAUSSIAN, 200, 1000);
  expect(plainThreshold).toBeCloseTo(5.7574, 2);
  expect(threshold).toBeGreaterThan(6.8);
  expect(threshold).toBeLessThan(7);
  expect(delay / plainDelay).toBeCloseTo(1.19, 1);
  const { normal } = random(20260101);
  const baselines = 400;
  let kept = 0;
  for (let i = 0; i < baselines; i += 1) {
    const sample = Array.from({ length: 200 }, normal);
    const mean = sample.reduce((sum, x) => sum + x, 0) / 200;
    const sd = Math.sqrt(sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 199);
    const side = (offset: number): number => meanRunLength(gaussianSumLaw(0.5 * sd, threshold * sd, offset));
    if (1 / (1 / side(mean) + 1 / side(-mean)) >= 1000) kept += 1;
  }
  expect(Math.abs(kept / baselines - 0.9)).toBeLessThan(3 * Math.sqrt(0.09 / baselines));
});

test('of all exponential baselines, the promised share has the promised mean, upwards and downwards', () => {
  for (const sides of ['up', 'down'] as const) {
    const { threshold } = baselineDesign({ ...EXPONENTIAL, sides }, 50, 1000);
    /** The mean run length where the baseline's mean is so many times the true one. */
    const mean = (ratio: number): number => meanRunLength(exponentialSumLaw(sides === 'up' ? 2 : 0.5, threshold, ratio));
    const isGrowing = mean(1.01) > mean(1);
    const ratios = Array.from({ length: 17 }, (_, i) => 0.6 + 0.05 * i);
    const means = ratios.map(mean);
    expect(means.toSorted((a, b) => (isGrowing ? a - b : b - a)), sides).toEqual(means);
    let [low, high] = [0.6, 1.4];
    while (high - low > 1e-9) {
      const ratio = (low + high) / 2;
      if (mean(ratio) >= 1000 === isGrowing) high = ratio;
      else low = ratio;
    }
    // Fifty times the ratio is a gamma variable of shape 50.
    const above = gammaIncUpper(50, 50 * low);
    expect(Math.abs((isGrowing ? above : 1 - above) - 0.9), sides).toBeLessThan(1e-4);
  }
});

test('the mean given the baseline narrows to the known one as the baseline grows', () => {
  const at = (m: number, level: number): number => conditionalArl(GAUSSIAN, 5.75735, m, level);
  expect(at(100, 0.9)).toBeLessThan(at(1000, 0.9));
  expect(at(1000, 0.9)).toBeLessThan(1000);
  expect(at(1000, 0.1)).toBeGreaterThan(1000);
  expect(Math.abs(at(1_000_000, 0.5) / 1000 - 1)).toBeLessThan(0.01);
});

test('baselines that cannot carry a promise are refused', () => {
  expect(() => baselineDesign(EXPONENTIAL, 4, 1000)).toThrow('m must be an integer in [5, 10000000], got 4');
  expect(() => baselineDesign(EXPONENTIAL, 50, 1)).toThrow('arl0 must be in [10, 1e6], got 1');
  expect(() => conditionalArl(EXPONENTIAL, NaN, 50, 0.9)).toThrow('threshold must be in (0, 60], got NaN');
  expect(() => conditionalArl({ ...GAUSSIAN, shift: 0 }, 5, 50, 0.9)).toThrow('shift must be in [0.1, 10]');
});
