import type { CostTable } from './costs.js';

/** A segmentation by its changes: each is the index of the first observation of a new segment. */
export interface Partition {
  readonly changes: readonly number[];
  /** Sum of the segments' costs, without penalties. */
  readonly cost: number;
}

/**
 * The cheapest segmentation where every change costs `penalty`: optimal partitioning with PELT's pruning.
 *
 * @param n - observations
 * @param shortest - fewest observations of a segment; n is at least that
 * @remarks Exact. O(n^2), O(n) where changes are many. A start is given up only `shortest` steps after it was beaten:
 * until then the better split may not be allowed. Of equals, the one whose last segment begins first.
 * @see Killick, Fearnhead & Eckley (2012), JASA 107, 1590-1598; Jackson et al. (2005), IEEE SPL 12, 105-108.
 */
export function peltPartition(table: CostTable, n: number, penalty: number, shortest: number): Partition {
  const best = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  const beatenAt = new Int32Array(n + 1).fill(-1);
  best[0] = -penalty;
  const starts = new Int32Array(n + 1);
  const totals = new Float64Array(n + 1);
  let count = 0;
  for (let t = shortest; t <= n; t += 1) {
    if ((best[t - shortest] as number) < Infinity) {
      starts[count] = t - shortest;
      count += 1;
    }
    let cheapest = Infinity;
    for (let k = 0; k < count; k += 1) {
      const s = starts[k] as number;
      const total = (best[s] as number) + table.cost(s, t);
      totals[k] = total;
      if (total + penalty < cheapest) {
        cheapest = total + penalty;
        from[t] = s;
      }
    }
    best[t] = cheapest;
    let kept = 0;
    for (let k = 0; k < count; k += 1) {
      const s = starts[k] as number;
      if ((totals[k] as number) > cheapest && (beatenAt[s] as number) < 0) beatenAt[s] = t;
      if ((beatenAt[s] as number) >= 0 && t + 1 >= (beatenAt[s] as number) + shortest) continue;
      starts[kept] = s;
      kept += 1;
    }
    count = kept;
  }
  return partition(table, from, n);
}

function partition(table: CostTable, from: Int32Array, n: number): Partition {
  const changes: number[] = [];
  let cost = 0;
  for (let to = n; to > 0; to = from[to] ?? 0) {
    const start = from[to] ?? 0;
    cost += table.cost(start, to);
    if (start > 0) changes.unshift(start);
  }
  return { changes, cost };
}

/**
 * The cheapest segmentation with 0, 1, ... `most` changes.
 *
 * @returns one partition a number of changes, as many as `shortest` allows
 * @remarks Exact. O(most n^2) time, O(most n) memory.
 * @see Auger & Lawrence (1989), Bulletin of Mathematical Biology 51, 39-54.
 */
export function partitionsByCount(table: CostTable, n: number, most: number, shortest: number): readonly Partition[] {
  let best = Float64Array.from({ length: n + 1 }, (_, t) => (t >= shortest ? table.cost(0, t) : Infinity));
  const froms: Int32Array[] = [];
  const found: Partition[] = [{ changes: [], cost: table.cost(0, n) }];
  for (let m = 1; m <= most && (m + 1) * shortest <= n; m += 1) {
    const next = new Float64Array(n + 1).fill(Infinity);
    const from = new Int32Array(n + 1);
    for (let t = (m + 1) * shortest; t <= n; t += 1) {
      for (let s = m * shortest; s <= t - shortest; s += 1) {
        const total = (best[s] ?? Infinity) + table.cost(s, t);
        if (total >= (next[t] ?? Infinity)) continue;
        next[t] = total;
        from[t] = s;
      }
    }
    best = next;
    froms.push(from);
    const changes = traced(froms, n);
    found.push({ changes, cost: best[n] ?? NaN });
  }
  return found;
}

/** The changes of a partition, from where the last segment of each number of changes began. */
function traced(froms: readonly Int32Array[], n: number): readonly number[] {
  const changes: number[] = [];
  let to = n;
  for (const from of froms.toReversed()) {
    to = from[to] ?? 0;
    changes.unshift(to);
  }
  return changes;
}
