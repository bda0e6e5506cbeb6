import { quantileOfSorted } from '../../stats/quantile.js';

/** The upper tail of a sample of block maxima, as far as its larger half shows it. */
export type BlockTail = {
  /** Maxima the tail was made from. */
  readonly blocks: number;
  /** Their median. */
  readonly median: number;
  /** How many lie above it, and their mean excess. */
  readonly count: number;
  readonly meanExcess: number;
  /** Shape of the generalised Pareto law of the excess, in (0, 1]. */
  readonly shape: number;
};

/**
 * Fits a generalised Pareto law to what block maxima exceed their median by.
 *
 * @param maxima - finite, at least one
 * @remarks By moments: shape = (1 - mean^2 / variance) / 2, below 1/2. A new excess over the mean of k exponential ones
 * has exactly the generalised Pareto law of shape 1 / k, so the shape is never taken below that: what few blocks have
 * shown is not trusted far beyond them. O(n log n).
 * @see Hosking & Wallis (1987), Technometrics 29, 339-349; Davison & Smith (1990), JRSS B 52, 393-442.
 */
export function fitBlockTail(maxima: ArrayLike<number>): BlockTail {
  const sorted = Float64Array.from(maxima).sort();
  const median = quantileOfSorted(sorted, 0.5, 7);
  const excess = sorted.filter((x) => x > median).map((x) => x - median);
  const count = excess.length;
  if (count === 0) return { blocks: sorted.length, median, count, meanExcess: 0, shape: 1 };
  const meanExcess = excess.reduce((sum, y) => sum + y / count, 0);
  // In units of the mean, so that nothing overflows.
  const relativeVariance = excess.reduce((sum, y) => sum + (y / meanExcess - 1) ** 2 / count, 0);
  const byMoments = relativeVariance > 0 ? (1 - 1 / relativeVariance) / 2 : 0;
  return { blocks: sorted.length, median, count, meanExcess, shape: Math.max(byMoments, 1 / count) };
}

/** ln of the estimated chance that the next block's maximum is beyond `x`; 0 where `x` is not above the median. */
export function logBlockTail({ blocks, median, count, meanExcess, shape }: BlockTail, x: number): number {
  if (!(x > median)) return 0;
  const above = Math.log((count + 1) / (blocks + 1));
  if (!(meanExcess > 0)) return above;
  const scale = shape > 1 / count ? meanExcess * (1 - shape) : meanExcess;
  return above - Math.log1p((shape / scale) * (x - median)) / shape;
}
