import { expect } from 'vitest';
import { clopperPearson } from '../../../src/index.js';

/** Expects the share of successes to be compatible with `p`: within exact limits that miss it once in ten thousand runs. */
export function inBand(successes: number, trials: number, p: number): void {
  const { lower, upper } = clopperPearson(successes, trials, 0.9999);
  expect(p, `${String(successes)} of ${String(trials)}`).toBeGreaterThanOrEqual(lower);
  expect(p, `${String(successes)} of ${String(trials)}`).toBeLessThanOrEqual(upper);
}
