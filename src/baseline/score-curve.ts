import { quantileRanks } from '../stats/quantile-limits.js';

/** An empirical distribution function, whole or thinned: what is kept of it is exact. */
export interface ScoreCurve {
  /** Observations. */
  readonly n: number;
  /** Whether every distinct value is there. */
  readonly complete: boolean;
  /** Distinct values, ascending; the smallest and the largest are always there. */
  readonly values: readonly number[];
  /** counts[i]: observations <= values[i]. */
  readonly counts: readonly number[];
}

/** Points kept of a curve with more distinct values; thinning costs the comparison less than 1/512 in distance. */
const CURVE_POINTS = 513;

/**
 * The distribution function of values in ascending order.
 *
 * @param ascendingValues - finite, ascending, any number
 * @remarks O(n); at most {@link CURVE_POINTS} points.
 */
export function scoreCurve(ascendingValues: Float64Array): ScoreCurve {
  const n = ascendingValues.length;
  const whole = points(ascendingValues, 1, CURVE_POINTS);
  const { values, counts } = whole ?? points(ascendingValues, n / (CURVE_POINTS - 1), Infinity) ?? { values: [], counts: [] };
  return { n, complete: whole !== null, values, counts };
}

/** Distinct values at about every `stride`-th rank, and the extremes; null if there are more than `most`. */
function points(x: Float64Array, stride: number, most: number): { values: number[]; counts: number[] } | null {
  const values: number[] = [];
  const counts: number[] = [];
  let due = 0;
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i] ?? NaN;
    const last = i + 1 === x.length;
    // The last of equal values carries their count.
    if (!last && x[i + 1] === value) continue;
    if (values.length > 0 && i + 1 < due && !last) continue;
    if (values.length >= most) return null;
    values.push(value + 0);
    counts.push(i + 1);
    while (due <= i + 1) due += stride;
  }
  return { values, counts };
}

/** Confidence limits of the median; null for an end that does not exist. */
export interface MedianLimits {
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Order-statistic limits for the median at any level, from a curve. Thinned curves give limits no tighter than the
 * whole sample's.
 */
export function medianLimits(curve: ScoreCurve, level: number): MedianLimits {
  const { lower, upper } = quantileRanks(curve.n, 0.5, level);
  return { lower: lower === null ? null : atRank(curve, lower, 'below'), upper: upper === null ? null : atRank(curve, upper, 'above') };
}

/** The value of a rank, or where it was thinned out its kept neighbour on the safe side. */
function atRank({ values, counts, complete }: ScoreCurve, rank: number, side: 'below' | 'above'): number {
  const next = counts.findIndex((count) => count >= rank);
  if (complete || side === 'above' || counts[next] === rank) return values[next] ?? NaN;
  return values[Math.max(0, next - 1)] ?? NaN;
}

/**
 * Largest distance between a curve and the distribution function of a sample: exact for a complete curve, a lower
 * bound within 1/512 for a thinned one.
 *
 * @param curve - at least one observation
 * @param ascendingValues - the other sample, finite, ascending, at least one
 */
export function largestDistance(curve: ScoreCurve, ascendingValues: Float64Array): number {
  const m = ascendingValues.length;
  let largest = 0;
  let below = 0;
  let previous = 0;
  for (const [i, value] of curve.values.entries()) {
    while (below < m && (ascendingValues[below] ?? NaN) < value) below += 1;
    // Just before a kept value a complete curve is still at its last height.
    if (curve.complete) largest = Math.max(largest, Math.abs(previous - below / m));
    while (below < m && (ascendingValues[below] ?? NaN) <= value) below += 1;
    previous = (curve.counts[i] ?? 0) / curve.n;
    largest = Math.max(largest, Math.abs(previous - below / m));
  }
  return largest;
}
