import { InputError } from '../errors.js';
import { betaQuantile, betaQuantileUpper, logBetaTail } from './beta.js';
import { stirlingRest } from './gamma.js';
import { normalQuantile } from './normal.js';
import { positive, unit } from './sample.js';

/** ln of Gamma(a + 1/2) / Gamma(a), without the cancellation of two log-gammas. */
function logGammaHalfStep(a: number): number {
  return a * Math.log1p(0.5 / a) + 0.5 * Math.log(a) - 0.5 + stirlingRest(a + 0.5) - stirlingRest(a);
}

/**
 * ln of the density of a Student-t variable with location and scale.
 *
 * @param x - where, finite
 * @param df - degrees of freedom, finite, > 0
 * @param loc - centre, finite
 * @param scale - > 0, finite
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks O(1), relative error about 1e-15 also at a million degrees of freedom.
 * @example
 * ```ts
 * studentTLogPdf(0, 1).toFixed(12); // => (-Math.log(Math.PI)).toFixed(12)
 * ```
 */
export function studentTLogPdf(x: number, df: number, loc = 0, scale = 1): number {
  positive(df, 'df');
  positive(scale, 'scale');
  const z = (x - loc) / scale;
  if (!Number.isFinite(z)) throw new InputError('NOT_FINITE', `x, loc and their difference over scale must be finite, got ${String(x)}, ${String(loc)}, ${String(scale)}`);
  return logGammaHalfStep(df / 2) - 0.5 * Math.log(df * Math.PI) - Math.log(scale) - 0.5 * (df + 1) * Math.log1p((z / df) * z);
}

/**
 * ln P(T <= t) for a Student-t variable: full relative accuracy in the lower tail.
 *
 * @param t - finite
 * @param df - degrees of freedom, finite, > 0
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 */
export function logStudentTCdf(t: number, df: number): number {
  positive(df, 'df');
  if (!Number.isFinite(t)) throw new InputError('NOT_FINITE', `t must be finite, got ${String(t)}`);
  const ratio = (t / df) * t;
  const [x, y] = [1 / (1 + ratio), ratio / (1 + ratio)];
  const outer = logBetaTail(df / 2, 0.5, x, y) - Math.LN2;
  return t <= 0 ? outer : Math.log1p(-Math.exp(outer));
}

/**
 * P(T <= t) for a Student-t variable. The upper tail is `studentTCdf(-t, df)`.
 *
 * @param t - finite
 * @param df - degrees of freedom, finite, > 0
 * @returns a probability, with its relative accuracy kept in the lower tail
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Relative error about 1e-14, or 1e-16 df where that is more.
 * @see Abramowitz & Stegun (1964), 26.7.1.
 * @example
 * ```ts
 * studentTCdf(1, 1).toFixed(12); // => '0.750000000000'
 * ```
 */
export function studentTCdf(t: number, df: number): number {
  return Math.exp(logStudentTCdf(t, df));
}

/**
 * Quantile of the Student-t law.
 *
 * @param p - probability below the quantile, in [0, 1]
 * @param df - degrees of freedom, finite, > 0
 * @returns t with P(T <= t) = p; -Infinity and Infinity at the ends
 * @throws {@link InputError} BAD_PARAM
 * @remarks From a beta quantile, exact to about 1e-13 relative but next to the median.
 * @example
 * ```ts
 * studentTQuantile(0.975, 1).toFixed(9); // => '12.706204736'
 * ```
 */
export function studentTQuantile(p: number, df: number): number {
  unit(p, 'p');
  positive(df, 'df');
  if (p === 0.5) return 0;
  if (df > 1e12) return normalQuantile(p);
  const outer = 2 * Math.min(p, 1 - p);
  if (outer === 0) return p === 0 ? -Infinity : Infinity;
  // t^2 / (df + t^2) is Beta(1/2, df/2): both it and its complement are needed with all their digits.
  const y = betaQuantileUpper(0.5, df / 2, outer);
  const x = betaQuantile(df / 2, 0.5, outer);
  const size = Math.sqrt((df * y) / x);
  return p < 0.5 ? -size : size;
}
