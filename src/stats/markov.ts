import { InputError } from '../errors.js';
import { betaQuantile, betaQuantileUpper } from './beta.js';
import { insideUnit, integerIn, positive } from './sample.js';

/** A square matrix by rows; row i holds what leaves state i. */
export type Matrix = readonly (readonly number[])[];

/** What is known of one state's successors. */
export interface TransitionRow {
  /** Times the state was left. 0: the posterior is the prior. */
  readonly visits: number;
  /** Posterior mean of each transition probability. */
  readonly mean: readonly number[];
  /** Equal-tailed posterior limits of each, one at a time. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/**
 * Counts of neighbouring states, over traces that are never joined end to start.
 *
 * @param traces - state indices in order, one array a trace
 * @param states - number of states, >= 1
 * @returns counts[i][j]: times j came right after i
 * @throws {@link InputError} BAD_PARAM where a state is out of range
 * @remarks O(length).
 * @example
 * ```ts
 * transitionCounts([[0, 0, 1], [1, 0]], 2); // => [[1, 1], [1, 0]]
 * ```
 */
export function transitionCounts(traces: readonly ArrayLike<number>[], states: number): number[][] {
  integerIn(states, 1, 65_536, 'states');
  const flat = new Float64Array(states * states);
  for (const trace of traces) {
    let from = -1;
    for (let i = 0; i < trace.length; i += 1) {
      const to = trace[i] ?? NaN;
      if (!(Number.isInteger(to) && to >= 0 && to < states)) {
        throw new InputError('BAD_PARAM', `state ${String(i)} must be an integer in [0, ${String(states - 1)}], got ${String(to)}`);
      }
      if (from >= 0) flat[from * states + to] = (flat[from * states + to] ?? 0) + 1;
      from = to;
    }
  }
  return Array.from({ length: states }, (_, i) => [...flat.subarray(i * states, (i + 1) * states)]);
}

/**
 * Posterior of a Markov chain's transition probabilities under a symmetric Dirichlet prior on each row.
 *
 * @param counts - transition counts by row, square
 * @param prior - Dirichlet parameter of every transition, > 0; 1 is uniform, 1/2 is Jeffreys's
 * @param level - probability inside each interval, in (0, 1)
 * @returns a row for each state; the intervals are marginal: each holds with this level, not all at once
 * @throws {@link InputError} BAD_PARAM
 * @remarks Row i's j-th probability is Beta(N_ij + a, N_i - N_ij + (S - 1) a). O(S^2) beta quantiles.
 * @see Gelman et al., Bayesian Data Analysis, section 3.4.
 * @example
 * ```ts
 * dirichletPosterior([[3, 1], [0, 0]], 1, 0.95)[1]?.mean; // => [0.5, 0.5]
 * ```
 */
export function dirichletPosterior(counts: Matrix, prior: number, level: number): TransitionRow[] {
  positive(prior, 'prior');
  insideUnit(level, 'level');
  requireSquare(counts, 'counts');
  positive(prior * counts.length, 'prior times the number of states');
  const tail = (1 - level) / 2;
  return counts.map((row) => {
    const visits = row.reduce((sum, count) => sum + integerIn(count, 0, Number.MAX_SAFE_INTEGER, 'a transition count'), 0);
    const total = visits + row.length * prior;
    const rest = (count: number): number => visits - count + (row.length - 1) * prior;
    const alone = row.length === 1;
    return {
      visits,
      mean: row.map((count) => (count + prior) / total),
      lower: row.map((count) => (alone ? 1 : betaQuantile(count + prior, rest(count), tail))),
      upper: row.map((count) => (alone ? 1 : betaQuantileUpper(count + prior, rest(count), tail))),
    };
  });
}

/** @throws {@link InputError} BAD_PARAM unless every row is as long as there are rows, at least one */
export function requireSquare(matrix: Matrix, name: string): void {
  if (matrix.length === 0 || matrix.some((row) => row.length !== matrix.length)) {
    throw new InputError('BAD_PARAM', `${name} must be a square matrix, got rows of ${matrix.map((row) => String(row.length)).join(', ')}`);
  }
}
