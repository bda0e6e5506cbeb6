import { klDivergence } from '../../stats/divergence.js';
import { logSumExp } from '../../stats/log-sum-exp.js';
import { integerIn, nonNegative, unit } from '../../stats/sample.js';
import { checkLaw, weightedRisk } from './pac-bayes.js';

/** Settings of a Gibbs posterior. */
export interface GibbsParams {
  /** Weights fixed before the data were seen; they add up to 1. */
  readonly prior: readonly number[];
  /** Observed risk of each rule, in [0, 1]. */
  readonly risks: readonly number[];
  /** Inverse temperature, >= 0: 0 leaves the prior, a large one all weight to the rules with the smallest risk. */
  readonly beta: number;
  /** Observations; beta then counts for each of them. Default 1: beta is the whole inverse temperature. */
  readonly n?: number;
}

/** Weights that trade observed risk against distance from the prior. */
export interface GibbsPosterior {
  readonly posterior: readonly number[];
  /** KL(posterior || prior) in nats. */
  readonly kl: number;
  /** Posterior mean of the observed risks. */
  readonly gibbsRisk: number;
}

/**
 * Gibbs posterior over finitely many rules: weight proportional to prior times exp(-beta n risk).
 *
 * @param params - prior, observed risks, beta, and n where beta counts for each observation
 * @throws {@link InputError} BAD_PARAM
 * @remarks Of all posteriors it has the smallest beta n risk + KL. {@link pacBayesKl} holds for every posterior at
 * once, so beta may be chosen after seeing the data, for example the one that gives the smallest bound.
 * @see Catoni (2007), PAC-Bayesian supervised classification, IMS Lecture Notes 56.
 * @example
 * ```ts
 * gibbsPosterior({ prior: [0.5, 0.5], risks: [0.1, 0.1], beta: 5 }).posterior; // => [0.5, 0.5]
 * ```
 */
export function gibbsPosterior({ prior, risks, beta, n = 1 }: GibbsParams): GibbsPosterior {
  checkLaw(prior, 'prior', risks.length);
  nonNegative(beta, 'beta');
  integerIn(n, 1, Number.MAX_SAFE_INTEGER, 'n');
  for (const [j, risk] of risks.entries()) unit(risk, `risks[${String(j)}]`);
  const least = Math.min(...risks.filter((_, j) => (prior[j] ?? 0) > 0));
  const inverse = beta * n;
  // Only differences of risk matter; taken from the least in question, no exponent is Infinity - Infinity.
  const tilt = (risk: number): number => (risk === least ? 0 : -inverse * (risk - least));
  const logs = risks.map((risk, j) => ((prior[j] ?? 0) > 0 ? tilt(risk) + Math.log(prior[j] ?? 0) : -Infinity));
  const total = logSumExp(logs);
  const posterior = logs.map((log) => Math.exp(log - total));
  return { posterior, kl: klDivergence(posterior, prior), gibbsRisk: weightedRisk(risks, posterior) };
}
