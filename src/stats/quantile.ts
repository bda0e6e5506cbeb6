import { InputError } from '../errors.js';
import { ascending, unit } from './sample.js';

/** The nine definitions of a sample quantile by Hyndman and Fan. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A position that misses an integer by rounding only counts as that integer, as in R; rounding grows with the position. */
function roundingOf(position: number): number {
  return 4 * Number.EPSILON * Math.max(1, position);
}

/** Plotting-position constants a = b of the continuous types but type 4, which has a = 0, b = 1. */
const POSITION: Readonly<Partial<Record<QuantileType, number>>> = { 5: 0.5, 6: 0, 7: 1, 8: 1 / 3, 9: 3 / 8 };

/**
 * Sample quantile by one of Hyndman and Fan's nine definitions.
 *
 * @param values - at least one, any order, finite
 * @param p - probability in [0, 1]
 * @param type - 1 to 9; 8 (default) is approximately median-unbiased whatever the distribution, 7 is what R and NumPy
 * take by default
 * @returns the quantile, in units of `values`; never outside the two order statistics it lies between
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @remarks O(n log n).
 * @see Hyndman & Fan (1996), The American Statistician 50, 361-365.
 * @example
 * ```ts
 * quantile([1, 2, 3, 4], 0.5).toFixed(12); // => '2.500000000000'
 * quantile([1, 2, 3, 4], 0.25, 7); // => 1.75
 * ```
 */
export function quantile(values: ArrayLike<number>, p: number, type: QuantileType = 8): number {
  return quantileOfSorted(ascending(values, 'values'), p, type);
}

/** {@link quantile} of values that are finite and in ascending order already, at least one. O(1). */
export function quantileOfSorted(ascendingValues: Float64Array, p: number, type: QuantileType = 8): number {
  return quantileOfRanks(ascendingValues.length, (r) => ascendingValues[r - 1] ?? NaN, p, type);
}

/**
 * {@link quantile} of values that are kept elsewhere: it asks for two of them.
 *
 * @param n - how many values there are, >= 1
 * @param valueAt - the value of a rank from 1 to n in ascending order
 */
export function quantileOfRanks(n: number, valueAt: (rank: number) => number, p: number, type: QuantileType = 8): number {
  unit(p, 'p');
  const { rank, weight } = type <= 3 ? stepPosition(n, p, type) : linePosition(n, p, type);
  const at = (r: number): number => valueAt(Math.min(Math.max(r, 1), n));
  const [low, high] = [at(rank), at(rank + 1)];
  if (weight === 0) return low;
  if (weight === 1) return high;
  const gap = high - low;
  const between = gap < Infinity ? low + weight * gap : (1 - weight) * low + weight * high;
  // The last rounding must not lead out of the values it lies between.
  return Math.min(Math.max(between, low), high);
}

/** Types 1 to 3: steps. `weight` 0 takes the value of this rank, 1 the next, 1/2 their mean. */
function stepPosition(n: number, p: number, type: QuantileType): { rank: number; weight: number } {
  const position = type === 3 ? n * p - 0.5 : n * p;
  const slack = roundingOf(position);
  const rank = Math.floor(position + slack);
  const onStep = Math.abs(position - rank) <= slack;
  if (type === 3) return { rank, weight: onStep && rank % 2 === 0 ? 0 : 1 };
  if (!onStep) return { rank, weight: 1 };
  return { rank, weight: type === 2 ? 0.5 : 0 };
}

/** Types 4 to 9: straight lines between the values at plotting positions (k - a) / (n + 1 - a - b). */
function linePosition(n: number, p: number, type: QuantileType): { rank: number; weight: number } {
  const both = POSITION[type];
  if (both === undefined && type !== 4) throw new InputError('BAD_PARAM', `type must be an integer in [1, 9], got ${String(type)}`);
  const [a, b] = both === undefined ? [0, 1] : [both, both];
  const position = a + p * (n + 1 - a - b);
  const slack = roundingOf(position);
  const rank = Math.floor(position + slack);
  const weight = position - rank;
  return { rank, weight: Math.abs(weight) <= slack ? 0 : weight };
}

/**
 * Rank (from 1) of the value nearest to probability `p`: 1 + round((n - 1) p), halves up. No interpolation.
 *
 * @param n - number of values, >= 1
 * @param p - probability in [0, 1]
 */
export function nearestRank(n: number, p: number): number {
  return Math.round((n - 1) * p) + 1;
}
