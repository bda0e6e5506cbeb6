/** Answers "how many of these values are less than x" for many x. */
export interface CountIndex {
  /** The distinct values, ascending. */
  readonly distinct: Float64Array;
  /** How many of all values are less than distinct value j; one entry more, for all values. */
  readonly below: Uint32Array;
  /** How many distinct values are less than `x`. NaN counts as less than all. */
  readonly rank: (x: number) => number;
  /** Writes `table[rank(x)]` for each `x` into `out`, and returns the position of the first NaN, -1 if there is none. */
  readonly lookUp: (xs: Float64Array, table: Float64Array, out: Float64Array) => number;
}

/** A stretch of the values cut into cells of equal width. */
interface Node {
  readonly low: number;
  readonly scale: number;
  /** Its first cell among all nodes' cells, and how many it has. */
  readonly base: number;
  readonly cells: number;
}

/** All nodes' cells in one row, and for each where its values start among the distinct ones; the next cell's start ends it. */
interface Cells {
  readonly nodes: Node[];
  readonly starts: number[];
  /** The node that cuts a crowded cell further; 0 for none, since the root is no cell's. */
  readonly children: number[];
}

/** Cells a distinct value: with eight of them most hold none or one. */
const CELLS_PER_VALUE = 8;

/** A cell with more values than this is cut again, */
const CROWD = 3;

/** but at most so often, and a row of cells is no longer than this. */
const DEPTH = 4;
const MOST_CELLS = 2 ** 20;

/**
 * An index of values by cells of equal width, crowded cells being cut again, then by halving within a cell.
 *
 * @param order - ascending, no NaN; may be infinite
 * @remarks Exact whatever rounding does: subtraction, multiplication and truncation are monotone, so a value in a lower
 * cell is smaller. O(n) to build; a look-up takes one or two cells for laws with heavy tails too, and never more than
 * four cells and the halving of all values.
 */
export function countIndex(order: Float64Array): CountIndex {
  const { distinct, below } = distinctOf(order);
  const cells = cut(distinct);
  const lows = Float64Array.from(cells.nodes, ({ low }) => low);
  const scales = Float64Array.from(cells.nodes, ({ scale }) => scale);
  const bases = Uint32Array.from(cells.nodes, ({ base }) => base);
  const lasts = Float64Array.from(cells.nodes, ({ cells: count }) => count - 1);
  const starts = Uint32Array.from(cells.starts);
  const children = Uint32Array.from(cells.children);
  const rank = (x: number): number => {
    let node = 0;
    for (;;) {
      const cell = (bases[node] as number) + place(x, lows[node] as number, scales[node] as number, lasts[node] as number);
      const from = starts[cell] as number;
      const to = starts[cell + 1] as number;
      if (to - from > CROWD) {
        node = children[cell] as number;
        if (node > 0) continue;
      }
      return halve(distinct, from, to, x);
    }
  };
  const lookUp = (xs: Float64Array, table: Float64Array, out: Float64Array): number => {
    let nan = -1;
    for (let i = 0; i < xs.length; i += 1) {
      const x = xs[i] as number;
      out[i] = table[rank(x)] as number;
      if (x !== x && nan < 0) nan = i;
    }
    return nan;
  };
  return { distinct, below, rank, lookUp };
}

/** The cell of `x` among `last` + 1, from 0; what lies outside falls into the outermost. */
function place(x: number, low: number, scale: number, last: number): number {
  const at = (x - low) * scale;
  return at > 0 ? (at < last ? at | 0 : last) : 0;
}

/** The first of `distinct[from .. to)` that is not less than `x`, or `to`. */
function halve(distinct: Float64Array, from: number, to: number, x: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((distinct[mid] as number) < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

function distinctOf(order: Float64Array): { distinct: Float64Array; below: Uint32Array } {
  const distinct = new Float64Array(order.length);
  const below = new Uint32Array(order.length + 1);
  let count = 0;
  for (let i = 0; i < order.length; i += 1) {
    if (i > 0 && order[i] === order[i - 1]) continue;
    distinct[count] = order[i] as number;
    below[count] = i;
    count += 1;
  }
  below[count] = order.length;
  return { distinct: distinct.slice(0, count), below: below.slice(0, count + 1) };
}

function cut(distinct: Float64Array): Cells {
  const cells: Cells = { nodes: [], starts: [], children: [] };
  let level = [{ from: 0, to: distinct.length, cell: -1 }];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth += 1) {
    level = level.flatMap(({ from, to, cell }) => {
      if (cell >= 0) cells.children[cell] = cells.nodes.length;
      return cutOne(distinct, from, to, cells);
    });
  }
  return cells;
}

/** Adds a node for `distinct[from .. to)` and returns its crowded cells; none where cutting leaves them all together. */
function cutOne(distinct: Float64Array, from: number, to: number, { nodes, starts, children }: Cells): { from: number; to: number; cell: number }[] {
  const finite = distinct.subarray(from, to).filter(Number.isFinite);
  const low = finite[0] ?? 0;
  const count = Math.min(MOST_CELLS, CELLS_PER_VALUE * (to - from) + 1);
  const scale = (count - 1) / ((finite[finite.length - 1] ?? 0) - low);
  const base = starts.length;
  nodes.push({ low, scale, base, cells: count });
  const crowded: { from: number; to: number; cell: number }[] = [];
  let next = from;
  for (let c = 0; c < count; c += 1) {
    const start = next;
    while (next < to && place(distinct[next] as number, low, scale, count - 1) === c) next += 1;
    starts.push(start);
    children.push(0);
    if (next - start > CROWD && next - start < to - from) crowded.push({ from: start, to: next, cell: base + c });
  }
  starts.push(to);
  children.push(0);
  return crowded;
}
