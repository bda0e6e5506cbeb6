import type { CapabilityEvidence } from '../baseline/capability-evidence.js';
import { quantileRanks } from '../stats/quantile-limits.js';
import { quantileOfSorted } from '../stats/quantile.js';
import { radixSort } from '../stats/radix-sort.js';
import { madOfSorted } from '../stats/robust.js';
import { insideUnit } from '../stats/sample.js';

/** A quantile with its confidence limits; null for an end that so few values do not give. */
export interface DrawnQuantile {
  readonly p: number;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What is drawn of one sample. */
export interface DistributionRow {
  readonly name: string;
  /** Finite values. */
  readonly n: number;
  /** Values that are none, left out. */
  readonly notFinite: number;
  /** Values ascending, distinct or not, and how many observations are at most each; a thinned law will do. */
  readonly law: { readonly values: ArrayLike<number>; readonly counts: ArrayLike<number> | null };
  readonly quantiles: readonly DrawnQuantile[];
  /** Raw median absolute deviation; null without values. */
  readonly mad: number | null;
}

/** Quantiles that are drawn. */
export const PROBABILITIES = [0.05, 0.5, 0.95] as const;

/** Rows of a figure at most; those with the most values are kept. */
export const MOST_ROWS = 24;

/** Equal stretches of the axis that values are counted in. */
export const BINS = 80;

/**
 * A sample's quantiles, order-statistic limits and MAD, for a figure of several distributions.
 *
 * @param name - as a capability
 * @param values - any order; those that are not finite are counted and left out
 * @param level - confidence of the limits, one at a time, in (0, 1). Default 0.95
 * @throws InputError BAD_PARAM
 * @remarks O(n). Type-8 quantiles.
 */
export function distributionRow(name: string, values: ArrayLike<number>, level = 0.95): DistributionRow {
  insideUnit(level, 'level');
  const sorted = radixSort(Float64Array.from(values).filter((x) => Number.isFinite(x)));
  const n = sorted.length;
  const rank = (k: number | null): number | null => (k === null ? null : (sorted[k - 1] ?? null));
  const quantiles = n === 0 ? [] : PROBABILITIES.map((p) => {
    const { lower, upper } = quantileRanks(n, p, level);
    return { p, value: quantileOfSorted(sorted, p, 8), lower: rank(lower), upper: rank(upper) };
  });
  return { name, n, notFinite: values.length - n, law: { values: sorted, counts: null }, quantiles, mad: n === 0 ? null : madOfSorted(sorted) };
}

/** The row of a baseline's capability: its risk scores. */
export function scoreRow({ capability, scoreCount, nullScores, quantiles, mad, scoreCurve }: CapabilityEvidence): DistributionRow {
  return {
    name: capability,
    n: scoreCount,
    notFinite: nullScores,
    law: scoreCurve,
    quantiles: quantiles.flatMap(({ p, value, lower, upper }) => (value === null ? [] : [{ p, value, lower, upper }])),
    mad: mad.value,
  };
}

/** The bin of a place on an axis. */
export function binAt(place: number, [from, to]: readonly [number, number], bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(((place - from) / (to - from)) * bins)));
}

/** Shares of a row's observations in `bins` equal stretches of an axis. */
export function binned({ law: { values, counts } }: DistributionRow, at: (x: number) => number, domain: readonly [number, number], bins: number): Float64Array {
  const held = new Float64Array(bins);
  let before = 0;
  for (let i = 0; i < values.length; i += 1) {
    const upTo = counts === null ? i + 1 : (counts[i] as number);
    const bin = binAt(at(values[i] as number), domain, bins);
    held[bin] = (held[bin] as number) + (upTo - before);
    before = upTo;
  }
  return held.map((count) => count / Math.max(1, before));
}
