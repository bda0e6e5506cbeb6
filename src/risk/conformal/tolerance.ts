import { betaQuantile, betaQuantileUpper } from '../../stats/beta.js';
import { binomialCdf } from '../../stats/binomial.js';
import { integerIn } from '../../stats/sample.js';
import { toleranceRank, toleranceSize } from '../../stats/tolerance-rank.js';
import { ascendingScores, scoreOfRank } from './split.js';

/** What coverage the k-th smallest of n calibration scores turns out to have. */
export interface CoverageLaw {
  /** Shapes of the beta law: k and n + 1 - k. At k = 0 or n + 1 one is 0, and coverage is that end for certain. */
  readonly a: number;
  readonly b: number;
  readonly mean: number;
  readonly sd: number;
  /** The coverage that is missed from below with probability `p`, in [0, 1]. */
  readonly quantile: (p: number) => number;
}

/**
 * The law of the coverage of a split-conformal threshold over the draw of its calibration scores: Beta(k, n + 1 - k).
 *
 * @param n - calibration scores, integer >= 0
 * @param rank - which of them is the threshold, from 1; 0 and n + 1 stand for -Infinity and Infinity
 * @throws {@link InputError} BAD_PARAM
 * @remarks Exact for independent scores of a continuous law; with ties coverage is stochastically larger.
 * @see Vovk (2012), Conditional validity of inductive conformal predictors, ACML, 475-490.
 * @example
 * ```ts
 * coverageLaw(100, 91).mean.toFixed(4); // => '0.9010'
 * coverageLaw(100, 91).quantile(0.05).toFixed(4); // => '0.8482'
 * ```
 */
export function coverageLaw(n: number, rank: number): CoverageLaw {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER - 1, 'n');
  integerIn(rank, 0, n + 1, 'rank');
  const [a, b] = [rank, n + 1 - rank];
  const mean = a / (n + 1);
  const certain = a === 0 || b === 0;
  return {
    a,
    b,
    mean,
    sd: Math.sqrt((mean * (b / (n + 1))) / (n + 2)),
    quantile: (p) => (certain ? mean : p <= 0.5 ? betaQuantile(a, b, p) : betaQuantileUpper(a, b, 1 - p)),
  };
}

/** A threshold that covers with confidence over the calibration draw. */
export interface ToleranceThreshold {
  /** Flag a score above it. Infinity where the scores are too few. */
  readonly threshold: number;
  /** Which score it is, from 1; null where none does. */
  readonly rank: number | null;
  readonly n: number;
  readonly alpha: number;
  readonly delta: number;
  /** The exact chance, at most delta, that more than alpha of the scores to come lie above it; ties only lower it. */
  readonly missed: number;
  /** The scores that would be enough; null where these are. */
  readonly needed: number | null;
  /** The promise and what it rests on, in a sentence. */
  readonly guarantee: string;
}

/**
 * Threshold that at most a share `alpha` of the scores to come exceeds, with confidence 1 - `delta` over the draw of
 * the calibration scores.
 *
 * @param scores - calibration scores, any order; larger means stranger. May be infinite
 * @param options - alpha: share that may exceed, in (0, 1); delta: chance that more does, in (0, 1)
 * @returns the smallest score that keeps the promise, or Infinity with the number of scores needed
 * @throws {@link InputError} NOT_FINITE for a NaN, BAD_PARAM
 * @remarks Guarantee: P(share of scores above the threshold > alpha) <= delta. Assumption: independent scores of one
 * law, calibration and later ones alike; more than the exchangeability {@link splitThreshold} asks for, since a
 * promise is made about one calibration set. Same order statistic as the Neyman-Pearson umbrella. O(n log n).
 * @see Vovk (2012), ACML, 475-490; Park et al. (2020), PAC confidence sets for deep neural networks, ICLR.
 * @example
 * ```ts
 * const scores = Array.from({ length: 60 }, (_, i) => i);
 * toleranceThreshold(scores, { alpha: 0.1, delta: 0.05 }).threshold; // => 58
 * toleranceThreshold(scores, { alpha: 0.01, delta: 0.05 }).needed; // => 299
 * ```
 */
export function toleranceThreshold(scores: ArrayLike<number>, { alpha, delta }: { readonly alpha: number; readonly delta: number }): ToleranceThreshold {
  const order = ascendingScores(scores);
  const n = order.length;
  const rank = toleranceRank(n, alpha, delta);
  const needed = rank === null ? toleranceSize(alpha, delta) : null;
  const promise = `at most a share ${String(alpha)} of the scores to come lies above the threshold, with confidence 1 - ${String(delta)} over the draw of the ${String(n)} calibration scores, if all are independent draws of one law`;
  return {
    threshold: scoreOfRank(order, rank ?? n + 1),
    rank,
    n,
    alpha,
    delta,
    missed: rank === null ? 0 : binomialCdf(n - rank, n, alpha),
    needed,
    guarantee: needed === null ? promise : `${promise}; it is kept by covering everything: ${String(needed)} scores would be enough`,
  };
}
