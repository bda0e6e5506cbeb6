import { InputError } from '../../errors.js';
import { klInverseLower, klInverseUpper } from '../../stats/bernoulli-kl.js';
import { klDivergence } from '../../stats/divergence.js';
import { insideUnit, integerIn, unit } from '../../stats/sample.js';

/** What every PAC-Bayes bound is made of. */
export interface PacBayesTerms {
  /** Observed risk of the ensemble: the posterior mean of the rules' observed risks, in [0, 1]. */
  readonly empirical: number;
  /** Observations, integer >= 1. */
  readonly n: number;
  /** KL(posterior || prior) in nats, >= 0; Infinity makes the bound say nothing. */
  readonly kl: number;
  /** Chance that the bound fails, in (0, 1). */
  readonly delta: number;
}

/** Returns the terms if they are what they say, else throws BAD_PARAM. */
export function checkTerms(terms: PacBayesTerms): PacBayesTerms {
  unit(terms.empirical, 'empirical');
  integerIn(terms.n, 1, Number.MAX_SAFE_INTEGER, 'n');
  insideUnit(terms.delta, 'delta');
  if (!(terms.kl >= 0)) throw new InputError('BAD_PARAM', `kl must be >= 0, got ${String(terms.kl)}`);
  return terms;
}

/** KL + ln(2 sqrt(n) / delta): what the posterior and the confidence cost, in nats. */
export function pacBayesCost({ n, kl, delta }: PacBayesTerms): number {
  return kl + Math.log(2 * Math.sqrt(n)) - Math.log(delta);
}

/** Limits on the true risk of an ensemble; both hold at once. */
export interface RiskLimits {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Maurer and Seeger's bound from its terms: kl(observed || true) <= (KL + ln(2 sqrt(n) / delta)) / n, solved for the
 * true risk. {@link pacBayesKl} computes the terms and says what is promised.
 *
 * @param terms - observed risk, n, KL(posterior || prior), delta
 * @throws {@link InputError} BAD_PARAM
 * @see Maurer (2004), A note on the PAC Bayesian theorem, arXiv cs/0411099; Seeger (2002), JMLR 3, 233-269.
 * @example
 * ```ts
 * pacBayesMaurer({ empirical: 0, n: 100, kl: 0, delta: 0.05 }).upper.toFixed(6); // => '0.058155'
 * ```
 */
export function pacBayesMaurer(terms: PacBayesTerms): RiskLimits {
  const { empirical, n } = checkTerms(terms);
  const c = pacBayesCost(terms) / n;
  return { lower: klInverseLower(empirical, c), upper: klInverseUpper(empirical, c) };
}

/** A finite set of rules, what each was observed to risk, and how they are weighted. */
export interface WeightedRules {
  /** Observed risk of each rule on the same n observations: mean loss, losses in [0, 1]. */
  readonly empirical: readonly number[];
  /** Weights fixed before the data were seen; they add up to 1. */
  readonly prior: readonly number[];
  /** Weights in use, chosen in any way; they add up to 1. */
  readonly posterior: readonly number[];
}

/** A PAC-Bayes bound and what it was made of. */
export interface PacBayesBound extends PacBayesTerms, RiskLimits {
  readonly guarantee: string;
}

/**
 * PAC-Bayes-kl bound on the risk of a weighted ensemble of finitely many rules, KL(posterior || prior) computed.
 *
 * @param rules - observed risks, prior and posterior of M >= 1 rules; n observations; delta
 * @returns limits on the posterior mean of the rules' true risks: what a rule drawn afresh from the posterior at each
 * event risks. A weighted majority vote risks at most twice the upper limit. A posterior that uses a rule the prior
 * rules out has KL = Infinity and limits 0 and 1
 * @throws {@link InputError} BAD_PARAM where weights are negative or do not add up to 1 (to 1e-9), lengths differ, or a
 * risk is outside [0, 1]
 * @remarks Guarantee: with probability >= 1 - delta both limits hold for every posterior and every n >= 1 at once, so
 * the weights may be tuned on the same data, and the bound looked at after every observation. Why for every n: for each
 * rule the likelihood ratio of a Beta(1/2, 1/2) mixture to the true risk is a supermartingale of mean at most 1, also
 * for losses between 0 and 1; it is at least exp(n kl(observed || true)) / (2 sqrt n); its prior mean is a
 * supermartingale too, and Ville's inequality with Donsker and Varadhan's gives the bound. Assumptions: losses in
 * [0, 1] whose mean given the past is constant (independent draws of one law, say); the prior fixed before the data.
 * A bound without KL(posterior || prior) of the actual posterior is not PAC-Bayes. For one rule picked from M,
 * {@link clopperPearson} at level 1 - delta / M is tighter: {@link rateBound} knows which to take.
 * @see Langford & Seeger (2001), CMU-CS-01-102; Maurer (2004), arXiv cs/0411099; Chugg, Wang & Ramdas (2023), A unified
 * recipe for deriving (time-uniform) PAC-Bayes bounds, JMLR 24(372).
 * @example
 * ```ts
 * const { kl, upper } = pacBayesKl({ empirical: [0.1, 0.3], prior: [0.5, 0.5], posterior: [0.9, 0.1], n: 500, delta: 0.05 });
 * kl.toFixed(4); // => '0.3681'
 * upper.toFixed(4); // => '0.1820'
 * ```
 */
export function pacBayesKl(rules: WeightedRules & { readonly n: number; readonly delta: number }): PacBayesBound {
  const { empirical, prior, posterior, n, delta } = rules;
  checkLaw(prior, 'prior', empirical.length);
  checkLaw(posterior, 'posterior', empirical.length);
  const terms = { empirical: weightedRisk(empirical, posterior), n, kl: klDivergence(posterior, prior), delta };
  const guarantee = `with probability ${String(1 - delta)} both limits hold, for every posterior and every n at once`;
  return { ...terms, ...pacBayesMaurer(terms), guarantee };
}

/** Mean of risks under weights; each risk in [0, 1], or BAD_PARAM. */
export function weightedRisk(risks: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (const [j, risk] of risks.entries()) sum += unit(risk, `empirical[${String(j)}]`) * (weights[j] ?? 0);
  return Math.min(1, sum);
}

/** Throws BAD_PARAM unless these are as many weights as expected, none negative, that add up to 1. */
export function checkLaw(weights: readonly number[], name: string, count: number): void {
  if (weights.length !== count || count === 0) {
    throw new InputError('BAD_PARAM', `${name} must hold one weight for each rule, ${String(count)} and at least 1, got ${String(weights.length)}`);
  }
  let sum = 0;
  for (const [j, weight] of weights.entries()) sum += unit(weight, `${name}[${String(j)}]`);
  if (!(Math.abs(sum - 1) <= 1e-9)) throw new InputError('BAD_PARAM', `${name} must add up to 1, got ${String(sum)}`);
}
