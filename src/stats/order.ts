/**
 * A sorted copy, by IEEE 754 totalOrder.
 *
 * @param values - any doubles, not changed; NaN counts as positive, so it goes last
 * @returns ascending: -Infinity first, -0 before 0, NaN after Infinity
 * @remarks O(n log n), or O(n) where the values are in order already. ECMAScript's typed arrays sort by this very
 * order when no comparison is given, which the tests hold it to.
 * @see IEEE 754-2019, section 5.10.
 * @example
 * ```ts
 * [...sorted([2, 0, -0, NaN, 1])]; // => [-0, 0, 1, 2, NaN]
 * ```
 */
export function sorted(values: ArrayLike<number>): Float64Array {
  return sortInPlace(Float64Array.from(values));
}

/** As {@link sorted}, but in the array's own memory. Returns the array. */
export function sortInPlace(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i += 1) {
    // `0, -0` compares as in order; only strictly rising or equal non-zero neighbours are known to be.
    const a = values[i - 1] ?? NaN;
    const b = values[i] ?? NaN;
    if (!(a < b || (a === b && a !== 0))) return values.sort();
  }
  return values;
}

/**
 * Compares two doubles by IEEE 754 totalOrder, NaN counting as positive.
 *
 * @returns negative, 0 or positive as `a` comes before, with or after `b`
 * @see IEEE 754-2019, section 5.10.
 * @example
 * ```ts
 * totalOrder(-0, 0); // => -1
 * totalOrder(NaN, Infinity); // => 1
 * ```
 */
export function totalOrder(a: number, b: number): -1 | 0 | 1 {
  if (a < b) return -1;
  if (a > b) return 1;
  if (Object.is(a, b)) return 0;
  if (a === b) return Object.is(a, -0) ? -1 : 1;
  return Number.isNaN(a) ? 1 : -1;
}
