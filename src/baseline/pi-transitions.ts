import type { Float } from '../ledger/entry.js';
import { fma } from '../stats/fma.js';
import { transitionCounts, type Matrix } from '../stats/markov.js';

/** The host's Markov model over safe_fast, suspicious, unsafe, in its artifact's fields and order. */
export interface PiTransitionMatrix {
  readonly counts: Matrix;
  /** Null where not finite, as where nothing was counted and nothing was added: 0 / 0. */
  readonly probabilities: readonly (readonly Float[])[];
  /** As given; null where it was read from an artifact, which has no other word for what is not finite. */
  readonly smoothing_prior: Float;
  readonly total_transitions: number;
  readonly stationary_distribution: readonly Float[];
}

const STATES = 3;
const ROUNDS = 200;

/**
 * The host's transition matrix of a run of states, with its stationary law.
 *
 * @param states - indices into `RISK_STATES`, in order
 * @param smoothingPrior - added to each count; any double, as the host checks none
 * @returns counts, probabilities and the law after 200 rounds from the uniform one (the host tests no convergence)
 * @throws {@link InputError} BAD_PARAM where a state is none
 * @remarks O(n).
 * @example
 * ```ts
 * piTransitionMatrix([0, 1, 0], 1).counts; // => [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
 * ```
 */
export function piTransitionMatrix(states: ArrayLike<number>, smoothingPrior: number): PiTransitionMatrix {
  return piTransitionMatrixOfRuns([states], smoothingPrior);
}

/** {@link piTransitionMatrix} of several runs, never joined end to start. */
export function piTransitionMatrixOfRuns(runs: readonly ArrayLike<number>[], smoothingPrior: number): PiTransitionMatrix {
  const counts = transitionCounts(runs, STATES);
  const probabilities = counts.map((row) => {
    const rowSum = row.reduce((a, b) => a + b, 0);
    const total = fma(STATES, smoothingPrior, rowSum);
    return row.map((count) => (count + smoothingPrior) / total);
  });
  return {
    counts,
    probabilities: probabilities.map((row) => row.map(writable)),
    smoothing_prior: smoothingPrior,
    total_transitions: counts.flat().reduce((a, b) => a + b, 0),
    stationary_distribution: powerIteration(probabilities).map(writable),
  };
}

/** What an artifact can hold of a double. */
export function writable(x: number): Float {
  return Number.isFinite(x) ? x : null;
}

/** The host's stationary law: its bits need its order of operations, without fused products. */
function powerIteration(probabilities: Matrix): number[] {
  let law = new Array<number>(STATES).fill(1 / STATES);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = law.map((_, j) => law.reduce((sum, weight, i) => sum + weight * (probabilities[i]?.[j] ?? NaN), 0));
    const total = next.reduce((a, b) => a + b, 0);
    law = total > 0 ? next.map((weight) => weight / total) : next;
  }
  return law;
}
