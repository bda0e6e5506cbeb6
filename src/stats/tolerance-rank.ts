import { binomialCdf } from './binomial.js';
import { decimalOf } from './decimal.js';
import { insideUnit, integerIn } from './sample.js';

/** A probability this close to delta, relatively, is compared exactly: a double's would be a guess. */
const TIE = 1e-9;

/** The largest sample a tie is settled for exactly; a larger one counts a tie as a miss, which is the safe side. */
const EXACT_SIZE = 2000;

/**
 * The smallest rank whose order statistic bounds all but a share `alpha` of the population with confidence
 * 1 - `delta`: the least k with P(Beta(k, n + 1 - k) >= 1 - alpha) >= 1 - delta.
 *
 * @param n - sample size, integer >= 0
 * @param alpha - share of the population that may lie above the order statistic, in (0, 1)
 * @param delta - chance that more does, over the draw of the sample, in (0, 1)
 * @returns a rank from 1 to `n`; null where even the largest value does not do, as {@link toleranceSize} says
 * @throws {@link InputError} BAD_PARAM
 * @remarks Exact for independent draws from a continuous law, conservative with ties: the chance that rank k misses is
 * P(Bin(n, alpha) <= n - k). Both levels are read as the decimals they were written as. A split-conformal threshold
 * with confidence and the Neyman-Pearson umbrella are this one order statistic. O(sqrt(n) log n).
 * @see Wilks (1941), Annals of Mathematical Statistics 12, 91-96; Tong, Feng & Li (2018), Science Advances 4, eaao1659.
 * @example
 * ```ts
 * toleranceRank(29, 0.1, 0.05); // => 29
 * toleranceRank(28, 0.1, 0.05); // => null
 * toleranceRank(500, 0.1, 0.05); // => 462
 * ```
 */
export function toleranceRank(n: number, alpha: number, delta: number): number | null {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  insideUnit(alpha, 'alpha');
  insideUnit(delta, 'delta');
  // With `above` values above the order statistic the promise is kept; with `tooMany` it is not.
  let above = -1;
  let tooMany = n;
  while (tooMany - above > 1) {
    const mid = Math.floor((above + tooMany) / 2);
    if (tailAtMost(mid, n, alpha, delta)) above = mid;
    else tooMany = mid;
  }
  return above < 0 ? null : n - above;
}

/**
 * The fewest values among which the largest bounds all but a share `alpha` of the population with confidence
 * 1 - `delta`: ln(delta) / ln(1 - alpha) rounded up, exactly.
 *
 * @param alpha - in (0, 1)
 * @param delta - in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @see Wilks (1941), Annals of Mathematical Statistics 12, 91-96.
 * @example
 * ```ts
 * toleranceSize(0.1, 0.05); // => 29
 * toleranceSize(0.9, 0.01); // => 2
 * ```
 */
export function toleranceSize(alpha: number, delta: number): number {
  insideUnit(alpha, 'alpha');
  insideUnit(delta, 'delta');
  const about = Math.log(delta) / Math.log1p(-alpha);
  const nearest = Math.round(about);
  // Only next to an integer can rounding mislead.
  if (Math.abs(about - nearest) > TIE * Math.max(1, about)) return Math.ceil(about);
  return nearest > 0 && tailAtMost(0, nearest, alpha, delta) ? nearest : nearest + 1;
}

/** Whether P(Bin(n, alpha) <= k) <= delta. */
function tailAtMost(k: number, n: number, alpha: number, delta: number): boolean {
  const tail = binomialCdf(k, n, alpha);
  if (Math.abs(tail - delta) > TIE * delta) return tail < delta;
  return n <= EXACT_SIZE && exactTailAtMost(k, n, alpha, delta);
}

/** As {@link tailAtMost}, in integers: all multiplied by denominator^n. */
function exactTailAtMost(k: number, n: number, alpha: number, delta: number): boolean {
  const { numerator, denominator } = decimalOf(alpha);
  const other = denominator - numerator;
  let term = other ** BigInt(n);
  let sum = term;
  for (let i = 1n; i <= BigInt(k); i += 1n) {
    term = (term * numerator * (BigInt(n) - i + 1n)) / (other * i);
    sum += term;
  }
  const bound = decimalOf(delta);
  return sum * bound.denominator <= bound.numerator * denominator ** BigInt(n);
}
