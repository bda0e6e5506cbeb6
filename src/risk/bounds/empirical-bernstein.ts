import type { Detector } from '../../detector.js';
import { insideUnit } from '../../stats/sample.js';
import { learnMoments, moments, type UnitMoments } from '../regime/betting.js';
import { checkObservations } from '../regime/e-values.js';
import { confidenceSequence, type SequenceOptions, type SequenceState, type SequenceStep } from './confidence-sequence.js';

/** Settings of an empirical-Bernstein sequence. */
export interface EmpiricalBernsteinParams extends SequenceOptions {
  /** Largest weight of an observation, in (0, 1). Default 0.5. */
  readonly cap?: number;
}

/** What an empirical-Bernstein sequence remembers. */
export type EmpiricalBernsteinCore = UnitMoments & {
  /** Sums of the weights, of weight times value, and of the variance terms. */
  readonly weights: number;
  readonly weighted: number;
  readonly variance: number;
};

/**
 * The predictable weight of the next observation: large while little was seen, and where values vary little.
 *
 * @param before - moments of what came before
 * @param alpha - error the weight is tuned to, in (0, 1)
 */
export function predictableWeight(before: UnitMoments, alpha: number): number {
  const t = before.count + 1;
  const [, variance] = moments(before);
  return Math.sqrt((2 * Math.log(2 / alpha)) / (variance * t * Math.log1p(t)));
}

/**
 * Empirical-Bernstein confidence sequence for the mean of values in [0, 1], in closed form: a weighted mean and a
 * radius that shrinks with the values' variance.
 *
 * @param params - alpha, largest weight, whether to intersect
 * @returns a detector of values in [0, 1]; limits clipped to [0, 1], the estimate is the weighted mean
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee (Ville): P(the limits ever miss the mean) <= alpha. Assumption: values in [0, 1] with one mean
 * given the past. Simple and O(1), but wide at first (the radius is at least ln(2 / alpha) / (n cap)):
 * {@link bettingSequence} is narrower for rare events and calm values, {@link betaBinomialSequence} for common ones.
 * @see Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting, Journal of the Royal
 * Statistical Society B 86, 1-27, theorem 2.
 * @example
 * ```ts
 * const last = [...scan(empiricalBernstein({ alpha: 0.05 }), Array(100).fill(0.5))].at(-1)?.out;
 * last?.upper?.toFixed(4); // => '0.5738'
 * ```
 */
export function empiricalBernstein(params: EmpiricalBernsteinParams): Detector<number, SequenceState<EmpiricalBernsteinCore>, SequenceStep> {
  const alpha = insideUnit(params.alpha, 'alpha');
  const cap = insideUnit(params.cap ?? 0.5, 'cap');
  const cost = Math.log(2 / alpha);
  const process = {
    kind: 'empirical-bernstein',
    params: { cap },
    init: (): EmpiricalBernsteinCore => ({ count: 0, sum: 0, squares: 0, weights: 0, weighted: 0, variance: 0 }),
    advance(core: EmpiricalBernsteinCore, x: number, index: number): EmpiricalBernsteinCore {
      checkObservations('unit', Float64Array.of(x), index);
      const [mean] = moments(core);
      const weight = Math.min(predictableWeight(core, alpha), cap);
      return {
        ...learnMoments(core, x),
        weights: core.weights + weight,
        weighted: core.weighted + weight * x,
        variance: core.variance + (x - mean) ** 2 * (-Math.log1p(-weight) - weight),
      };
    },
    limits({ weights, weighted, variance }: EmpiricalBernsteinCore) {
      const [estimate, radius] = [weighted / weights, (cost + variance) / weights];
      return { estimate, lower: Math.max(0, estimate - radius), upper: Math.min(1, estimate + radius) };
    },
  };
  return confidenceSequence(process, alpha, params.intersect ?? false);
}
