import { positive } from './sample.js';

/** Coefficients B_2k / 2k of the asymptotic series. */
const SERIES = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760, 1 / 12] as const;

/**
 * Digamma function: the derivative of ln Gamma.
 *
 * @param x - finite, > 0
 * @returns psi(x)
 * @throws {@link InputError} BAD_PARAM
 * @remarks Relative error about 1e-15, absolute near its zero at 1.4616. O(1).
 * @see NIST Digital Library of Mathematical Functions, 5.11.2.
 * @example
 * ```ts
 * digamma(1).toFixed(12); // => '-0.577215664902'
 * ```
 */
export function digamma(x: number): number {
  positive(x, 'x');
  let steps = 0;
  let at = x;
  while (at < 10) {
    steps += 1 / at;
    at += 1;
  }
  const square = 1 / (at * at);
  let series = 0;
  for (let k = SERIES.length - 1; k >= 0; k -= 1) series = (series + (SERIES[k] ?? 0)) * square;
  return Math.log(at) - 0.5 / at - series - steps;
}
