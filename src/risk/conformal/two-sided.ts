import { median } from '../../stats/robust.js';
import { InputError } from '../../errors.js';
import { conformalPValues } from './p-values.js';
import { conformalRank, conformalSize } from './rank.js';
import { ascendingScores, scoreOfRank } from './split.js';

/** Conformal p-values of values that may be too small as well as too large. */
export interface TwoSidedPValues {
  readonly n: number;
  /** min(1, 2 min(low, high)). */
  readonly pValue: (x: number) => number;
  /** (1 + values at most `x`) / (n + 1): small for a value that is too small. */
  readonly low: (x: number) => number;
  /** (1 + values at least `x`) / (n + 1): small for a value that is too large. */
  readonly high: (x: number) => number;
}

/**
 * Two-sided conformal p-values: twice the smaller of the two one-sided ones.
 *
 * @param values - calibration values themselves, any order; may be infinite
 * @throws {@link InputError} NOT_FINITE for a NaN, here or in the functions returned
 * @remarks Guarantee: P(p <= alpha) <= alpha. Assumption: calibration values and the judged one are exchangeable. No
 * p-value is below 2 / (n + 1). Each side has its own half of the error, so a burst shows on the low side. The distance
 * |x - mean|, often scored instead, is blind to bursts: intervals between calls are bounded below by 0 and cannot get far
 * below their mean. When the rate of exponential ones doubles, a 90 % threshold on |x - mean| flags 1 % where it flagged
 * 10 %; here the low side flags 9.8 % where it flagged 5 %, the high side 0.3 % where it flagged 5 %.
 * O(n log n) to build.
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, chapter 2.
 * @example
 * ```ts
 * const against = twoSidedPValues([1, 2, 3, 4, 5, 6, 7, 8, 9]);
 * [0, 5, 9, 10].map(against.pValue); // => [0.2, 1, 0.4, 0.2]
 * ```
 */
export function twoSidedPValues(values: ArrayLike<number>): TwoSidedPValues {
  const above = conformalPValues(values);
  const below = conformalPValues(Array.from(values, (x) => -x));
  const low = (x: number): number => below.pValue(-x);
  const high = above.pValue;
  return { n: above.n, low, high, pValue: (x) => Math.min(1, 2 * Math.min(low(x), high(x))) };
}

/** An interval that holds the next value with probability at least 1 - `alpha`. */
export interface SplitInterval {
  /** -Infinity where the values are too few. */
  readonly lower: number;
  /** Infinity where the values are too few. */
  readonly upper: number;
  readonly n: number;
  readonly alpha: number;
  /** The probability of holding the next value where ties have none; with ties a lower bound. */
  readonly coverage: number;
  /** The values that would be enough; null where these are, Infinity where no number is. */
  readonly needed: number | null;
}

/**
 * Conformal interval for the next value, the error split equally between its ends.
 *
 * @param values - calibration values, any order; may be infinite
 * @param options - alpha: miscoverage, in [0, 1)
 * @returns ends that are calibration values, or infinite ones with the number needed: 2 / alpha - 1
 * @throws {@link InputError} NOT_FINITE for a NaN, BAD_PARAM
 * @remarks Guarantee: P(lower <= next value <= upper) >= 1 - alpha. Assumption: exchangeability with the next value.
 * A value outside has {@link twoSidedPValues} at most alpha. O(n log n).
 * @see Lei et al. (2018), Journal of the American Statistical Association 113, 1094-1111.
 * @example
 * ```ts
 * const { lower, upper } = splitInterval([1, 2, 3, 4, 5, 6, 7, 8, 9], { alpha: 0.2 });
 * [lower, upper]; // => [1, 9]
 * splitInterval([1, 2, 3], { alpha: 0.2 }).needed; // => 9
 * ```
 */
export function splitInterval(values: ArrayLike<number>, { alpha }: { readonly alpha: number }): SplitInterval {
  if (!(alpha >= 0 && alpha < 1)) throw new InputError('BAD_PARAM', `alpha must be in [0, 1), got ${String(alpha)}`);
  const order = ascendingScores(values);
  const n = order.length;
  const rank = conformalRank(n, alpha / 2);
  const lowest = n + 1 - rank;
  return {
    lower: scoreOfRank(order, lowest),
    upper: scoreOfRank(order, rank),
    n,
    alpha,
    coverage: (rank - lowest) / (n + 1),
    needed: rank > n ? conformalSize(alpha / 2) : null,
  };
}

/** A score fitted to a sample. */
export interface LogResidualScore {
  /** Median of the logarithms. */
  readonly centre: number;
  /** |ln x - centre|; Infinity at 0. Throws {@link InputError} BAD_PARAM for a negative or NaN. */
  readonly score: (x: number) => number;
}

/**
 * Score of a positive quantity by its ratio to the typical one, either way: |ln x - median ln x|.
 *
 * @param sample - values > 0 to fit the median to; not the calibration values, or exchangeability is lost
 * @throws {@link InputError} TOO_FEW, BAD_PARAM
 * @remarks Ten times shorter is as strange as ten times longer, so a burst shows: when the rate of exponential intervals
 * doubles, a 90 % threshold on this score flags 18 % where |x - mean| flags 1 %. A value is strange here by its
 * ratio to the median only; {@link twoSidedPValues} gives each side its own share of the error.
 * @example
 * ```ts
 * const { score } = logResidualScore([10, 100, 1000]);
 * score(1) === score(10000); // => true
 * ```
 */
export function logResidualScore(sample: ArrayLike<number>): LogResidualScore {
  const centre = median(Array.from(sample, (x) => {
    if (!(x > 0 && x < Infinity)) throw new InputError('BAD_PARAM', `a sample value must be finite and > 0, got ${String(x)}`);
    return Math.log(x);
  }));
  return {
    centre,
    score(x) {
      if (!(x >= 0)) throw new InputError('BAD_PARAM', `a value must be >= 0, got ${String(x)}`);
      return Math.abs(Math.log(x) - centre);
    },
  };
}
