/** For each value, which of the others are still in question: from `left` up to `right` as distances rise, from 1. */
interface Candidates {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** How many distances are known to be too small, and not too large, of all n^2 signed ones. */
  below: number;
  upTo: number;
}

/**
 * The k-th smallest distance of two values.
 *
 * @param y - ascending, finite, at least two
 * @param k - in [1, n (n - 1) / 2], at most the number of pairs among some floor(n / 2) + 1 values
 * @param round - applied to each distance that is compared; must keep order
 * @returns the distance; a rounded one where the search met it, otherwise as it is
 * @remarks Each row of distances rises, so a median of row medians splits what is left in one pass. O(n log^2 n).
 * @see Croux & Rousseeuw (1992), Time-efficient algorithms for two highly robust estimators of scale, COMPSTAT, 411-428.
 */
export function pairDistance(y: Float64Array, k: number, round: (distance: number) => number): number {
  const n = y.length;
  const half = Math.floor(n / 2) + 1;
  // Column c of row i is y_i - y_(n - c): signed distances that rise along the row; the first n - i are not positive.
  const rank = k + (n * (n + 1)) / 2;
  const candidates: Candidates = {
    left: Int32Array.from(y, (_, i) => n - i + 1),
    // Among values more than `half` apart in rank there are closer pairs enough.
    right: Int32Array.from(y, (_, i) => (i <= half ? n : n - (i - half))),
    below: (n * (n + 1)) / 2,
    upTo: n * n,
  };
  while (candidates.upTo - candidates.below > n) {
    const trial = medianOfRows(y, candidates, round);
    const smaller = countEach(y, (distance) => round(distance) < trial);
    const notLarger = countEach(y, (distance) => round(distance) <= trial);
    if (rank <= smaller.total) {
      candidates.right.set(smaller.counts);
      candidates.upTo = smaller.total;
    } else if (rank > notLarger.total) {
      candidates.left.set(notLarger.counts.map((count) => count + 1));
      candidates.below = notLarger.total;
    } else return trial;
  }
  return remaining(y, candidates)[rank - candidates.below - 1] ?? NaN;
}

/** Median of the rows' middle candidates, each with the weight of its row: the smallest with more than half up to it. */
function medianOfRows(y: Float64Array, { left, right }: Candidates, round: (distance: number) => number): number {
  const n = y.length;
  const rows: { readonly middle: number; readonly weight: number }[] = [];
  let total = 0;
  for (let i = 1; i < n; i += 1) {
    const first = left[i] ?? 0;
    const weight = (right[i] ?? 0) - first + 1;
    if (weight <= 0) continue;
    rows.push({ middle: round((y[i] ?? NaN) - (y[n - first - Math.floor(weight / 2)] ?? NaN)), weight });
    total += weight;
  }
  rows.sort((a, b) => a.middle - b.middle);
  let sum = 0;
  for (const { middle, weight } of rows) {
    sum += weight;
    if (2 * sum > total) return middle;
  }
  return NaN;
}

/** Of each row, how many distances pass a test that the smaller ones pass. */
function countEach(y: Float64Array, passes: (distance: number) => boolean): { readonly counts: Int32Array; readonly total: number } {
  const n = y.length;
  const counts = new Int32Array(n);
  let total = 0;
  let count = 0;
  for (let i = n - 1; i >= 0; i -= 1) {
    while (count < n && passes((y[i] ?? NaN) - (y[n - count - 1] ?? NaN))) count += 1;
    counts[i] = count;
    total += count;
  }
  return { counts, total };
}

/** All candidates that are left, ascending. */
function remaining(y: Float64Array, { left, right }: Candidates): Float64Array {
  const n = y.length;
  const distances: number[] = [];
  for (let i = 1; i < n; i += 1) {
    for (let column = left[i] ?? 0; column <= (right[i] ?? 0); column += 1) distances.push((y[i] ?? NaN) - (y[n - column] ?? NaN));
  }
  return Float64Array.from(distances).sort();
}
