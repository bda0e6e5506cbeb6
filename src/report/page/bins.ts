import { countBefore, type Axis, type View } from './axis.js';

/** What of the calls is drawn. */
export interface Drawn {
  /** Lane of each call. */
  readonly laneOf: (call: number) => number;
  readonly laneCount: number;
  /** Rank of each call's decision, 0 the mildest. */
  readonly rankOf: (call: number) => number;
  readonly marks: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** Calls in columns of equal width. */
export interface Bins {
  readonly columns: number;
  /** Calls, and the rank of the severest decision, at `lane * columns + column`. */
  readonly counts: Uint32Array;
  readonly ranks: Uint8Array;
  /** Marks of a column's calls together, and whether one is labelled unsafe. */
  readonly marks: Uint8Array;
  readonly unsafe: Uint8Array;
  /** The fullest cell. */
  readonly most: number;
  /** Calls in view. */
  readonly inView: number;
}

/** How calls fall into columns: O(calls in view), and nothing that was found is lost. */
export function binCalls({ calls, x }: Axis, { from, to }: View, columns: number, drawn: Drawn): Bins {
  const counts = new Uint32Array(drawn.laneCount * columns);
  const ranks = new Uint8Array(counts.length);
  const [marks, unsafe] = [new Uint8Array(columns), new Uint8Array(columns)];
  const [start, end] = [countBefore(x, from), countBefore(x, to)];
  const scale = columns / (to - from);
  let most = 0;
  for (let place = start; place < end; place += 1) {
    const call = calls[place] ?? 0;
    const column = Math.min(columns - 1, Math.floor(((x[place] ?? 0) - from) * scale));
    const cell = drawn.laneOf(call) * columns + column;
    const count = (counts[cell] ?? 0) + 1;
    counts[cell] = count;
    most = Math.max(most, count);
    ranks[cell] = Math.max(ranks[cell] ?? 0, drawn.rankOf(call));
    marks[column] = (marks[column] ?? 0) | (drawn.marks[call] ?? 0);
    if (drawn.labels[call] === 2) unsafe[column] = 1;
  }
  return { columns, counts, ranks, marks, unsafe, most, inView: end - start };
}
