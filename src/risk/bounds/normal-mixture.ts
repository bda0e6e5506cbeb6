import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { insideUnit, positive } from '../../stats/sample.js';
import { checkObservations } from '../regime/e-values.js';
import { confidenceSequence, type SequenceOptions, type SequenceState, type SequenceStep } from './confidence-sequence.js';

/** Settings of a normal-mixture sequence. */
export interface NormalMixtureParams extends SequenceOptions {
  /** Known bound on the spread, in units of the observations: deviations are sigma-sub-Gaussian. 1/2 for values in [0, 1]. */
  readonly sigma: number;
  /** Number of observations at which the limits are to be narrowest, >= 1. Default 100; exclusive with `rho`. */
  readonly plannedAt?: number;
  /** Scale of the mixture, > 0, instead of `plannedAt`. */
  readonly rho?: number;
}

/**
 * Radius of the normal-mixture confidence sequence.
 *
 * @param t - observations, >= 1
 * @param params - alpha, sigma, rho
 * @returns half-width, in units of sigma's
 * @throws {@link InputError} BAD_PARAM
 * @see Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409.
 * @example
 * ```ts
 * normalMixtureRadius(1, { alpha: 0.05, sigma: 1, rho: 0.5 }).toFixed(6); // => '5.574320'
 * ```
 */
export function normalMixtureRadius(t: number, { alpha, sigma, rho }: { readonly alpha: number; readonly sigma: number; readonly rho: number }): number {
  positive(t, 't');
  insideUnit(alpha, 'alpha');
  positive(sigma, 'sigma');
  positive(rho, 'rho');
  // 1 + 1 / (t rho^2) and not (t rho^2 + 1) / (t^2 rho^2): neither is infinite before the other.
  const spread = t * rho * rho;
  return sigma * Math.sqrt(((1 + 1 / spread) / t) * (Math.log1p(spread) - 2 * Math.log(alpha)));
}

/**
 * The mixture scale rho with which {@link normalMixtureRadius} is smallest at t observations, nearly.
 *
 * @param t - planned observations, >= 1
 * @param alpha - error, in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @see Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49, 1055-1080, section 3.5.
 * @example
 * ```ts
 * normalMixtureScale(100, 0.05).toFixed(4); // => '0.2817'
 * ```
 */
export function normalMixtureScale(t: number, alpha: number): number {
  positive(t, 't');
  const cost = -2 * Math.log(insideUnit(alpha, 'alpha'));
  return Math.sqrt((cost + Math.log1p(cost)) / t);
}

/** What a normal-mixture sequence remembers. */
export type NormalMixtureCore = { readonly count: number; readonly mean: number };

/**
 * Normal-mixture confidence sequence for the mean of observations whose spread is bounded.
 *
 * @param params - alpha, sigma, where to be narrowest, whether to intersect
 * @returns a detector of finite numbers; limits in their units, not clipped
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee (Ville): P(the limits ever miss the mean) <= alpha. Assumption: given the past, deviations from
 * the one mean are sigma-sub-Gaussian (normal with at most this standard deviation; or bounded, with sigma half the
 * range). Sigma is known, not estimated: with the sample's own nothing is promised. For rates it is wider than
 * {@link betaBinomialSequence}, since it cannot use that rare events vary little. O(1).
 * @see Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409; Howard, Ramdas, McAuliffe & Sekhon (2021),
 * Annals of Statistics 49, 1055-1080.
 * @example
 * ```ts
 * const last = [...scan(normalMixture({ alpha: 0.05, sigma: 1 }), [3, 5, 4])].at(-1)?.out;
 * last?.estimate; // => 4
 * ```
 */
export function normalMixture(params: NormalMixtureParams): Detector<number, SequenceState<NormalMixtureCore>, SequenceStep> {
  const { alpha, sigma } = params;
  if (params.rho !== undefined && params.plannedAt !== undefined) throw new InputError('BAD_PARAM', 'rho and plannedAt must not both be given');
  const rho = params.rho ?? normalMixtureScale(params.plannedAt ?? 100, alpha);
  normalMixtureRadius(1, { alpha, sigma, rho });
  const process = {
    kind: 'normal-mixture',
    params: { sigma, rho },
    init: (): NormalMixtureCore => ({ count: 0, mean: 0 }),
    advance({ count, mean }: NormalMixtureCore, x: number, index: number): NormalMixtureCore {
      checkObservations('real', Float64Array.of(x), index);
      // Two quotients, since the difference of huge values is infinite.
      return { count: count + 1, mean: mean + (x / (count + 1) - mean / (count + 1)) + 0 };
    },
    limits({ count, mean }: NormalMixtureCore) {
      const radius = normalMixtureRadius(count, { alpha, sigma, rho });
      return { estimate: mean, lower: mean - radius, upper: mean + radius };
    },
  };
  return confidenceSequence(process, alpha, params.intersect ?? false);
}
