import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { insideUnit } from '../../stats/sample.js';
import { bettorOf, positivePValue, type BetCore, type ConformalBet } from './bets.js';

/** Settings of a conformal drift detector. */
export interface ConformalDriftParams {
  /** Default: the simple jumper. */
  readonly bet?: ConformalBet;
  /** 1 / alpha is the threshold and the guaranteed ARL0; in (0, 1). */
  readonly alpha: number;
  /** Shiryaev-Roberts, the faster one at the same threshold, or CUSUM. Default `sr`. */
  readonly form?: 'sr' | 'cusum';
  /** After an alarm: begin again from nothing, or stay alarmed. Default `reset`. */
  readonly afterAlarm?: 'reset' | 'latch';
}

/** A conformal drift detector's alarm. */
export type ConformalAlarm = {
  /** P-value of the alarm, from 0. */
  readonly index: number;
  /** Where the wealth that raised it began to grow: the likeliest first p-value after the change. */
  readonly changeIndex: number;
  /** Logarithm of the statistic. */
  readonly logStatistic: number;
};

/** State of a conformal drift detector. */
export type ConformalDriftState = {
  readonly seen: number;
  readonly core: BetCore;
  /** Below 1 / alpha. */
  readonly statistic: number;
  /** Logarithm of the largest growth of the wealth from any start, at least 0, and how many p-values it holds. */
  readonly logPeak: number;
  readonly age: number;
  /** The alarm it stays in. */
  readonly latched: ConformalAlarm | null;
};

/** One step of a conformal drift detector. */
export interface ConformalDriftStep {
  /** Logarithm of the statistic; -Infinity before any evidence. */
  readonly logStatistic: number;
  readonly alarm: ConformalAlarm | null;
}

/**
 * Conformal drift detector: the growth of a conformal test martingale, summed over all starts. Shiryaev-Roberts:
 * R = (R + 1) g; CUSUM: R = max(R, 1) g; g the factor by which the wealth grows; an alarm where R reaches 1 / alpha.
 *
 * @param params - bet, alpha, form, and what follows an alarm
 * @returns a detector of p-values in (0, 1]
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: ARL0 >= 1 / alpha, without calibration. It bounds the mean time to a false alarm, not the chance
 * of one in a whole stream, for which see {@link conformalMartingale}. Assumption: before the change each p-value is
 * uniform given those before it, as {@link onlinePValues} are. Smoothed p-values against a fixed calibration set of n
 * scores share its luck, and where n is below 1 / alpha they fall short: with the jumper at alpha = 0.001 the measured
 * ARL0 is 630 for n = 100, 800 for n = 300 and 980 for n = 1000 (standard error 30). O(1) a step.
 * @see Vovk et al. (2021), Retrain or not retrain: conformal test martingales for change-point detection, COPA; Shin,
 * Ramdas & Rinaldo (2023), New England Journal of Statistics in Data Science 2(2), 229-260.
 * @example
 * ```ts
 * const detector = conformalDrift({ bet: { kind: 'power', epsilon: 0.5 }, alpha: 0.01 });
 * const outs = [...scan(detector, [0.8, 0.3, 0.9, 0.002, 0.001])].map(({ out }) => out);
 * outs.map(({ alarm }) => alarm?.changeIndex ?? null); // => [null, null, null, null, 3]
 * ```
 */
export function conformalDrift(params: ConformalDriftParams): Detector<number, ConformalDriftState, ConformalDriftStep> {
  const bettor = bettorOf(params.bet ?? { kind: 'jumper' });
  const alpha = insideUnit(params.alpha, 'alpha');
  const { form = 'sr', afterAlarm = 'reset' } = params;
  if (!['sr', 'cusum'].includes(form)) throw new InputError('BAD_PARAM', `form must be sr or cusum, got ${form}`);
  if (!['reset', 'latch'].includes(afterAlarm)) throw new InputError('BAD_PARAM', `afterAlarm must be reset or latch, got ${afterAlarm}`);
  const logThreshold = -Math.log(alpha);
  const fresh = (): Omit<ConformalDriftState, 'seen' | 'latched'> => ({ core: bettor.init(), statistic: 0, logPeak: 0, age: 0 });
  return {
    kind: 'conformal-drift',
    version: 1,
    params: { bet: bettor.bet, alpha, form, afterAlarm },
    init: () => ({ seen: 0, ...fresh(), latched: null }),
    step(state, x) {
      const p = positivePValue(x, state.seen);
      const seen = state.seen + 1;
      if (state.latched !== null) return { state: { ...state, seen }, out: { logStatistic: state.latched.logStatistic, alarm: state.latched } };
      const core = bettor.advance(state.core, p);
      const logGrowth = bettor.logWealth(core) - bettor.logWealth(state.core);
      const logStatistic = logGrowth + (form === 'sr' ? Math.log1p(state.statistic) : Math.log(Math.max(state.statistic, 1)));
      const grown = state.logPeak + logGrowth;
      const [logPeak, age] = grown > 0 ? [grown, state.age + 1] : [0, 0];
      if (logStatistic < logThreshold) return { state: { seen, core, statistic: Math.exp(logStatistic), logPeak, age, latched: null }, out: { logStatistic, alarm: null } };
      const alarm = { index: state.seen, changeIndex: seen - Math.max(age, 1), logStatistic };
      return { state: { seen, ...fresh(), latched: afterAlarm === 'latch' ? alarm : null }, out: { logStatistic, alarm } };
    },
  };
}
