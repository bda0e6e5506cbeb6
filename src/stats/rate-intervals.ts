import { betaQuantile, betaQuantileUpper } from './beta.js';
import type { Limits } from './binomial.js';
import { normalQuantile } from './normal.js';
import { insideUnit, integerIn } from './sample.js';

function check(k: number, n: number, level: number): void {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(k, 0, n, 'k');
  insideUnit(level, 'level');
}

/**
 * Wilson's score limits for a success probability, without continuity correction. For display and comparison only.
 *
 * @param k - successes, integer in [0, n]
 * @param n - trials, integer >= 0; with none the limits are 0 and 1
 * @param level - nominal confidence, in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @remarks No guarantee: the level holds on average over probabilities, and at some it is missed by several points
 * (nominal 95 % covers 84 % at p = 0.0145 and n = 12). What has to hold is {@link clopperPearson}.
 * @see Wilson (1927), JASA 22, 209-212.
 * @example
 * ```ts
 * wilson(0, 10, 0.95).upper.toFixed(4); // => '0.2775'
 * ```
 */
export function wilson(k: number, n: number, level: number): Limits {
  check(k, n, level);
  if (n === 0) return { lower: 0, upper: 1, level };
  const square = normalQuantile((1 - level) / 2) ** 2;
  // The roots of (n + z^2) q^2 - (2 k + z^2) q + k^2 / n: the larger one, and the smaller from their product.
  const upper = (2 * k + square + Math.sqrt(square * (square + 4 * k * ((n - k) / n)))) / (2 * (n + square));
  return { lower: k === 0 ? 0 : (k * (k / n)) / ((n + square) * upper), upper: k === n ? 1 : upper, level };
}

/**
 * Jeffreys' limits for a success probability: quantiles of the Beta(k + 1/2, n - k + 1/2) posterior. For display and
 * comparison only.
 *
 * @param k - successes, integer in [0, n]
 * @param n - trials, integer >= 0; with none the limits are 0 and 1
 * @param level - nominal confidence, in (0, 1)
 * @returns limits; 0 below k = 0, 1 above k = n
 * @throws {@link InputError} BAD_PARAM
 * @remarks No guarantee, as for {@link wilson}: the level holds on average over probabilities only (nominal 95 %
 * covers 88 % at p = 0.049 and n = 50). What has to hold is {@link clopperPearson}.
 * @see Brown, Cai & DasGupta (2001), Statistical Science 16, 101-133.
 * @example
 * ```ts
 * jeffreys(0, 10, 0.95).upper.toFixed(4); // => '0.2172'
 * ```
 */
export function jeffreys(k: number, n: number, level: number): Limits {
  check(k, n, level);
  const tail = (1 - level) / 2;
  return {
    lower: k === 0 ? 0 : betaQuantile(k + 0.5, n - k + 0.5, tail),
    upper: k === n ? 1 : betaQuantileUpper(k + 0.5, n - k + 0.5, tail),
    level,
  };
}
