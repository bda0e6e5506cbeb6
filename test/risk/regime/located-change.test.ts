import { expect, test } from 'vitest';
import { mapSegmentation, random } from '../../../src/index.js';

test('an interval holds a change of pace as often as it says, and is no wider than that takes', () => {
  const rng = random(20260101);
  const [trials, n] = [300, 120];
  const params = { model: { model: 'gamma-exponential', shape: 1, rate: 7 }, hazard: { type: 'constant', lambda: n } } as const;
  let [found, held, width] = [0, 0, 0];
  for (let i = 0; i < trials; i += 1) {
    const at = 30 + rng.integer(60);
    const { changes } = mapSegmentation(params, Array.from({ length: n }, (_, t) => rng.exponential() * (t < at ? 10 : 10 / 3)), 0.9);
    const [change] = changes;
    if (change === undefined || changes.length > 1) continue;
    found += 1;
    held += Number(change.lower <= at && at <= change.upper);
    width += change.upper - change.lower + 1;
  }
  expect(found).toBeGreaterThan(0.95 * trials);
  // Four standard errors either way.
  expect(Math.abs(held / found - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / found));
  expect(width / found).toBeLessThan(15);
});
