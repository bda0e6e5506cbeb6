import { productError, sumError } from './fma.js';

/** A number as an unevaluated sum of two doubles, the second at most half a unit in the last place of the first. */
interface Pair {
  readonly high: number;
  readonly low: number;
}

/** ln 2 to 107 bits. */
const LN2: Pair = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };
/** Terms of the series kept as pairs; what comes after them is below 2^-50 and needs doubles only. */
const PAIRED_TERMS = 10;
const TERMS = 23;

function sum(a: Pair, b: Pair): Pair {
  const high = a.high + b.high;
  const low = sumError(a.high, b.high, high) + a.low + b.low;
  const total = high + low;
  return { high: total, low: low - (total - high) };
}

function product(a: Pair, b: Pair): Pair {
  const high = a.high * b.high;
  const low = productError(a.high, b.high, high) + (a.high * b.low + a.low * b.high);
  const total = high + low;
  return { high: total, low: low - (total - high) };
}

/** `a / b` for a double over a pair: one quotient, and one of what it leaves. */
function ratio(a: number, b: Pair): Pair {
  const high = a / b.high;
  const back = high * b.high;
  const rest = a - back - productError(high, b.high, back) - high * b.low;
  return { high, low: rest / b.high };
}

const COEFFICIENTS: readonly Pair[] = Array.from({ length: PAIRED_TERMS }, (_, k) => ratio(1, { high: 2 * k + 1, low: 0 }));

/** artanh(s) / s for |s| <= 0.172, of z = s^2. */
function artanhSeries(z: Pair): Pair {
  let tail = 0;
  for (let k = TERMS; k >= PAIRED_TERMS; k -= 1) tail = tail * z.high + 1 / (2 * k + 1);
  let series: Pair = { high: tail, low: 0 };
  for (let k = PAIRED_TERMS - 1; k >= 0; k -= 1) series = sum(product(series, z), COEFFICIENTS[k] ?? LN2);
  return series;
}

/** `x = mantissa * 2^exponent` with the mantissa between the square roots of 1/2 and 2; x is positive and finite. */
function parts(x: number): { readonly mantissa: number; readonly exponent: number } {
  let mantissa = x;
  let exponent = 0;
  // Steps of 2^±64 reach every double in 17 of them, all exact.
  for (; mantissa < 2 ** -64; mantissa *= 2 ** 64) exponent -= 64;
  for (; mantissa > 2 ** 64; mantissa *= 2 ** -64) exponent += 64;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) exponent -= 1;
  for (; mantissa > Math.SQRT2; mantissa *= 0.5) exponent += 1;
  return { mantissa, exponent };
}

/**
 * Natural logarithm rounded once, where `Math.log` may be off by the last bit: for figures that must equal those of
 * a C library bit for bit.
 *
 * @param x - any double
 * @returns the double nearest to ln x; -Infinity at 0, NaN below it
 * @remarks O(1), about a microsecond. Computed to 2^-103 relative: one result in some 2^49 may be rounded the wrong way.
 * @see Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., sections 4.3, 10.3 and 14.1.
 * @example
 * ```ts
 * roundedLog(10); // => 2.302585092994046
 * ```
 */
export function roundedLog(x: number): number {
  if (!(x > 0 && x < Infinity)) return Math.log(x);
  const { mantissa, exponent } = parts(x);
  const more = mantissa + 1;
  const s = ratio(mantissa - 1, { high: more, low: sumError(mantissa, 1, more) });
  const log = product({ high: 2 * s.high, low: 2 * s.low }, artanhSeries(product(s, s)));
  const whole = product({ high: exponent, low: 0 }, LN2);
  const { high, low } = sum(whole, log);
  return high + low;
}
