import { InputError } from '../../errors.js';
import { sorted } from '../../stats/order.js';
import { conformalRank, conformalSize } from './rank.js';

/** A threshold that the next score exceeds with probability at most `alpha`. */
export interface SplitThreshold {
  /** Flag a score above it. Infinity where the scores are too few, -Infinity at alpha = 1. */
  readonly threshold: number;
  /** Which score it is, from 1 for the smallest; 0 and n + 1 stand for -Infinity and Infinity. */
  readonly rank: number;
  readonly n: number;
  readonly alpha: number;
  /** rank / (n + 1): the probability that the next score is covered where ties have none; with ties a lower bound. */
  readonly coverage: number;
  /** The scores that would be enough; null where these are, Infinity where no number is. */
  readonly needed: number | null;
  /** The promise and what it rests on, in a sentence. */
  readonly guarantee: string;
}

/** The scores in ascending order, -0 as 0; infinite ones are allowed, NaN is not. */
export function ascendingScores(scores: ArrayLike<number>): Float64Array {
  const order = sorted(scores);
  // totalOrder puts every NaN at one of the ends.
  if (Number.isNaN(order[0] ?? 0) || Number.isNaN(order[order.length - 1] ?? 0)) throw new InputError('NOT_FINITE', 'scores must not hold NaN');
  for (let i = 0; i < order.length; i += 1) order[i] = (order[i] ?? 0) + 0;
  return order;
}

/** The value of a rank among ascending scores: -Infinity below the first, Infinity beyond the last. */
export function scoreOfRank(order: Float64Array, rank: number): number {
  if (rank < 1) return -Infinity;
  return rank > order.length ? Infinity : (order[rank - 1] ?? NaN);
}

/**
 * Split-conformal threshold: the ceil((n + 1) (1 - alpha))-th smallest calibration score.
 *
 * @param scores - calibration scores, any order; larger means stranger. May be infinite; none at all gives Infinity
 * @param options - alpha: miscoverage, in [0, 1]
 * @returns the threshold, its rank, and the number of scores needed where these are too few
 * @throws {@link InputError} NOT_FINITE for a NaN, BAD_PARAM
 * @remarks Guarantee: P(next score > threshold) <= alpha, and at least alpha - 1 / (n + 1) without ties. Assumption:
 * calibration scores and the next one are exchangeable and the score function was fixed without them. The probability
 * is over the calibration draw too: given one calibration set, coverage is a Beta(rank, n + 1 - rank) variable
 * ({@link coverageLaw}); for a promise that holds with confidence over that draw see {@link toleranceThreshold}.
 * A threshold clamped to the largest score, as is common, covers n / (n + 1) at most. O(n log n).
 * @see Papadopoulos et al. (2002), ECML, 345-356; Lei et al. (2018), Journal of the American Statistical Association
 * 113, 1094-1111.
 * @example
 * ```ts
 * splitThreshold([3, 1, 2], { alpha: 0.25 }).threshold; // => 3
 * splitThreshold([3, 1, 2], { alpha: 0.1 }).threshold; // => Infinity
 * splitThreshold([3, 1, 2], { alpha: 0.1 }).needed; // => 9
 * ```
 */
export function splitThreshold(scores: ArrayLike<number>, { alpha }: { readonly alpha: number }): SplitThreshold {
  const order = ascendingScores(scores);
  const n = order.length;
  const rank = conformalRank(n, alpha);
  const needed = rank > n ? conformalSize(alpha) : null;
  return { threshold: scoreOfRank(order, rank), rank, n, alpha, coverage: rank / (n + 1), needed, guarantee: promiseOf(n, alpha, needed) };
}

function promiseOf(n: number, alpha: number, needed: number | null): string {
  const promise = `the next score is at most the threshold with probability at least 1 - ${String(alpha)}, over the draw of the ${String(n)} calibration scores and the next one, if these are exchangeable`;
  if (needed === null) return promise;
  const enough = needed === Infinity ? 'no number of scores would be enough for less' : `${String(needed)} scores would be enough`;
  return `${promise}; it is kept by covering everything: ${enough}`;
}
