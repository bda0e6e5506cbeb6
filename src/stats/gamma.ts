import { positive } from './sample.js';

const HALF_LOG_TWO_PI = 0.918938533204672741780329736406;

/** Coefficients B_2k / (2k (2k - 1)) of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156, -3617 / 122_400] as const;

/** From here on eight terms of Stirling's series leave less than 1e-17. */
const SERIES_FROM = 10;

/**
 * What Stirling's formula misses: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2).
 *
 * @param x - > 0
 * @remarks Absolute error about 1e-16 for x >= 10, 1e-15 below. O(1).
 * @see NIST Digital Library of Mathematical Functions, 5.11.1.
 */
export function stirlingRest(x: number): number {
  let rest = 0;
  let at = x;
  while (at < SERIES_FROM) {
    rest += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const inverse = 1 / at;
  const square = inverse * inverse;
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k -= 1) series = series * square + (STIRLING[k] ?? 0);
  return rest + series * inverse;
}

/**
 * Natural logarithm of the gamma function.
 *
 * @param x - finite, > 0
 * @returns ln Gamma(x)
 * @throws {@link InputError} BAD_PARAM
 * @remarks Relative error about 1e-15, absolute near its zeros at 1 and 2. O(1).
 * @see NIST Digital Library of Mathematical Functions, 5.11.1.
 * @example
 * ```ts
 * logGamma(6).toFixed(12); // => Math.log(120).toFixed(12)
 * ```
 */
export function logGamma(x: number): number {
  positive(x, 'x');
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingRest(x);
}
