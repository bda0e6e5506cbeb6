import { InputError } from '../errors.js';
import { deviance } from './beta.js';
import { unit } from './sample.js';

/** a ln(a / m) + m - a, also at the ends. */
const part = (a: number, m: number): number => {
  if (a === 0) return m;
  return m === 0 ? Infinity : deviance(a, m);
};

/**
 * Kullback-Leibler divergence of two Bernoulli laws, in nats.
 *
 * @param p - probability under the first law, in [0, 1]
 * @param q - probability under the second, in [0, 1]
 * @returns p ln(p / q) + (1 - p) ln((1 - p) / (1 - q)) >= 0; Infinity where q rules out what p allows
 * @throws {@link InputError} BAD_PARAM
 * @remarks Two terms that are never negative, so nothing cancels, however near p and q are to each other or to an end.
 * @see Kullback & Leibler (1951), Annals of Mathematical Statistics 22, 79-86.
 * @example
 * ```ts
 * klBernoulli(0.1, 0.2).toFixed(12); // => '0.036690014035'
 * klBernoulli(0.1, 0); // => Infinity
 * ```
 */
export function klBernoulli(p: number, q: number): number {
  unit(p, 'p');
  unit(q, 'q');
  return part(p, q) + part(1 - p, 1 - q);
}

/**
 * The largest second probability within a Bernoulli divergence.
 *
 * @param p - first probability (an observed rate), in [0, 1]
 * @param c - divergence in nats, >= 0; Infinity is allowed
 * @returns sup of q in [p, 1] with kl(p || q) <= c; `1 - exp(-c)` at p = 0, p itself at c = 0
 * @throws {@link InputError} BAD_PARAM
 * @remarks Newton from the far side of the root, on which the divergence is convex; about ten evaluations, to the
 * last digits.
 * @see Langford & Seeger (2001), Bounds for averaging classifiers, CMU-CS-01-102.
 * @example
 * ```ts
 * klInverseUpper(0.1, 0.02).toFixed(12); // => '0.170383627569'
 * ```
 */
export function klInverseUpper(p: number, c: number): number {
  unit(p, 'p');
  nonNegativeOrInfinite(c);
  if (c === 0 || p === 1) return p;
  if (p === 0) return -Math.expm1(-c);
  // Beyond one half it is what is left to 1 that has to keep its digits.
  return p >= 0.5 || klBernoulli(p, 0.5) < c ? 1 - rootBelow(1 - p, c) : rootAbove(p, c);
}

/**
 * The smallest second probability within a Bernoulli divergence.
 *
 * @param p - first probability (an observed rate), in [0, 1]
 * @param c - divergence in nats, >= 0; Infinity is allowed
 * @returns inf of q in [0, p] with kl(p || q) <= c; `exp(-c)` at p = 1, p itself at c = 0
 * @throws {@link InputError} BAD_PARAM
 * @remarks As {@link klInverseUpper}; full relative accuracy near 0.
 * @see Langford & Seeger (2001), Bounds for averaging classifiers, CMU-CS-01-102.
 * @example
 * ```ts
 * klInverseLower(0.1, 0.02).toFixed(12); // => '0.050629153908'
 * ```
 */
export function klInverseLower(p: number, c: number): number {
  unit(p, 'p');
  nonNegativeOrInfinite(c);
  return c === 0 || p === 0 ? p : rootBelow(p, c);
}

function nonNegativeOrInfinite(c: number): void {
  if (!(c >= 0)) throw new InputError('BAD_PARAM', `c must be >= 0, got ${String(c)}`);
}

const MOST_STEPS = 200;

/**
 * The root below p > 0. In ln q the divergence is convex and falls, so Newton's iterates rise to the root from a start
 * below it: one within a factor e of it (ln(1 / (1 - q)) left out), or the one that s (1 - s) <= min(p, 1/4) gives.
 */
function rootBelow(p: number, c: number): number {
  if (p === 1) return Math.exp(-c);
  const far = p * Math.exp(((1 - p) * Math.log1p(-p) - c) / p);
  let q = Math.max(far, p - Math.sqrt(2 * c) * Math.sqrt(Math.min(p, 0.25)));
  for (let i = 0; i < MOST_STEPS && q > 0 && q < p; i += 1) {
    const step = ((klBernoulli(p, q) - c) * (1 - q)) / (p - q);
    const next = Math.min(p, q + q * Math.expm1(step));
    if (!(next > q)) break;
    q = next;
  }
  return q;
}

/** The root above p > 0, where it is at most 1/2: Newton in q falls to it, from what s (1 - s) <= min(q, 1/4) gives. */
function rootAbove(p: number, c: number): number {
  let q = Math.min(0.5, p + Math.sqrt(c / 2), p + c + Math.sqrt(c) * Math.sqrt(c + 2 * p));
  for (let i = 0; i < MOST_STEPS && q > p; i += 1) {
    const next = Math.max(p, q - ((klBernoulli(p, q) - c) / (q - p)) * q * (1 - q));
    if (!(next < q)) break;
    q = next;
  }
  return q;
}
