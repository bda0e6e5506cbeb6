import type { RunTable } from './run-length-posterior.js';

/** A model's arithmetic over many runs at once. */
export interface ConjugateKernel {
  /** Sufficient statistics a run, beside its length. */
  readonly width: number;
  /** Returns `x`, or throws: what this model cannot have drawn. */
  readonly check: (x: number) => number;
  /** Writes the statistics of a run that has seen nothing at row `i`. */
  readonly open: (runs: RunTable, i: number) => void;
  /**
   * Adds the log predictive density of `x` under every run to the run's log weight, and teaches `x` to the run. Lengths
   * are left alone.
   *
   * @param longest - length of the longest run
   * @returns the largest log weight
   */
  readonly judgeAndLearn: (runs: RunTable, x: number, longest: number) => number;
}
