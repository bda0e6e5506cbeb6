import { deviance } from './beta.js';
import { stirlingRest } from './gamma.js';
import { InputError } from '../errors.js';
import { positive, unit } from './sample.js';

const LOG_TWO_PI = 1.83787706640934548356065947281;

/** ln of x^a exp(-x) / Gamma(a), the gamma density times x, in Loader's saddle-point form. */
function logGammaWeight(a: number, x: number): number {
  return 0.5 * (Math.log(a) - LOG_TWO_PI) - deviance(a, x) - stirlingRest(a);
}

/** sum of x^n / ((a + 1) ... (a + n)), n from 0: the lower tail is the weight / a times it. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 1e6; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term <= 1e-17 * sum) break;
  }
  return sum;
}

/** The continued fraction of the upper tail (modified Lentz): the tail is the weight times it. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / (b === 0 ? tiny : b);
  let fraction = d;
  for (let n = 1; n < 1e6; n += 1) {
    const numerator = n * (a - n);
    b += 2;
    d = numerator * d + b;
    d = 1 / (d === 0 ? tiny : d);
    c = b + numerator / c;
    if (c === 0) c = tiny;
    fraction *= c * d;
    if (Math.abs(c * d - 1) <= 2e-16) break;
  }
  return fraction;
}

/** ln of both tails of a Gamma(a, 1) variable at x, the smaller one with all its digits. */
function logTails(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  const weight = logGammaWeight(a, x);
  if (x < a + 1) {
    const lower = Math.min(0, weight - Math.log(a) + Math.log(lowerSeries(a, x)));
    return { lower, upper: Math.log1p(-Math.exp(lower)) };
  }
  const upper = Math.min(0, weight + Math.log(upperFraction(a, x)));
  return { lower: Math.log1p(-Math.exp(upper)), upper };
}

/**
 * Regularised lower incomplete gamma function P(a, x): the probability that a Gamma(a, 1) variable is at most x.
 *
 * @param a - shape, finite, > 0
 * @param x - >= 0; may be Infinity
 * @returns a probability
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(sqrt(a)) terms of a series or continued fraction.
 * @see NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2.
 * @example
 * ```ts
 * gammaIncLower(1, 2).toFixed(12); // => (1 - Math.exp(-2)).toFixed(12)
 * ```
 */
export function gammaIncLower(a: number, x: number): number {
  positive(a, 'a');
  notNegative(x);
  return Math.exp(logTails(a, x).lower);
}

/** As {@link gammaIncLower}, of the probability above x; P(X > x) of a chi-squared law with k degrees is Q(k/2, x/2). */
export function gammaIncUpper(a: number, x: number): number {
  positive(a, 'a');
  notNegative(x);
  return Math.exp(logTails(a, x).upper);
}

/**
 * Quantile of a Gamma(a, 1) variable.
 *
 * @param a - shape, finite, > 0
 * @param p - probability below the quantile, in [0, 1]
 * @returns x with P(a, x) = p
 * @throws {@link InputError} BAD_PARAM
 * @remarks About ten evaluations of the incomplete gamma function. For a small probability above use
 * {@link gammaQuantileUpper}.
 * @example
 * ```ts
 * gammaQuantile(1, 0.5).toFixed(12); // => Math.LN2.toFixed(12)
 * ```
 */
export function gammaQuantile(a: number, p: number): number {
  positive(a, 'a');
  unit(p, 'p');
  return p <= 0.5 ? solve(a, p, 'lower') : solve(a, 1 - p, 'upper');
}

/** As {@link gammaQuantile}, with `q` the probability above the quantile. */
export function gammaQuantileUpper(a: number, q: number): number {
  positive(a, 'a');
  unit(q, 'q');
  return q <= 0.5 ? solve(a, q, 'upper') : solve(a, 1 - q, 'lower');
}

/** Newton on the log tail in ln x: concave there, so from the second step on it cannot overshoot. */
function solve(a: number, tail: number, side: 'lower' | 'upper'): number {
  if (tail === 0) return side === 'lower' ? 0 : Infinity;
  const target = Math.log(tail);
  const sign = side === 'lower' ? 1 : -1;
  let t = Math.log(a);
  for (let i = 0; i < 200; i += 1) {
    const x = Math.exp(t);
    if (x === 0) return 0;
    const log = logTails(a, x)[side];
    const step = (sign * (log - target)) / Math.exp(logGammaWeight(a, x) - log);
    if (!Number.isFinite(step)) throw new InputError('BAD_PARAM', `no quantile of Gamma(${String(a)}) at ${String(tail)} within doubles`);
    t -= step;
    if (Math.abs(step) <= 2e-16 * Math.max(1, Math.abs(t))) break;
  }
  return Math.exp(t);
}

function notNegative(x: number): void {
  if (!(x >= 0)) throw new InputError('BAD_PARAM', `x must be >= 0, got ${String(x)}`);
}
