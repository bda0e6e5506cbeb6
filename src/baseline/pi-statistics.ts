import { sorted } from '../stats/order.js';
import { middleDeviations } from '../stats/robust.js';
import { nearestRank } from '../stats/quantile.js';

/**
 * The host's median: NaN sorts last and counts; no value gives 0.
 *
 * @param values - any doubles, any order
 * @remarks O(n log n). Half way between two middle values is `a + (b - a) / 2`, as the host computes it.
 * @example
 * ```ts
 * piMedian([0.1, 0.3]); // => 0.2
 * piMedian([]); // => 0
 * ```
 */
export function piMedian(values: ArrayLike<number>): number {
  return piMedianOfSorted(sorted(values));
}

/** {@link piMedian} of values in total order already. O(1). */
export function piMedianOfSorted(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return 0;
  return between(values[(n - 1) >> 1] ?? NaN, values[n >> 1] ?? NaN, n);
}

function between(a: number, b: number, n: number): number {
  return n % 2 === 1 ? a : a + (b - a) / 2;
}

/**
 * The host's median absolute deviation: raw, no Gaussian factor; no value gives 0.
 *
 * @param values - any doubles, any order
 * @remarks O(n log n).
 * @example
 * ```ts
 * piMad([1, 2, 4, 9, 100]); // => 3
 * ```
 */
export function piMad(values: ArrayLike<number>): number {
  return piMadOfSorted(sorted(values));
}

/** {@link piMad} of values in total order already. O(n). */
export function piMadOfSorted(values: Float64Array): number {
  const centre = piMedianOfSorted(values);
  const n = values.length;
  if (n === 0) return 0;
  const inOrder = Number.isFinite(centre) && centre >= (values[0] ?? NaN);
  // An infinite median makes NaN of its own deviation, which then sorts last.
  if (!inOrder) return piMedianOfSorted(values.map((x) => Math.abs(x - centre)).sort());
  const [a, b] = middleDeviations(values, centre);
  return between(a, b, n);
}

/**
 * The host's quantile: the value of nearest rank, 1 + round((n - 1) p), no interpolation; no value gives 0.
 *
 * @param values - any doubles, any order; NaN sorts last
 * @param p - clamped to [0, 1]; NaN counts as 0
 * @remarks O(n log n).
 * @example
 * ```ts
 * piQuantile([0.1, 0.2, 0.3, 0.4], 0.5); // => 0.3
 * ```
 */
export function piQuantile(values: ArrayLike<number>, p: number): number {
  return piQuantileOfSorted(sorted(values), p);
}

/** {@link piQuantile} of values in total order already. O(1). */
export function piQuantileOfSorted(values: Float64Array, p: number): number {
  if (values.length === 0) return 0;
  const clamped = p > 0 ? Math.min(p, 1) : 0;
  return values[nearestRank(values.length, clamped) - 1] ?? NaN;
}
