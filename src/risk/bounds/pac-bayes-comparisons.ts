import { positive } from '../../stats/sample.js';
import { checkTerms, pacBayesCost, type PacBayesTerms } from './pac-bayes.js';

/**
 * McAllester's bound, from {@link pacBayesMaurer} by Pinsker's inequality: never tighter than it. For comparison.
 *
 * @param terms - observed risk, n, KL(posterior || prior), delta
 * @returns upper limit on the true risk, at most 1
 * @throws {@link InputError} BAD_PARAM
 * @see McAllester (1999), PAC-Bayesian model averaging, COLT, 164-170; Maurer (2004), arXiv cs/0411099.
 * @example
 * ```ts
 * pacBayesMcAllester({ empirical: 0, n: 100, kl: 0, delta: 0.05 }).toFixed(6); // => '0.173082'
 * ```
 */
export function pacBayesMcAllester(terms: PacBayesTerms): number {
  const { empirical, n } = checkTerms(terms);
  return Math.min(1, empirical + Math.sqrt(pacBayesCost(terms) / (2 * n)));
}

/**
 * Catoni's bound. For comparison.
 *
 * @param terms - observed risk, n, KL(posterior || prior), delta
 * @param c - the bound's own parameter, > 0, fixed before the data; trying several spends delta on each
 * @returns upper limit on the true risk, at most 1
 * @throws {@link InputError} BAD_PARAM
 * @remarks With the best c, unknown before the data, it lacks the ln(2 sqrt n) of {@link pacBayesMaurer}; with another
 * it can be far looser.
 * @see Catoni (2007), PAC-Bayesian supervised classification, IMS Lecture Notes 56, theorem 1.2.6.
 * @example
 * ```ts
 * pacBayesCatoni({ empirical: 0, n: 100, kl: 0, delta: 0.05 }, 1).toFixed(6); // => '0.046689'
 * ```
 */
export function pacBayesCatoni(terms: PacBayesTerms, c: number): number {
  const { empirical, n, kl, delta } = checkTerms(terms);
  positive(c, 'c');
  return Math.min(1, Math.expm1(-c * empirical - (kl - Math.log(delta)) / n) / Math.expm1(-c));
}

/** A PAC-Bayes-lambda bound and the lambda that minimises it. */
export interface LambdaBound {
  readonly lambdaStar: number;
  /** Upper limit on the true risk; may be above 1. */
  readonly bound: number;
}

/**
 * PAC-Bayes-lambda bound of Thiemann and others at its best lambda: a relaxation of {@link pacBayesMaurer} that is
 * convex in the posterior. For comparison.
 *
 * @param terms - observed risk, n, KL(posterior || prior), delta
 * @returns lambda in (0, 2) and the bound there; it holds for all lambda at once, so choosing is free
 * @throws {@link InputError} BAD_PARAM
 * @see Thiemann, Igel, Wintenberger & Seldin (2017), A strongly quasiconvex PAC-Bayesian bound, ALT, PMLR 76, 466-492.
 * @example
 * ```ts
 * pacBayesLambda({ empirical: 0, n: 100, kl: 0, delta: 0.05 }).bound.toFixed(6); // => '0.119829'
 * ```
 */
export function pacBayesLambda(terms: PacBayesTerms): LambdaBound {
  const { empirical, n } = checkTerms(terms);
  const cost = pacBayesCost(terms);
  const lambdaStar = 2 / (Math.sqrt((2 * n * empirical) / cost + 1) + 1);
  const rest = 1 - lambdaStar / 2;
  return { lambdaStar, bound: empirical / rest + cost / (lambdaStar * rest * n) };
}
