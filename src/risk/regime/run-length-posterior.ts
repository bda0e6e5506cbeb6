import type { Json } from '../../detector.js';

/**
 * What run length 0 means here, everywhere and always: r counts the observations of the current run up to and including
 * the last one, and r = 0 says that the run ended with it, so that the next observation starts a new one.
 *
 * @remarks Under a constant hazard 1/lambda, P(r = 0) is 1/lambda after every observation, whatever the data: read a
 * recent change from P(r <= w), never from P(r = 0).
 * @see Adams & MacKay (2007), arXiv:0710.3742, section 2.
 */
export const RUN_LENGTH_CONVENTION = 'r observations in the current run; r = 0: the next observation starts a run';

/** The law of the run length after one observation, under {@link RUN_LENGTH_CONVENTION}. */
export interface RunLengthPosterior {
  readonly convention: typeof RUN_LENGTH_CONVENTION;
  /** Run lengths still told apart, ascending. */
  readonly length: readonly number[];
  /** P(r = length[i] | data so far); sums to 1. */
  readonly probability: readonly number[];
}

/** Survivors of the recursion, oldest first, in columns. Plain JSON. */
export interface RunState {
  readonly [key: string]: Json;
  /** Observations of each run, descending. */
  readonly length: readonly number[];
  /** Log posterior probability of each run. */
  readonly logWeight: readonly number[];
  /** The model's sufficient statistics: one list a statistic, one number a run. */
  readonly statistics: readonly (readonly number[])[];
}

/** The same columns in typed arrays that grow, for work in place. */
export interface RunTable {
  count: number;
  length: Int32Array;
  logWeight: Float64Array;
  /** Posterior probability of each run. */
  mass: Float64Array;
  statistics: Float64Array[];
}

/** An empty table with room for `capacity` runs of `width` statistics each. */
export function runTable(width: number, capacity: number): RunTable {
  return {
    count: 0,
    length: new Int32Array(capacity),
    logWeight: new Float64Array(capacity),
    mass: new Float64Array(capacity),
    statistics: Array.from({ length: width }, () => new Float64Array(capacity)),
  };
}

/** Makes room for one run more, doubling. */
export function reserve(runs: RunTable): void {
  const capacity = runs.length.length;
  if (runs.count < capacity) return;
  const wider = (old: Float64Array): Float64Array => {
    const column = new Float64Array(2 * capacity);
    column.set(old);
    return column;
  };
  const length = new Int32Array(2 * capacity);
  length.set(runs.length);
  runs.length = length;
  runs.logWeight = wider(runs.logWeight);
  runs.mass = wider(runs.mass);
  runs.statistics = runs.statistics.map(wider);
}

/** The table of a state, with room for one run more. */
export function thaw(state: RunState): RunTable {
  const count = state.length.length;
  const runs = runTable(state.statistics.length, count + 1);
  runs.count = count;
  runs.length.set(state.length);
  runs.logWeight.set(state.logWeight);
  state.statistics.forEach((column, k) => runs.statistics[k]?.set(column));
  return runs;
}

/** The state of a table. */
export function freeze(runs: RunTable): RunState {
  return {
    length: Array.from(runs.length.subarray(0, runs.count)),
    logWeight: Array.from(runs.logWeight.subarray(0, runs.count)),
    statistics: runs.statistics.map((column) => Array.from(column.subarray(0, runs.count))),
  };
}

/** The posterior of a table whose masses are up to date. */
export function posteriorOf(runs: RunTable): RunLengthPosterior {
  return {
    convention: RUN_LENGTH_CONVENTION,
    length: Array.from(runs.length.subarray(0, runs.count)).reverse(),
    probability: Array.from(runs.mass.subarray(0, runs.count)).reverse(),
  };
}
