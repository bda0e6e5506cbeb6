import { expect, test } from 'vitest';
import { type LevelFamily, random, regimeLevel } from '../../../src/index.js';

test('limits of a mean hold it as often as they say', () => {
  const rng = random(20260101);
  const draws: [LevelFamily, number, () => number][] = [
    ['gaussian', 3, () => 3 + 2 * rng.normal()],
    ['exponential', 40, () => 40 * rng.exponential()],
    ['bernoulli', 0.3, () => (rng.uniform() < 0.3 ? 1 : 0)],
    ['poisson', 2.5, () => { let [k, left] = [0, 2.5 - rng.exponential()]; while (left > 0) { k += 1; left -= rng.exponential(); } return k; }],
  ];
  for (const [family, mean, draw] of draws) {
    let held = 0;
    for (let i = 0; i < 2000; i += 1) {
      const { lower, upper } = regimeLevel(family, Array.from({ length: 8 }, draw), 0.9);
      if (lower !== null && upper !== null && lower <= mean && mean <= upper) held += 1;
    }
    // Four standard errors; limits of counts hold more than they must.
    const slack = 4 * Math.sqrt((0.9 * 0.1) / 2000);
    expect(held / 2000, family).toBeGreaterThan(0.9 - slack);
    if (family === 'gaussian' || family === 'exponential') expect(held / 2000, family).toBeLessThan(0.9 + slack);
  }
});

test('little data bounds little', () => {
  expect(regimeLevel('gaussian', [4], 0.9)).toEqual({ n: 1, mean: 4, sd: null, lower: null, upper: null });
  expect(regimeLevel('exponential', [0, 0], 0.9)).toMatchObject({ mean: 0, lower: 0, upper: 0 });
  expect(regimeLevel('poisson', [0, 0], 0.9)).toMatchObject({ mean: 0, lower: 0 });
  expect(regimeLevel('poisson', [0, 0], 0.9).upper).toBeCloseTo(-Math.log(0.05) / 2, 12);
  expect(() => regimeLevel('gaussian', [], 0.9)).toThrow('xs must hold at least one observation, got none');
  expect(() => regimeLevel('normal' as 'gaussian', [1], 0.9)).toThrow('family must be one of gaussian, exponential, bernoulli, poisson, got normal');
  expect(() => regimeLevel('exponential', [1, -1], 0.9)).toThrow('x must be finite and >= 0, got -1');
  expect(() => regimeLevel('bernoulli', [0.5], 0.9)).toThrow('x must be an integer in [0, 1], got 0.5');
  expect(() => regimeLevel('gaussian', [1, 2], 1)).toThrow('level must be in (0, 1), got 1');
});
