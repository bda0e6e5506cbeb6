import { logGamma, stirlingRest } from './gamma.js';
import { normalQuantile } from './normal.js';
import { positive, unit } from './sample.js';

const LOG_TWO_PI = 1.83787706640934548356065947281;

/** a ln(a / m) + m - a without cancellation where a is near m: the deviance part of a Poisson or binomial weight. */
export function deviance(a: number, m: number): number {
  const difference = a - m;
  if (Math.abs(difference) >= 0.1 * (a + m)) {
    const ratio = a / m;
    return a * (ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(m)) + m - a;
  }
  const v = difference / (a + m);
  const square = v * v;
  let sum = difference * v;
  let power = 2 * a * v;
  for (let j = 1; j < 100; j += 1) {
    power *= square;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return next;
    sum = next;
  }
  return sum;
}

/**
 * ln of x^a y^b / B(a, b), y = 1 - x: the beta density times x y, which is its density in log-odds.
 *
 * @remarks Loader's saddle-point form: relative error of the weight stays near 1e-14 for a + b to 1e9, where adding
 * log-gammas would lose as many digits as their size has.
 * @see Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function logBetaWeight(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const stirling = stirlingRest(n) - stirlingRest(a) - stirlingRest(b);
  return stirling - deviance(a, n * x) - deviance(b, n * y) + 0.5 * (Math.log(a) + Math.log(b / n) - LOG_TWO_PI);
}

/** The continued fraction of the incomplete beta function (modified Lentz), convergent fast for x <= (a+1)/(a+b+2). */
function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m < 1e6; m += 1) {
    const two = 2 * m;
    // Ratios, since the products of huge shapes are infinite.
    const even = (m / (a + two - 1)) * ((b - m) / (a + two)) * x;
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    if (Math.abs(c) < tiny) c = tiny;
    fraction *= d * c;
    const odd = -((a + m) / (a + two)) * ((a + b + m) / (a + two + 1)) * x;
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) <= 2e-16) break;
  }
  return fraction;
}

/**
 * ln of the regularised incomplete beta function I_x(a, b), x and y = 1 - x given apart so that neither end loses
 * digits. The upper tail is `logBetaTail(b, a, y, x)`.
 *
 * @param a - > 0
 * @param b - > 0
 * @param x - in [0, 1]
 * @param y - 1 - x
 */
export function logBetaTail(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return -Infinity;
  if (y <= 0) return 0;
  if (x <= (a + 1) / (a + b + 2)) return Math.min(0, logBetaWeight(a, b, x, y) + Math.log(continuedFraction(a, b, x) / a));
  const upper = logBetaWeight(b, a, y, x) + Math.log(continuedFraction(b, a, y) / b);
  return Math.log1p(-Math.exp(Math.min(0, upper)));
}

/**
 * Regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most x.
 *
 * @param a - first shape, finite, > 0
 * @param b - second shape, finite, > 0
 * @param x - in [0, 1]
 * @returns a probability; the upper tail is `betaInc(b, a, 1 - x)`, to full relative accuracy
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(sqrt(max(a, b))) terms of a continued fraction.
 * @see NIST Digital Library of Mathematical Functions, 8.17.22.
 * @example
 * ```ts
 * betaInc(2, 3, 0.4).toFixed(12); // => '0.524800000000'
 * ```
 */
export function betaInc(a: number, b: number, x: number): number {
  positive(a, 'a');
  positive(b, 'b');
  unit(x, 'x');
  return Math.exp(logBetaTail(a, b, x, 1 - x));
}

/**
 * Quantile of a Beta(a, b) variable.
 *
 * @param a - first shape, finite, > 0
 * @param b - second shape, finite, > 0
 * @param p - probability below the quantile, in [0, 1]
 * @returns x with I_x(a, b) = p; 0 or 1 where it rounds to that, as it does for shapes near 0
 * @throws {@link InputError} BAD_PARAM
 * @remarks About ten evaluations of the incomplete beta function. For a small probability above the quantile use
 * {@link betaQuantileUpper}: 1 - p would lose its digits.
 * @see Abramowitz & Stegun (1964), 26.5 (definition).
 * @example
 * ```ts
 * betaQuantile(1, 2, 0.75).toFixed(12); // => '0.500000000000'
 * ```
 */
