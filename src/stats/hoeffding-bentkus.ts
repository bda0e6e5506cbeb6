import { klBernoulli } from './bernoulli-kl.js';
import { binomialCdf } from './binomial.js';
import { insideUnit, integerIn, unit } from './sample.js';

/** The two p-values and the smaller of them. */
export interface HoeffdingBentkus {
  /** exp(-n kl(min(risk, alpha) || alpha)). */
  readonly hoeffding: number;
  /** e P(Bin(n, alpha) <= ceil(n risk)); may be above 1. */
  readonly bentkus: number;
  /** The smaller one, at most 1. */
  readonly p: number;
}

/**
 * P-value of "the risk is above alpha" from the mean of n losses in [0, 1], with its two parts.
 *
 * @param n - losses, integer >= 1
 * @param risk - their mean, in [0, 1]
 * @param alpha - the risk to be excluded, in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: P(p <= u) <= u for every u where the true risk is alpha or more. Assumption: independent losses
 * in [0, 1] with one mean. For losses of 0 and 1 the binomial tail `binomialCdf(failures, n, alpha)` is exact and
 * always smaller than the second part.
 * @see Bates, Angelopoulos, Lei, Malik & Jordan (2021), Journal of the ACM 68(6), 43; Bentkus (2004), Annals of
 * Probability 32, 1650-1673.
 * @example
 * ```ts
 * hoeffdingBentkus(100, 0.1, 0.2).bentkus.toFixed(12); // => '0.015484368840'
 * ```
 */
export function hoeffdingBentkus(n: number, risk: number, alpha: number): HoeffdingBentkus {
  integerIn(n, 1, Number.MAX_SAFE_INTEGER, 'n');
  unit(risk, 'risk');
  insideUnit(alpha, 'alpha');
  const sum = n * risk;
  // A mean of whole losses times n misses its integer by rounding: 0.07 x 100 is 7.000000000000001.
  const count = Math.ceil(sum - 4 * Number.EPSILON * sum);
  const hoeffding = Math.exp(-n * klBernoulli(Math.min(risk, alpha), alpha));
  const bentkus = Math.E * binomialCdf(count, n, alpha);
  return { hoeffding, bentkus, p: Math.min(1, hoeffding, bentkus) };
}

/**
 * P-value of "the risk is above alpha" from the mean of n losses in [0, 1]: {@link hoeffdingBentkus}, the number alone.
 *
 * @param n - losses, integer >= 1
 * @param risk - their mean, in [0, 1]
 * @param alpha - the risk to be excluded, in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @example
 * ```ts
 * hoeffdingBentkusP(100, 0.1, 0.2).toFixed(12); // => '0.015484368840'
 * ```
 */
export function hoeffdingBentkusP(n: number, risk: number, alpha: number): number {
  return hoeffdingBentkus(n, risk, alpha).p;
}
