import { decimalOf } from '../../stats/decimal.js';
import { integerIn, unit } from '../../stats/sample.js';

/**
 * Rank of the split-conformal threshold: ceil((n + 1) (1 - alpha)), exactly.
 *
 * @param n - calibration scores, integer >= 0
 * @param alpha - miscoverage, in [0, 1]
 * @returns 0 (alpha = 1: below every score) to n + 1 (above every score: the threshold is Infinity)
 * @throws {@link InputError} BAD_PARAM
 * @remarks Integer arithmetic on the decimal text of alpha. In floating point 1 - 0.1 is a little off and the product
 * may land on the wrong side of an integer, where one rank too few breaks the promise.
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, chapter 2.
 * @example
 * ```ts
 * conformalRank(19, 0.1); // => 18
 * conformalRank(8, 0.1); // => 9
 * conformalRank(1999998, 0.001); // => 1998000
 * ```
 */
export function conformalRank(n: number, alpha: number): number {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER - 1, 'n');
  const { numerator, denominator } = decimalOf(unit(alpha, 'alpha'), 'alpha');
  return n + 1 - Number((BigInt(n + 1) * numerator) / denominator);
}

/**
 * The fewest calibration scores with which a split-conformal threshold at `alpha` is one of them: 1 / alpha - 1,
 * rounded up, exactly.
 *
 * @param alpha - miscoverage, in [0, 1]
 * @returns an integer; Infinity at alpha = 0, where no number is enough
 * @throws {@link InputError} BAD_PARAM
 * @example
 * ```ts
 * conformalSize(0.1); // => 9
 * conformalSize(0.01); // => 99
 * ```
 */
export function conformalSize(alpha: number): number {
  const { numerator, denominator } = decimalOf(unit(alpha, 'alpha'), 'alpha');
  return numerator === 0n ? Infinity : Number((denominator + numerator - 1n) / numerator) - 1;
}
