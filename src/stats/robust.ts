import { ascending } from './sample.js';

/** 1 / Phi^-1(3/4): times the raw MAD it estimates the standard deviation of Gaussian data. */
export const GAUSSIAN_MAD_FACTOR = 1.482602218505602;

/**
 * Sample median: the middle value, or the mean of the two middle ones.
 *
 * @param values - at least one, any order, finite
 * @returns the median, in units of `values`
 * @throws {@link InputError} TOO_FEW, NOT_FINITE
 * @remarks O(n log n). Any half of the values can be changed without taking it out of the range of the rest.
 * @see Hampel (1974), JASA 69, 383-393.
 * @example
 * ```ts
 * median([3, 1, 2, 10]); // => 2.5
 * ```
 */
export function median(values: ArrayLike<number>): number {
  return medianOfSorted(ascending(values, 'values'));
}

/** {@link median} of values that are finite and in ascending order already, at least one. O(1). */
function medianOfSorted(ascendingValues: Float64Array): number {
  const n = ascendingValues.length;
  return middle(ascendingValues[(n - 1) >> 1] ?? NaN, ascendingValues[n >> 1] ?? NaN);
}

/** The point half way from `a` up to `b`, without overflow. */
function middle(a: number, b: number): number {
  const gap = b - a;
  return gap < Infinity ? a + gap / 2 : a / 2 + b / 2;
}

/**
 * Median absolute deviation from the median, raw: no Gaussian factor.
 *
 * @param values - at least one, any order, finite
 * @returns median of |x - median|, in units of `values`; 0 as soon as more than half of the values are the same,
 * which says nothing about the spread of the others
 * @throws {@link InputError} TOO_FEW, NOT_FINITE
 * @remarks O(n log n). Multiply by {@link GAUSSIAN_MAD_FACTOR} to estimate a Gaussian standard deviation.
 * @see Hampel (1974), JASA 69, 383-393.
 * @example
 * ```ts
 * medianAbsoluteDeviation([1, 2, 4, 9, 100]); // => 3
 * ```
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  return madOfSorted(ascending(values, 'values'));
}

/** {@link medianAbsoluteDeviation} of values that are finite and in ascending order already, at least one. O(n). */
export function madOfSorted(ascendingValues: Float64Array): number {
  const [a, b] = middleDeviations(ascendingValues, medianOfSorted(ascendingValues));
  return middle(a, b);
}

/**
 * The two middle values of |x - centre| in ascending order (the same one twice where n is odd).
 *
 * @param x - ascending, NaN last, at least one
 * @param centre - finite, between the smallest and the largest number of `x`
 * @remarks O(n) without sorting: walking out from the centre, either side rises, because rounding keeps order.
 */
export function middleDeviations(x: Float64Array, centre: number): readonly [number, number] {
  const n = x.length;
  let right = firstAtLeast(x, centre);
  let left = right - 1;
  let previous = 0;
  let current = 0;
  for (let taken = 0; taken <= n >> 1; taken += 1) {
    previous = current;
    const below = left >= 0 ? centre - (x[left] ?? NaN) : NaN;
    const above = right < n ? (x[right] ?? NaN) - centre : NaN;
    // A NaN loses on either side: there is no value left, or only values that sort last.
    if (below <= above || (Number.isNaN(above) && left >= 0)) {
      current = below;
      left -= 1;
    } else {
      current = above;
      right += 1;
    }
  }
  return n % 2 === 1 ? [current, current] : [previous, current];
}

/** Index of the first value >= `bound` in ascending values. */
function firstAtLeast(x: Float64Array, bound: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((x[mid] ?? NaN) < bound) low = mid + 1;
    else high = mid;
  }
  return low;
}
