/**
 * The window with one more value at its end and, where it is full, its oldest value gone.
 *
 * @param window - at most `size` values, oldest first; not changed
 */
export function pushed(window: readonly number[], value: number, size: number): number[] {
  const next = window.slice();
  if (window.length < size) {
    next.push(value);
    return next;
  }
  // Shifting a copy of the same length costs one allocation; slice and push would cost two.
  const last = next.length - 1;
  for (let i = 0; i < last; i += 1) next[i] = next[i + 1] as number;
  next[last] = value;
  return next;
}

/** First position in ascending `sorted` whose value is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps a sorted copy of a window in step with {@link pushed}: `gone` out (null: nothing leaves), `value` in. */
export function pushedSorted(sorted: readonly number[], gone: number | null, value: number): number[] {
  const next = sorted.slice();
  let hole = gone === null ? next.push(value) - 1 : lowerBound(next, gone);
  while (hole > 0 && (next[hole - 1] as number) > value) {
    next[hole] = next[hole - 1] as number;
    hole -= 1;
  }
  while (hole + 1 < next.length && (next[hole + 1] as number) < value) {
    next[hole] = next[hole + 1] as number;
    hole += 1;
  }
  next[hole] = value;
  return next;
}

/** Mean of values from `start` up to `end`, summed left to right; 0 for none. */
export function meanOf(values: readonly number[], start = 0, end: number = values.length): number {
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += values[i] ?? NaN;
  return end > start ? sum / (end - start) : 0;
}

/** Nearest-rank index of a quantile among n >= 1 sorted values: (n - 1) q, halves away from zero. */
export function nearestRank(n: number, q: number): number {
  const exact = (n - 1) * Math.min(Math.max(q, 0), 1);
  const floor = Math.floor(exact);
  return exact - floor >= 0.5 ? floor + 1 : floor;
}