export function betaQuantile(a: number, b: number, p: number): number {
  positive(a, 'a');
  positive(b, 'b');
  unit(p, 'p');
  return p <= 0.5 ? fromLogOdds(solveTail(a, b, p)) : fromLogOdds(-solveTail(b, a, 1 - p));
}

/** As {@link betaQuantile}, with `q` the probability above the quantile. */
export function betaQuantileUpper(a: number, b: number, q: number): number {
  positive(a, 'a');
  positive(b, 'b');
  unit(q, 'q');
  return q <= 0.5 ? fromLogOdds(-solveTail(b, a, q)) : fromLogOdds(solveTail(a, b, 1 - q));
}

function fromLogOdds(t: number): number {
  return t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t));
}

/** From here on both shapes are large enough for the expansion of the law of the log-odds. */
const BOTH_LARGE = 1e10;

/** Below this sum of shapes all probability a double can see is at 0 and 1. */
const BOTH_TINY = 1e-17;

/** Below this one shape alone leaves no probability anywhere but at its end. */
const ONE_TINY = 1e-290;

/** Doubles hold no odds beyond e^700 on both sides of the ratio. */
const MOST_LOG_ODDS = 700;

/**
 * Log-odds of the quantile with probability `p` <= 1/2 below; infinite where the quantile rounds to 0 or 1. Newton on
 * ln I as a function of log-odds: it is concave and increasing, so from the second step on the iterates rise to the
 * root and cannot overshoot. The first step may, far beyond the doubles where p is small: it is held to the tangent at
 * minus infinity, which lies above ln I. One that still leaves the doubles has its root beyond them.
 */
function solveTail(a: number, b: number, p: number): number {
  return p === 0 ? -Infinity : (limitLogOdds(a, b, p) ?? newtonLogOdds(a, b, p));
}

/** The quantile where a limit of the law is as good as the law; null elsewhere. */
function limitLogOdds(a: number, b: number, p: number): number | null {
  if (a + b < BOTH_TINY) return twoPointLogOdds(a, b, p);
  if (Math.min(a, b) < ONE_TINY) return a < b ? -Infinity : Infinity;
  return Math.min(a, b) > BOTH_LARGE ? nearlyNormalLogOdds(a, b, p) : null;
}

function newtonLogOdds(a: number, b: number, p: number): number {
  const target = Math.log(p);
  const lowest = lowestLogOdds(a, b, target);
  let t = Math.max(lowest, Math.min(Math.max(Math.log(a) - Math.log(b), -MOST_LOG_ODDS), MOST_LOG_ODDS));
  for (let i = 0; i < 200; i += 1) {
    const [x, y] = [fromLogOdds(t), fromLogOdds(-t)];
    if (x === 0) return -Infinity;
    if (y === 0) return Infinity;
    const tail = logBetaTail(a, b, x, y);
    const step = (tail - target) / Math.exp(logBetaWeight(a, b, x, y) - tail);
    // No slope left to follow: from here to that end all have one and the same probability below them.
    if (Number.isNaN(step)) return tail < target ? Infinity : -Infinity;
    t = Math.max(lowest, t - step);
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(t))) break;
  }
  return t;
}

/** Below the root: ln I < a t - ln(a B(a, b)), with room for rounding; -Infinity where that has no digits. */
function lowestLogOdds(a: number, b: number, target: number): number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const bound = (target + Math.log(a) + logBeta) / a;
  const slack = (1e-14 * (Math.abs(target) + Math.abs(logGamma(a + b)) + Math.abs(Math.log(a)))) / a + 1e-14 * Math.abs(bound);
  return bound - slack > -Infinity ? bound - slack : -Infinity;
}

/** The limit of both shapes going to 0: 0 with probability b / (a + b), otherwise 1. */
function twoPointLogOdds(a: number, b: number, p: number): number {
  const atZero = 1 / (1 + a / b);
  if (p === atZero) return 0;
  return p < atZero ? -Infinity : Infinity;
}

/** The first three cumulants of the log-odds, by Cornish and Fisher: what is left out is of relative order 1e-15. */
function nearlyNormalLogOdds(a: number, b: number, p: number): number {
  const z = normalQuantile(p);
  // The third cumulant over the variance is 1 / b - 1 / a.
  const centre = Math.log(a / b) + (1 / b - 1 / a) / 2;
  return centre + z * Math.sqrt(1 / a + 1 / b) + ((1 / b - 1 / a) * (z * z - 1)) / 6;
}
