import { InputError } from '../errors.js';
import { requireSquare, type Matrix } from './markov.js';

/** Where a Markov chain spends its time in the long run. */
export interface StationaryLaw {
  /** Whether there is just one law: one recurrent class. */
  readonly unique: boolean;
  /** States of each recurrent class, ascending; classes by their first state. */
  readonly recurrentClasses: readonly (readonly number[])[];
  /** One law per class over all states: exactly 0 outside the class. */
  readonly distributions: readonly (readonly number[])[];
}

/**
 * Stationary laws of a finite Markov chain, one for each recurrent class, by the algorithm of Grassmann, Taksar and
 * Heyman.
 *
 * @param matrix - transition probabilities, rows from-states; each row is taken relative to its sum
 * @returns the recurrent classes and their laws
 * @throws {@link InputError} BAD_PARAM where an entry is not a number >= 0 or a row sums to 0
 * @remarks No subtraction, so every entry keeps its relative accuracy however nearly the chain falls apart. A periodic
 * chain has its law here but no limit. O(S^3).
 * @see Grassmann, Taksar & Heyman (1985), Operations Research 33, 1107-1116; O'Cinneide (1993), Numerische Mathematik
 * 65, 109-120.
 * @example
 * ```ts
 * stationaryLaw([[0, 1], [1, 0]]).distributions; // => [[0.5, 0.5]]
 * ```
 */
export function stationaryLaw(matrix: Matrix): StationaryLaw {
  requireStochastic(matrix, 'matrix');
  const recurrentClasses = closedClasses(matrix);
  return {
    unique: recurrentClasses.length === 1,
    recurrentClasses,
    distributions: recurrentClasses.map((members) => {
      const law = eliminate(members.map((i) => members.map((j) => matrix[i]?.[j] ?? 0)));
      return matrix.map((_, state) => law[members.indexOf(state)] ?? 0);
    }),
  };
}

/** @throws {@link InputError} BAD_PARAM unless the matrix is square, not negative, and every row has a sum to divide by */
export function requireStochastic(matrix: Matrix, name: string): void {
  requireSquare(matrix, name);
  for (const [i, row] of matrix.entries()) {
    const sum = row.reduce((a, b) => a + b, 0);
    if (!row.every((p) => p >= 0) || !(sum > 0 && sum < Infinity)) {
      throw new InputError('BAD_PARAM', `row ${String(i)} of ${name} must hold finite numbers >= 0 with a sum > 0, got ${row.join(', ')}`);
    }
  }
}

/** Classes of states that reach each other and nothing else. */
function closedClasses(matrix: Matrix): number[][] {
  const reach = matrix.map((_, state) => reachable(matrix, state));
  const classes: number[][] = [];
  for (const [state, seen] of reach.entries()) {
    const members = [...seen].sort((a, b) => a - b);
    if (members[0] === state && members.every((other) => reach[other]?.has(state) === true)) classes.push(members);
  }
  return classes;
}

function reachable(matrix: Matrix, from: number): Set<number> {
  const seen = new Set([from]);
  for (const state of seen) {
    for (const [next, p] of (matrix[state] ?? []).entries()) if (p > 0) seen.add(next);
  }
  return seen;
}

/** State elimination on an irreducible chain: fold the last state into the others, then unfold its weight. */
function eliminate(rows: number[][]): number[] {
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let k = rows.length - 1; k > 0; k -= 1) {
    let leaving = 0;
    for (let j = 0; j < k; j += 1) leaving += at(k, j);
    for (let i = 0; i < k; i += 1) {
      const row = rows[i] ?? [];
      row[k] = at(i, k) / leaving;
      for (let j = 0; j < k; j += 1) row[j] = at(i, j) + at(i, k) * at(k, j);
    }
  }
  const weights = [1];
  for (let k = 1; k < rows.length; k += 1) {
    let weight = 0;
    for (let i = 0; i < k; i += 1) weight += (weights[i] ?? 0) * at(i, k);
    weights.push(weight);
  }
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}
