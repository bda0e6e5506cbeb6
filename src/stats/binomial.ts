import { betaQuantile, betaQuantileUpper, logBetaTail, logBetaWeight } from './beta.js';
import { insideUnit, integerIn, unit } from './sample.js';

/** Two limits and the probability with which they hold the truth, before the data are seen. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}

/** Which limits are asked for; a one-sided one puts all of the error on its side. */
export type Side = 'two' | 'lower' | 'upper';

/**
 * P(X <= k) for X binomial with n trials of success probability p.
 *
 * @param k - integer; below 0 gives 0, from n on 1
 * @param n - trials, integer >= 0
 * @param p - success probability, in [0, 1]
 * @throws {@link InputError} BAD_PARAM
 * @remarks Full relative accuracy in this tail; the other is `binomialCdf(n - k - 1, n, 1 - p)`.
 * @example
 * ```ts
 * binomialCdf(1, 2, 0.5).toFixed(12); // => '0.750000000000'
 * ```
 */
export function binomialCdf(k: number, n: number, p: number): number {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  unit(p, 'p');
  integerIn(k, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'k');
  if (k < 0) return 0;
  // The last digit decides at the bound itself: a power keeps it, but for small p only the logarithm knows 1 - p.
  if (k === 0) return p < 0.25 ? Math.exp(n * Math.log1p(-p)) : (1 - p) ** n;
  return k >= n ? 1 : Math.exp(logBetaTail(n - k, k + 1, 1 - p, p));
}

/** ln P(X = k) for X binomial; 0 <= k <= n, p and q = 1 - p in (0, 1). */
export function logBinomialWeight(k: number, n: number, p: number, q: number): number {
  return logBetaWeight(k + 1, n - k + 1, p, q) - Math.log((n + 1) * p * q);
}

/**
 * Clopper-Pearson limits for a success probability: exact, so they hold with at least the stated level whatever the
 * probability is.
 *
 * @param k - successes, integer in [0, n]
 * @param n - trials, integer >= 0; with none the limits are 0 and 1
 * @param level - confidence, in (0, 1)
 * @param side - `two` (default) splits the error equally; `lower` and `upper` put all of it on that side
 * @returns limits in [0, 1]; 0 below k = 0, 1 above k = n
 * @throws {@link InputError} BAD_PARAM
 * @remarks Conservative: the trials are assumed independent with one probability.
 * @see Clopper & Pearson (1934), Biometrika 26, 404-413.
 * @example
 * ```ts
 * clopperPearson(0, 59, 0.95, 'upper').upper.toFixed(4); // => '0.0495'
 * ```
 */
export function clopperPearson(k: number, n: number, level: number, side: Side = 'two'): Limits {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(k, 0, n, 'k');
  insideUnit(level, 'level');
  const error = side === 'two' ? (1 - level) / 2 : 1 - level;
  return {
    lower: k === 0 || side === 'upper' ? 0 : betaQuantile(k, n - k + 1, error),
    upper: k === n || side === 'lower' ? 1 : betaQuantileUpper(k + 1, n - k, error),
    level,
  };
}

/**
 * The fewest trials without a success after which the one-sided upper limit is at most `bound`.
 *
 * @param bound - in (0, 1)
 * @param level - confidence, in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @example
 * ```ts
 * trialsToExclude(0.05, 0.95); // => 59
 * ```
 */
export function trialsToExclude(bound: number, level: number): number {
  insideUnit(bound, 'bound');
  insideUnit(level, 'level');
  return Math.ceil(Math.log1p(-level) / Math.log1p(-bound) - 1e-9);
}

