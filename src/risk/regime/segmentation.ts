import { InputError } from '../../errors.js';
import { integerIn, nonNegative } from '../../stats/sample.js';
import { coarsePartition } from './coarse-partition.js';
import { type CostTable, costTable, type SegmentCost } from './costs.js';
import { defaultPenalty, independentPenalty } from './penalty.js';
import { type Partition, partitionsByCount, peltPartition } from './pelt.js';

/** How a series is cut. */
export interface SegmentOptions {
  /** Default: `mean`, in units of the series' own standard deviation. */
  readonly cost?: SegmentCost;
  /** Cost that a change must save. Default: {@link defaultPenalty} for the default cost, (p + 2) ln n for the others. */
  readonly penalty?: number;
  /** Fewest observations of a segment; default 2: one odd observation is no regime. */
  readonly shortest?: number;
  /**
   * For long series: changes are first looked for at every so many observations, then each is put where it costs least;
   * default 1, the global minimum.
   */
  readonly every?: number;
}

/** A series in segments, and under which cost and penalty. */
export interface Segmentation extends Partition {
  readonly n: number;
  readonly fitted: SegmentCost;
  readonly penalty: number;
  readonly shortest: number;
}

/**
 * Cuts a series where its law changes: the segmentation with the least cost, every change costing a penalty.
 *
 * @param xs - observations in order, at least `shortest`
 * @param options - cost, penalty and shortest segment
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @remarks The global minimum, unless `every` is above 1. O(n^2) where changes are few, so a million observations want an
 * `every` of 50. A constant series has no change. No error rate is promised: the default penalty is argued
 * for at {@link defaultPenalty}.
 * @see Killick, Fearnhead & Eckley (2012), JASA 107, 1590-1598.
 * @example
 * ```ts
 * segment([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 9, 8, 9, 8, 9, 8, 9, 8, 9, 8]).changes; // => [10]
 * ```
 */
export function segment(xs: ArrayLike<number>, options: SegmentOptions = {}): Segmentation {
  const chosen = options.cost === undefined ? ownScale(xs) : { cost: options.cost, penalty: null };
  const table = costTable(chosen.cost, xs);
  const n = xs.length;
  const shortest = shortestOf(table, n, options.shortest ?? Math.min(n, 2));
  const penalty = nonNegative(options.penalty ?? chosen.penalty ?? independentPenalty(table, n), 'penalty');
  const every = integerIn(options.every ?? 1, 1, n, 'every');
  const found = every === 1 ? peltPartition(table, n, penalty, shortest) : coarsePartition(table, n, { penalty, shortest, every });
  return { ...found, n, fitted: chosen.cost, penalty, shortest };
}

/** The default cost and penalty; a series without variation has any scale. */
function ownScale(xs: ArrayLike<number>): { readonly cost: SegmentCost; readonly penalty: number } {
  const { scale, penalty } = defaultPenalty(xs);
  return { cost: { cost: 'mean', scale: scale > 0 ? scale : 1 }, penalty };
}

function shortestOf(table: CostTable, n: number, shortest: number): number {
  integerIn(shortest, table.shortest, Number.MAX_SAFE_INTEGER, 'shortest');
  if (n < shortest) throw new InputError('TOO_FEW', `xs must hold at least ${String(shortest)} observations, got ${String(n)}`);
  return shortest;
}

/**
 * The cheapest segmentations with 0, 1, ... changes, to see all of them beside each other.
 *
 * @param xs - observations in order, at least `shortest`
 * @param options - cost, shortest segment, and the largest number of changes
 * @returns one partition a number of changes, as many as there is room for
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @remarks Each is a global minimum. O(most n^2).
 * @see Auger & Lawrence (1989), Bulletin of Mathematical Biology 51, 39-54; Bai & Perron (2003), J. Appl. Econometrics 18, 1-22.
 * @example
 * ```ts
 * const two = segmentByCount([1, 1, 5, 5, 2, 2], { cost: { cost: 'mean', scale: 1 }, most: 2, shortest: 1 });
 * two.map((partition) => partition.changes); // => [[], [2], [2, 4]]
 * ```
 */
export function segmentByCount(
  xs: ArrayLike<number>,
  options: { readonly cost: SegmentCost; readonly most: number; readonly shortest: number },
): readonly Partition[] {
  const table = costTable(options.cost, xs);
  const shortest = shortestOf(table, xs.length, options.shortest);
  return partitionsByCount(table, xs.length, integerIn(options.most, 0, 1_000_000, 'most'), shortest);
}
