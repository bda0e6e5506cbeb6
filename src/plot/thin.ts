/** Points of a line, in order; a `y` of NaN is a gap. */
export interface LinePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** True where several observations share a pixel column, of which the extremes are kept. */
  readonly thinned: boolean;
  /** Observations that are no finite number; they are gaps. */
  readonly notFinite: number;
  /** Of all observations; NaN where none is finite. */
  readonly least: number;
  readonly greatest: number;
}

/** Pixel columns a line is thinned to. */
const COLUMNS = 1000;

/**
 * A series as a line of at most four points a pixel column: first, least, greatest and last, each where it was. What is
 * drawn covers the same pixels as the whole series, so no spike is lost; a column without a finite value is a gap.
 *
 * @param values - one an observation; those that are not finite are gaps
 * @param start - place of the first value
 * @param columns - pixel columns
 * @remarks O(n), one pass.
 * @see Jugel et al. (2014), Proceedings of the VLDB Endowment 7, 797-808 (M4).
 */
export function thinLine(values: ArrayLike<number>, start = 0, columns: number = COLUMNS): LinePoints {
  const n = values.length;
  const thinned = n > 4 * columns;
  const count = thinned ? columns : n;
  const points: number[] = [];
  let notFinite = 0;
  for (let column = 0; column < count; column += 1) {
    const seen = extremes(values, Math.floor((column * n) / count), Math.floor(((column + 1) * n) / count));
    notFinite += seen.notFinite;
    points.push(...seen.kept);
  }
  const y = Float64Array.from(points, (i) => finiteOrNaN(values[i] as number));
  const finite = y.filter((value) => !Number.isNaN(value));
  const [least, greatest] = finite.length === 0 ? [NaN, NaN] : [Math.min(...finite), Math.max(...finite)];
  return { x: Float64Array.from(points, (i) => start + i), y, thinned, notFinite, least, greatest };
}

const finiteOrNaN = (x: number): number => (Number.isFinite(x) ? x : NaN);

/** First, least, greatest and last finite value of a stretch in their order; its start where it holds none. */
function extremes(values: ArrayLike<number>, from: number, to: number): { readonly kept: Iterable<number>; readonly notFinite: number } {
  let [first, last, low, high, notFinite] = [-1, -1, -1, -1, 0];
  for (let i = from; i < to; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      notFinite += 1;
      continue;
    }
    if (first < 0) first = low = high = i;
    last = i;
    if (value < (values[low] as number)) low = i;
    if (value > (values[high] as number)) high = i;
  }
  if (first < 0) return { kept: [from], notFinite };
  return { kept: new Set(low < high ? [first, low, high, last] : [first, high, low, last]), notFinite };
}

/** Marks that come by, of which one is kept for each pixel column that holds any: none is lost to the eye. */
export interface MarkColumns {
  /** Takes the place of the next mark, no lower than the one before. */
  readonly add: (index: number) => void;
  readonly lane: () => { readonly total: number; readonly marks: readonly { readonly index: number }[] };
}

/** Collects ascending marks among `n` places; up to as many as there are columns, all are kept. */
export function markColumns(n: number, columns: number = COLUMNS): MarkColumns {
  const all: number[] = [];
  const kept: number[] = [];
  let [total, last] = [0, -1];
  const add = (index: number): void => {
    total += 1;
    if (total <= columns) all.push(index);
    const column = Math.floor((index * columns) / Math.max(1, n));
    if (column !== last) kept.push(index);
    last = column;
  };
  return { add, lane: () => ({ total, marks: (total <= columns ? all : kept).map((index) => ({ index })) }) };
}

/** Of marks in any order, as {@link markColumns}. */
export function thinMarks(indices: readonly number[], n: number): readonly { readonly index: number }[] {
  const { add, lane } = markColumns(n);
  Float64Array.from(indices).sort().forEach(add);
  return lane().marks;
}

/** Points of a curve; see {@link thinCurve}. */
export interface CurvePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * A curve over ascending `x`, thinned to the first, least, greatest and last point of each pixel column.
 *
 * @param x - ascending, finite, not necessarily strictly
 * @param y - as long as `x`, finite
 * @remarks O(n), one pass.
 */
export function thinCurve(x: ArrayLike<number>, y: ArrayLike<number>, columns: number = COLUMNS): CurvePoints {
  const n = x.length;
  const kept = n <= 4 * columns ? Array.from({ length: n }, (_, i) => i) : curveIndices(x, y, columns);
  return { x: Float64Array.from(kept, (i) => x[i] as number), y: Float64Array.from(kept, (i) => y[i] as number) };
}

function curveIndices(x: ArrayLike<number>, y: ArrayLike<number>, columns: number): number[] {
  const n = x.length;
  const [start, span] = [x[0] as number, (x[n - 1] as number) - (x[0] as number)];
  const columnOf = (i: number): number => (span > 0 ? Math.min(columns - 1, Math.floor((((x[i] as number) - start) / span) * columns)) : 0);
  const kept: number[] = [];
  for (let from = 0; from < n; ) {
    const column = columnOf(from);
    let [low, high, to] = [from, from, from + 1];
    while (to < n && columnOf(to) === column) {
      if ((y[to] as number) < (y[low] as number)) low = to;
      if ((y[to] as number) > (y[high] as number)) high = to;
      to += 1;
    }
    kept.push(...new Set(low < high ? [from, low, high, to - 1] : [from, high, low, to - 1]));
    from = to;
  }
  return kept;
}
