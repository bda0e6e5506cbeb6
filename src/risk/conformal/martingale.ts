import type { Detector } from '../../detector.js';
import { villeTest, type EProcessState, type EProcessStep } from '../regime/e-process.js';
import { bettorOf, positivePValue, type BetCore, type ConformalBet } from './bets.js';

/** Settings of a conformal test martingale. */
export interface ConformalMartingaleParams {
  /** Default: the simple jumper. */
  readonly bet?: ConformalBet;
  /** Chance of ever raising a false alarm, in (0, 1). */
  readonly alpha: number;
}

/**
 * Conformal test martingale: bets on p-values against the scores being exchangeable, to check that they are before a
 * conformal threshold is made to rest on it.
 *
 * @param params - bet and alpha
 * @returns a detector of p-values in (0, 1]; its alarm, wealth at 1 / alpha, stands once raised
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee (Ville): P(any alarm, ever) <= alpha. Assumption: the p-values are independent and uniform, which
 * {@link onlinePValues} of exchangeable scores are exactly, and smoothed ones against a fixed calibration set are only
 * nearly: they share its luck, and over a stream several times its length that is what the wealth will grow on. A low
 * wealth proves nothing, and a power bet that does not pay loses it for good: jumper and mixture learn what to bet. O(1) a
 * step.
 * @see Vovk, Petej, Nouretdinov, Ahlberg, Carlsson & Gammerman (2021), Retrain or not retrain: conformal test
 * martingales for change-point detection, COPA; Ville (1939), Etude critique de la notion de collectif.
 * @example
 * ```ts
 * const test = conformalMartingale({ bet: { kind: 'power', epsilon: 0.5 }, alpha: 0.05 });
 * [...scan(test, [0.4, 0.01, 0.02])].map(({ out }) => out.alarmIndex); // => [null, null, null]
 * [...scan(test, [0.4, 0.01, 0.002, 0.9])].map(({ out }) => out.alarmIndex); // => [null, null, 2, 2]
 * ```
 */
export function conformalMartingale(params: ConformalMartingaleParams): Detector<number, EProcessState<BetCore>, EProcessStep> {
  const { bet, init, advance, logWealth } = bettorOf(params.bet ?? { kind: 'jumper' });
  const process = {
    kind: 'conformal-martingale',
    params: { bet },
    init,
    advance: (core: BetCore, p: number, index: number) => advance(core, positivePValue(p, index)),
    logEValue: logWealth,
  };
  return villeTest(process, params.alpha);
}
