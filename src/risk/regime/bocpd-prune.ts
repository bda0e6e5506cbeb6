import { InputError } from '../../errors.js';
import { integerIn } from '../../stats/sample.js';
import type { RunTable } from './run-length-posterior.js';

/**
 * Which runs are told apart. What is pruned is merged with its neighbour in age, which gets its probability; of the two
 * the heavier keeps its length and statistics. Nothing is dropped: dropped mass would come back as false changes.
 */
export interface Pruning {
  /** At most so many runs; beyond, older neighbours that differ least are merged. Null: no limit. */
  readonly maxRuns: number | null;
  /** Neighbours that both have less probability than this are merged, the youngest excepted; 0: none. Keep it well below the hazard. */
  readonly mergeBelow: number;
}

/** The pruning that is used where none is asked for: bounded memory, and errors far below what is read from a posterior. */
export const DEFAULT_PRUNING: Pruning = { maxRuns: 2000, mergeBelow: 1e-6 };

/** Checks a pruning. */
export function checkPruning({ maxRuns, mergeBelow }: Pruning): Pruning {
  if (maxRuns !== null) integerIn(maxRuns, 2, 2 ** 30, 'pruning.maxRuns');
  if (!(mergeBelow >= 0 && mergeBelow <= 0.01)) throw new InputError('BAD_PARAM', `pruning.mergeBelow must be in [0, 0.01], got ${String(mergeBelow)}`);
  return { maxRuns, mergeBelow };
}

/** Prunes in place; masses and log weights are those of the posterior. */
export function pruneRuns(runs: RunTable, { maxRuns, mergeBelow }: Pruning): void {
  if (mergeBelow > 0) mergeLight(runs, mergeBelow);
  if (maxRuns !== null) while (runs.count > maxRuns) mergeAlike(runs);
}

/** Merges neighbours below a mass; a light run between heavy ones stays, since their statistics are not its own. */
function mergeLight(runs: RunTable, below: number): void {
  const { mass, count } = runs;
  const youngest = count - 1;
  let kept = 0;
  let keptMass = mass[0] ?? 0;
  for (let i = 1; i < count; i += 1) {
    const m = mass[i] ?? 0;
    if (i < youngest && m < below && keptMass < below) {
      absorb(runs, kept, i);
      keptMass += m;
    } else {
      kept += 1;
      keptMass = m;
      if (kept < i) moveRun(runs, i, kept);
    }
  }
  runs.count = kept + 1;
}

/** Merges run `b` into row `a`: the probability of both, length and statistics of the heavier. */
function absorb(runs: RunTable, a: number, b: number): void {
  const { mass, logWeight } = runs;
  const [u, v] = [logWeight[a] ?? 0, logWeight[b] ?? 0];
  const both = (mass[a] ?? 0) + (mass[b] ?? 0);
  if (v > u) moveRun(runs, b, a);
  mass[a] = both;
  logWeight[a] = Math.max(u, v) + Math.log1p(Math.exp(-Math.abs(u - v)));
}

/** Copies the run in row `from` to row `to`. */
export function moveRun({ length, logWeight, mass, statistics }: RunTable, from: number, to: number): void {
  length[to] = length[from] ?? 0;
  logWeight[to] = logWeight[from] ?? 0;
  mass[to] = mass[from] ?? 0;
  for (const column of statistics) column[to] = column[from] ?? 0;
}

/** So many of the youngest runs, at most half, are left alone: among them is the change that is being noticed. */
const YOUNG = 32;
/** Pairs merged at a time, one in each stretch of ages, so that the search is seldom. */
const STRETCHES = 16;

/** Merges, in each stretch of the older runs, the two neighbours whose merging moves least. */
function mergeAlike(runs: RunTable): void {
  const { length, logWeight, mass, statistics } = runs;
  const old = runs.count - Math.min(YOUNG, runs.count >> 1);
  const stretches = Math.max(1, Math.min(STRETCHES, old >> 1));
  for (let k = stretches - 1; k >= 0; k -= 1) {
    const a = mostAlike(runs, Math.floor((k * old) / stretches), Math.floor(((k + 1) * old) / stretches));
    absorb(runs, a, a + 1);
    for (const column of [length, logWeight, mass, ...statistics]) column.copyWithin(a + 1, a + 2, runs.count);
    runs.count -= 1;
  }
}

/** The row from .. to - 2 that with its successor has the least (mass of the lighter) (share of observations not in both). */
function mostAlike({ length, mass }: RunTable, from: number, to: number): number {
  let best = Infinity;
  let at = from;
  for (let i = from; i + 1 < to; i += 1) {
    const n = length[i] ?? 1;
    const moved = (Math.min(mass[i] ?? 0, mass[i + 1] ?? 0) * (n - (length[i + 1] ?? 0))) / n;
    if (moved >= best) continue;
    best = moved;
    at = i;
  }
  return at;
}
