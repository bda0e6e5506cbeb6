import { orderStatistics } from './order-statistics.js';
import { quantileOfRanks, type QuantileType } from './quantile.js';

/** Order statistics of a sample. */
export interface ExactSummary {
  readonly n: number;
  /** Null where n is 0, as are the others. */
  readonly min: number | null;
  readonly max: number | null;
  readonly median: number | null;
  /** Raw: no Gaussian factor. */
  readonly mad: number | null;
  /** In the order of the probabilities. */
  readonly quantiles: readonly (number | null)[];
}

/** Which quantiles, by which definition. */
export interface SummaryQuantiles {
  /** Each in [0, 1]. */
  readonly probabilities: readonly number[];
  readonly type: QuantileType;
}

/** The point half way between two values, without overflow. */
export function midpoint(low: number, high: number): number {
  const gap = high - low;
  return gap < Infinity ? low + gap / 2 : low / 2 + high / 2;
}

/** The middle ranks of n values, from 0. */
export function middleRanks(n: number): readonly [number, number] {
  return [(n - 1) >> 1, n >> 1];
}

/** Ranks from 0, ascending and distinct, that the minimum, the maximum, the median and the quantiles of n >= 1 values are made of. */
export function summaryRanks(n: number, { probabilities, type }: SummaryQuantiles): number[] {
  const ranks = new Set([0, n - 1, ...middleRanks(n)]);
  const note = (rank: number): number => {
    ranks.add(rank - 1);
    return 0;
  };
  for (const p of probabilities) quantileOfRanks(n, note, p, type);
  return [...ranks].sort((a, b) => a - b);
}

/** The summary of n >= 1 values but for the MAD, from those at {@link summaryRanks}. */
export function summaryOfRanks(n: number, at: (rank: number) => number, { probabilities, type }: SummaryQuantiles): Omit<ExactSummary, 'mad'> & { readonly median: number } {
  const [low, high] = middleRanks(n);
  return {
    n,
    min: at(0),
    max: at(n - 1),
    median: midpoint(at(low), at(high)),
    quantiles: probabilities.map((p) => quantileOfRanks(n, (rank) => at(rank - 1), p, type)),
  };
}

/** What there is to say of no values. */
export function emptySummary({ probabilities }: SummaryQuantiles): ExactSummary {
  return { n: 0, min: null, max: null, median: null, mad: null, quantiles: probabilities.map(() => null) };
}

/**
 * Exact order statistics: to the last bit those that sorting gives.
 *
 * @param values - finite, any order; not changed
 * @param scratch - at least as long as `values`; overwritten
 * @remarks O(n).
 */
export function exactSummary(values: Float64Array, quantiles: SummaryQuantiles, scratch: Float64Array = new Float64Array(values.length)): ExactSummary {
  const n = values.length;
  if (n === 0) return emptySummary(quantiles);
  const ranks = summaryRanks(n, quantiles);
  const found = orderStatistics(values, ranks);
  const place = new Map(ranks.map((rank, i) => [rank, found[i] ?? NaN]));
  const summary = summaryOfRanks(n, (rank) => place.get(rank) ?? NaN, quantiles);
  const deviations = scratch.subarray(0, n);
  const { median } = summary;
  for (let i = 0; i < n; i += 1) deviations[i] = Math.abs((values[i] as number) - median);
  const [low, high] = middleRanks(n);
  const middle = orderStatistics(deviations, low === high ? [low] : [low, high]);
  return { n, min: summary.min, max: summary.max, median, mad: midpoint(middle[0] ?? NaN, middle[middle.length - 1] ?? NaN), quantiles: summary.quantiles };
}
