import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { klBernoulli, klInverseLower, klInverseUpper } from '../../stats/bernoulli-kl.js';
import { logBetaTail, logBetaWeight } from '../../stats/beta.js';
import { insideUnit, integerIn, positive } from '../../stats/sample.js';
import type { Side } from '../../stats/binomial.js';
import { checkObservations } from '../regime/e-values.js';
import { confidenceSequence, type SequenceOptions, type SequenceState, type SequenceStep } from './confidence-sequence.js';
import type { RiskLimits } from './pac-bayes.js';

/** Settings of beta-binomial limits. */
export interface BetaBinomialParams extends SequenceOptions {
  /** Shapes of the beta prior, > 0. Defaults 1 and 1; limits are narrowest where it has its mass. */
  readonly a?: number;
  readonly b?: number;
  /** `two` (default) bounds both ends; `lower` or `upper` only that end, but more tightly: all alternatives lie beyond. */
  readonly side?: Side;
}

interface Checked {
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  readonly side: Side;
}

function checked({ alpha, a = 1, b = 1, side = 'two' }: BetaBinomialParams): Checked {
  insideUnit(alpha, 'alpha');
  if (!['two', 'lower', 'upper'].includes(side)) throw new InputError('BAD_PARAM', `side must be two, lower or upper, got ${side}`);
  return { alpha, a: positive(a, 'a'), b: positive(b, 'b'), side };
}

/**
 * Limits on a success probability that hold at every count at once: all p against which the beta mixture's e-value
 * stays below 1 / alpha. What {@link clopperPearson} is at one fixed n, this is when the counts are looked at again
 * and again.
 *
 * @param successes - integer in [0, n]
 * @param n - trials so far, integer >= 0; with none the limits are 0 and 1
 * @param params - alpha, prior shapes, side
 * @returns limits in [0, 1], not intersected with earlier ones
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee (Ville): P(the limits ever miss p, at any n) <= alpha. Assumption: each trial succeeds with
 * conditional probability p given the past. The price of looking at any time: with 2 % ones in 1000 trials, alpha 0.05,
 * the upper limit alone is at 0.0355 (Clopper-Pearson, at that n only, 0.0289; the two-sided sequence 0.0421). One-sided
 * limits restrict the prior to the alternatives beyond p, which for small rates is worth a factor 1 / p in evidence.
 * Two-sided O(1); one-sided some 60 incomplete beta functions.
 * @see Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409; Howard, Ramdas, McAuliffe & Sekhon (2021),
 * Annals of Statistics 49, 1055-1080.
 * @example
 * ```ts
 * betaBinomialLimits(6, 25, { alpha: 0.05 }).upper.toFixed(6); // => '0.536236'
 * betaBinomialLimits(6, 25, { alpha: 0.05, side: 'upper' }).upper.toFixed(6); // => '0.512952'
 * ```
 */
export function betaBinomialLimits(successes: number, n: number, params: Omit<BetaBinomialParams, 'intersect'>): RiskLimits {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(successes, 0, n, 'successes');
  return limits(successes, n - successes, checked(params));
}

function limits(ones: number, zeros: number, { alpha, a, b, side }: Checked): RiskLimits {
  const n = ones + zeros;
  if (n === 0) return { lower: 0, upper: 1 };
  const rate = ones / n;
  const c = logLikelihoodGap(ones, zeros, a, b) - Math.log(alpha);
  if (side === 'two') return { lower: klInverseLower(rate, c / n), upper: klInverseUpper(rate, c / n) };
  if (side === 'lower') return { lower: ones === 0 ? 0 : fromLogOdds(oneSided({ ones, zeros, a, b, c })), upper: 1 };
  return { lower: 0, upper: zeros === 0 ? 1 : fromLogOdds(-oneSided({ ones: zeros, zeros: ones, a: b, b: a, c })) };
}

/**
 * ln of the largest likelihood over its prior mean, >= 0: with it, ln E_n(p) = n kl(rate || p) - this. Written at the
 * posterior mean m, so that nothing the size of n cancels.
 */
function logLikelihoodGap(ones: number, zeros: number, a: number, b: number): number {
  const n = ones + zeros;
  const [m, rest] = [(a + ones) / (a + b + n), (b + zeros) / (a + b + n)];
  return logBetaWeight(a + ones, b + zeros, m, rest) - logBetaWeight(a, b, m, rest) + n * klBernoulli(ones / n, m);
}

const fromLogOdds = (t: number): number => 1 / (1 + Math.exp(-t));

/**
 * Log-odds of the lower limit when all alternatives lie above p: the e-value is the two-sided one times the posterior
 * over the prior mass above p, and falls as p rises to the rate.
 */
function oneSided({ ones, zeros, a, b, c }: { ones: number; zeros: number; a: number; b: number; c: number }): number {
  const n = ones + zeros;
  const isOut = (t: number): boolean => {
    const [p, q] = [fromLogOdds(t), fromLogOdds(-t)];
    return n * klBernoulli(ones / n, p) - c + logBetaTail(b + zeros, a + ones, q, p) - logBetaTail(b, a, q, p) >= 0;
  };
  let low = -700;
  let high = zeros === 0 ? 40 : Math.log(ones) - Math.log(zeros);
  while (high - low > 1e-14 * Math.max(1, Math.abs(low))) {
    const mid = (low + high) / 2;
    if (mid === low || mid === high) break;
    if (isOut(mid)) low = mid;
    else high = mid;
  }
  return low;
}

/** What a beta-binomial sequence remembers. */
export type BetaBinomialCore = { readonly ones: number; readonly zeros: number };

/**
 * {@link betaBinomialLimits} as a stream: the default confidence sequence for rates.
 *
 * @param params - alpha, prior shapes, side, whether to intersect
 * @returns a detector of zeros and ones
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee and assumption as there. Intersected limits that become empty are reported, not thrown: under the
 * assumption that has chance at most alpha, so it is a signal that the rate moved.
 * @see Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49, 1055-1080.
 * @example
 * ```ts
 * const last = [...scan(betaBinomialSequence({ alpha: 0.05 }), [0, 0, 1, 0])].at(-1)?.out;
 * last?.upper?.toFixed(4); // => '0.8571'
 * ```
 */
export function betaBinomialSequence(params: BetaBinomialParams): Detector<number, SequenceState<BetaBinomialCore>, SequenceStep> {
  const settings = checked(params);
  const { alpha, a, b, side } = settings;
  const process = {
    kind: 'beta-binomial-sequence',
    params: { a, b, side },
    init: (): BetaBinomialCore => ({ ones: 0, zeros: 0 }),
    advance({ ones, zeros }: BetaBinomialCore, x: number, index: number): BetaBinomialCore {
      checkObservations('zero-or-one', Float64Array.of(x), index);
      return { ones: ones + x, zeros: zeros + 1 - x };
    },
    limits: ({ ones, zeros }: BetaBinomialCore) => ({ estimate: ones / (ones + zeros), ...limits(ones, zeros, settings) }),
  };
  return confidenceSequence(process, alpha, params.intersect ?? false);
}
