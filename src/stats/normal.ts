import { InputError } from '../errors.js';
import { unit } from './sample.js';

const TWO_OVER_ROOT_PI = 1.1283791670955126;
const LOG_ROOT_TWO_PI = 0.918938533204672741780329736406;

/** exp(-n^2 / 4), n = 1 .. 13: the trapezium rule with step 1/2 for the integral below. */
const WEIGHTS = Array.from({ length: 13 }, (_, i) => Math.exp(-((i + 1) * (i + 1)) / 4));

/** erf x for |x| <= 1: a series of terms of one sign, so no digits are lost near 0. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
    if (Math.abs(term) <= 1e-17 * Math.abs(sum)) break;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}

/**
 * exp(x^2) erfc x for x >= 1, by the trapezium rule for erfc x = (2 x / pi) exp(-x^2) int_0^inf exp(-t^2) / (x^2 + t^2) dt,
 * whose error exp(-(2 pi)^2) is below rounding once the pole's residue is added.
 */
function scaledErfc(x: number): number {
  const square = x * x;
  let sum = 0.5 / square;
  for (let n = WEIGHTS.length; n >= 1; n -= 1) sum += (WEIGHTS[n - 1] ?? 0) / (square + 0.25 * n * n);
  const rule = (x / Math.PI) * sum;
  return x < 6 ? rule - 2 * Math.exp(square - 4 * Math.PI * x) / (1 - Math.exp(-4 * Math.PI * x)) : rule;
}

/** exp(-x^2) with the rounding of x^2 taken out, which for x = 25 would cost three digits. */
function expMinusSquare(x: number): number {
  const high = Math.round(x * 16) / 16;
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/**
 * Complementary error function, 1 - erf x, to full relative accuracy in its tail.
 *
 * @param x - any number; NaN gives NaN
 * @returns (2 / sqrt(pi)) times the integral of exp(-t^2) from x on
 * @remarks Relative error below 1e-14 until the result leaves the normal doubles at x = 26.5. O(1).
 * @see Hunter & Regan (1972), Mathematics of Computation 26, 539-541.
 * @example
 * ```ts
 * erfc(0); // => 1
 * erfc(10).toPrecision(12); // => '2.08848758376e-45'
 * ```
 */
export function erfc(x: number): number {
  if (x < -1) return 2 - erfc(-x);
  if (x <= 1) return 1 - erfSeries(x);
  if (x > 28) return 0;
  return scaledErfc(x) * expMinusSquare(x);
}

/**
 * P(Z <= x) for a standard normal Z. The upper tail is `normalCdf(-x)`, to full relative accuracy.
 *
 * @param x - any number; NaN gives NaN
 * @returns a probability
 * @example
 * ```ts
 * normalCdf(0); // => 0.5
 * normalCdf(-10).toPrecision(12); // => '7.61985302416e-24'
 * ```
 */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/**
 * ln P(Z <= x) for a standard normal Z, finite however far x is in the lower tail.
 *
 * @param x - any number; NaN gives NaN
 * @returns a logarithm, <= 0
 * @example
 * ```ts
 * logNormalCdf(-100).toFixed(6); // => '-5005.524209'
 * ```
 */
export function logNormalCdf(x: number): number {
  if (x >= 0) return Math.log1p(-0.5 * erfc(x * Math.SQRT1_2));
  const t = -x * Math.SQRT1_2;
  return t <= 1 ? Math.log(0.5 * erfc(t)) : Math.log(0.5 * scaledErfc(t)) - 0.5 * x * x;
}

/** ln of the standard normal density. */
export function logNormalPdf(x: number): number {
  return -0.5 * x * x - LOG_ROOT_TWO_PI;
}

/**
 * Quantile of the standard normal law.
 *
 * @param p - probability below the quantile, in [0, 1]
 * @returns x with P(Z <= x) = p; -Infinity and Infinity at the ends
 * @throws {@link InputError} BAD_PARAM
 * @remarks Relative error about 1e-15 for p <= 1/2; for a small probability above use `-normalQuantile(q)`.
 * @see Wichura (1988), Applied Statistics 37, 477-484 (the function; here it is inverted by Halley's method).
 * @example
 * ```ts
 * normalQuantile(0.5); // => 0
 * normalQuantile(0.975).toFixed(12); // => '1.959963984540'
 * ```
 */
export function normalQuantile(p: number): number {
  unit(p, 'p');
  const centred = p - 0.5;
  if (Math.abs(centred) > 0.25) return centred < 0 ? normalQuantileOfLog(Math.log(p)) : -normalQuantileOfLog(Math.log1p(-p));
  // Near the middle: erf(x / sqrt 2) / 2 = p - 1/2, so that a p next to 1/2 keeps its digits.
  let x = centred * 2.5066282746310002;
  for (let i = 0; i < 8; i += 1) {
    const step = (0.5 * erfSeries(x * Math.SQRT1_2) - centred) / Math.exp(logNormalPdf(x));
    const change = step / (1 + 0.5 * x * step);
    x -= change;
    if (Math.abs(change) <= 1e-16 * Math.abs(x)) break;
  }
  return x;
}

/**
 * As {@link normalQuantile}, of a probability given by its logarithm, which may be too small for a double.
 *
 * @param logP - ln p, <= 0
 * @throws {@link InputError} BAD_PARAM
 */
export function normalQuantileOfLog(logP: number): number {
  if (!(logP <= 0)) throw new InputError('BAD_PARAM', `logP must be <= 0, got ${String(logP)}`);
  if (logP > -0.7) {
    // Above the median the tail that is small is the other one.
    return logP === 0 ? Infinity : -solveLogTail(Math.log(-Math.expm1(logP)));
  }
  return solveLogTail(logP);
}

/** Newton on ln Phi, which is concave and increasing: from the second step on the iterates rise to the root. */
function solveLogTail(logP: number): number {
  if (logP === -Infinity) return -Infinity;
  let x = -Math.sqrt(Math.max(0, -2 * logP - 1.2));
  for (let i = 0; i < 60; i += 1) {
    const tail = logNormalCdf(x);
    const change = (tail - logP) * Math.exp(tail - logNormalPdf(x));
    x -= change;
    if (Math.abs(change) <= 1e-15 * Math.max(Math.abs(x), 1e-3)) break;
  }
  return x;
}
