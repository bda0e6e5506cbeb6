import { InputError } from '../errors.js';
import type { Matrix } from './markov.js';
import { requireStochastic, stationaryLaw } from './stationary.js';

/**
 * Kullback-Leibler divergence of two discrete laws, in nats.
 *
 * @param p - probabilities under the first law
 * @param q - probabilities under the second, as many
 * @returns sum p ln(p / q) >= 0; Infinity where q rules out what p allows
 * @throws {@link InputError} BAD_PARAM
 * @see Kullback & Leibler (1951), Annals of Mathematical Statistics 22, 79-86.
 * @example
 * ```ts
 * klDivergence([0.5, 0.5], [1, 0]); // => Infinity
 * ```
 */
export function klDivergence(p: readonly number[], q: readonly number[]): number {
  if (p.length !== q.length) throw new InputError('BAD_PARAM', `q must have as many terms as p, ${String(p.length)}, got ${String(q.length)}`);
  let sum = 0;
  for (const [i, weight] of p.entries()) {
    const other = q[i] ?? 0;
    if (!(weight >= 0 && other >= 0)) throw new InputError('BAD_PARAM', `term ${String(i)} of p and q must be >= 0, got ${String(weight)} and ${String(other)}`);
    if (weight > 0) sum += weight * Math.log(weight / other);
  }
  return Math.max(0, sum);
}

/**
 * Kullback-Leibler rate of one Markov chain from another: the evidence per event, in nats, that a sequential test
 * gains against `q` while `p` holds.
 *
 * @param p - transition probabilities, rows from-states, with a single recurrent class
 * @param q - transition probabilities over the same states
 * @returns sum_i pi_i sum_j P_ij ln(P_ij / Q_ij) with pi the stationary law of p; Infinity where q rules out a
 * transition that p makes
 * @throws {@link InputError} BAD_PARAM, also where p has several recurrent classes and so no single rate
 * @see Rached, Alajaji & Campbell (2004), IEEE Transactions on Information Theory 50, 917-921.
 * @example
 * ```ts
 * klRate([[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [1, 0]]); // => Infinity
 * ```
 */
export function klRate(p: Matrix, q: Matrix): number {
  const { distributions, unique } = stationaryLaw(p);
  requireStochastic(q, 'q');
  if (!unique) throw new InputError('BAD_PARAM', `p must have one recurrent class, got ${String(distributions.length)}`);
  let sum = 0;
  for (const [i, weight] of (distributions[0] ?? []).entries()) if (weight > 0) sum += weight * klDivergence(p[i] ?? [], q[i] ?? []);
  return sum;
}
