import type { Detector } from '../../detector.js';
import { insideUnit } from '../../stats/sample.js';
import { checkObservations } from './e-values.js';
import { villeTest, type EProcessState, type EProcessStep } from './e-process.js';

/** Settings of a betting e-process. */
export interface BettingParams {
  /** The null: every observation has conditional mean at most this; in (0, 1). */
  readonly mean: number;
  /** Largest bet as a share of what could be lost, in (0, 1). Default 0.5. */
  readonly cap?: number;
  readonly alpha: number;
}

/** What a bettor remembers. */
export type BettingCore = {
  readonly count: number;
  readonly sum: number;
  /** Squared deviations, each from the running mean that holds it. */
  readonly squares: number;
  readonly logWealth: number;
  /** The bet placed on the last observation. */
  readonly bet: number;
};

/** What running moments of values in [0, 1] are made of. */
export type UnitMoments = Pick<BettingCore, 'count' | 'sum' | 'squares'>;

/** Running mean and variance, each begun with one made-up observation. */
export const moments = ({ count, sum, squares }: UnitMoments): readonly [mean: number, variance: number] => [
  (0.5 + sum) / (count + 1),
  (0.25 + squares) / (count + 1),
];

/** The moments after one more value. */
export function learnMoments(before: UnitMoments, x: number): UnitMoments {
  const [count, sum] = [before.count + 1, before.sum + x];
  return { count, sum, squares: before.squares + (x - (0.5 + sum) / (count + 1)) ** 2 };
}

/** The bet that nearly makes wealth grow fastest against `mean`, never negative: GRAPA's approximation, not yet capped. */
export function grapaBet(before: UnitMoments, mean: number): number {
  const [centre, variance] = moments(before);
  const lead = centre - mean;
  return Math.max(lead / (variance + lead * lead), 0);
}

/**
 * E-process of values in [0, 1] against a mean above `mean`, by betting: wealth is multiplied by
 * 1 + bet (x - mean), the bet chosen from what came before.
 *
 * @param params - null mean, cap on bets, alpha
 * @returns a detector of values in [0, 1]; its alarm stands once raised
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee (Ville): P(any alarm, ever) <= alpha. Assumption: values in [0, 1] whose mean given the past is
 * at most `mean`; nothing else is assumed. O(1) a step.
 * @see Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting, Journal of the Royal
 * Statistical Society B 86, 1-27 (the approximate GRAPA bet).
 * @example
 * ```ts
 * const outs = [...scan(betting({ mean: 0.2, alpha: 0.05 }), [0.1, 0.9, 0.8, 0.9, 0.7, 0.9, 0.8])].map(({ out }) => out);
 * outs.map(({ alarmIndex }) => alarmIndex); // => [null, null, null, null, null, null, 6]
 * ```
 */
export function betting(params: BettingParams): Detector<number, EProcessState<BettingCore>, EProcessStep> {
  const mean = insideUnit(params.mean, 'mean');
  const cap = insideUnit(params.cap ?? 0.5, 'cap');
  const process = {
    kind: 'betting',
    params: { mean, cap },
    init: (): BettingCore => ({ count: 0, sum: 0, squares: 0, logWealth: 0, bet: 0 }),
    advance(core: BettingCore, x: number, index: number): BettingCore {
      checkObservations('unit', Float64Array.of(x), index);
      const bet = Math.min(grapaBet(core, mean), cap / mean);
      return { ...learnMoments(core, x), logWealth: core.logWealth + Math.log1p(bet * (x - mean)), bet };
    },
    logEValue: ({ logWealth }: BettingCore) => logWealth,
  };
  return villeTest(process, params.alpha);
}
