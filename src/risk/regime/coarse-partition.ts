import type { CostTable } from './costs.js';
import { type Partition, peltPartition } from './pelt.js';

/** How finely a long series is cut. */
export interface CoarsePlan {
  readonly penalty: number;
  /** Fewest observations of a segment. */
  readonly shortest: number;
  /** Changes are looked for between blocks of so many observations. */
  readonly every: number;
}

/**
 * The cheapest segmentation with changes between blocks, each change then moved to the best place between its
 * neighbours, first to last, until none moves.
 *
 * @param n - observations
 * @remarks No global minimum: two changes within a block, or a regime shorter than about two blocks, can be missed. The
 * search takes (n / every)^2 steps at worst, the moves 2 `every` a change and round.
 */
export function coarsePartition(table: CostTable, n: number, { penalty, shortest, every }: CoarsePlan): Partition {
  const blocks = Math.floor(n / every);
  const at = (block: number): number => (block === blocks ? n : block * every);
  const coarse: CostTable = { ...table, cost: (from, to) => table.cost(at(from), at(to)) };
  const { changes: between } = peltPartition(coarse, blocks, penalty, Math.ceil(shortest / every));
  const bounds = [0, ...between.map(at), n];
  for (let moved = true; moved; ) {
    moved = false;
    for (let k = 1; k + 1 < bounds.length; k += 1) {
      const best = bestBetween(table, bounds, k, { every, shortest });
      if (best === bounds[k]) continue;
      bounds[k] = best;
      moved = true;
    }
  }
  const cost = bounds.slice(1).reduce((sum, to, k) => sum + table.cost(bounds[k] as number, to), 0);
  return { changes: bounds.slice(1, -1), cost };
}

/** The place of the k-th bound that costs least, its neighbours held; where it is, unless another is cheaper. */
function bestBetween(table: CostTable, bounds: readonly number[], k: number, { every, shortest }: Pick<CoarsePlan, 'every' | 'shortest'>): number {
  const [before, here, after] = bounds.slice(k - 1, k + 2) as [number, number, number];
  const costAt = (place: number): number => table.cost(before, place) + table.cost(place, after);
  let [best, cheapest] = [here, costAt(here)];
  for (let place = Math.max(before + shortest, here - every); place <= Math.min(after - shortest, here + every); place += 1) {
    const cost = costAt(place);
    if (cost < cheapest) [best, cheapest] = [place, cost];
  }
  return best;
}
