import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { logBetaTail } from '../../stats/beta.js';
import { logGamma } from '../../stats/gamma.js';
import { insideUnit, positive } from '../../stats/sample.js';
import { checkObservations } from './e-values.js';
import { villeTest, type EProcessState, type EProcessStep } from './e-process.js';

/** Settings of a beta-mixture e-process. */
export interface BetaMixtureParams {
  /** Probability of a 1 under the null. */
  readonly p0: number;
  /** Shapes of the beta prior on the probability after. Defaults 1 and 1. */
  readonly a?: number;
  readonly b?: number;
  /** Against any other probability, or larger ones only (the null is then every p <= p0). Default `greater`. */
  readonly side?: 'two-sided' | 'greater';
  readonly alpha: number;
}

/** What a beta mixture remembers. */
export type BetaMixtureCore = { readonly ones: number; readonly zeros: number };

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/**
 * E-process of zeros and ones against every alternative at once: a beta prior integrated in closed form.
 *
 * @param params - null, prior, side, alpha; take the approved upper limit for p0, not a point estimate
 * @returns a detector of zeros and ones; its alarm stands once raised
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee (Ville): P(any alarm, ever) <= alpha. Assumption: each observation is 1 with conditional
 * probability p0 (`two-sided`) or at most p0 (`greater`). O(1) a step but for the incomplete beta function.
 * @see Ramdas, Grunwald, Vovk & Shafer (2023), Statistical Science 38(4), 576-601.
 * @example
 * ```ts
 * const detector = betaMixture({ p0: 0.1, alpha: 0.05 });
 * [...scan(detector, [0, 1, 1, 1])].map(({ out }) => out.alarmIndex); // => [null, null, null, 3]
 * ```
 */
export function betaMixture(params: BetaMixtureParams): Detector<number, EProcessState<BetaMixtureCore>, EProcessStep> {
  const p0 = insideUnit(params.p0, 'p0');
  const [a, b] = [positive(params.a ?? 1, 'a'), positive(params.b ?? 1, 'b')];
  const side = params.side ?? 'greater';
  if (!['two-sided', 'greater'].includes(side)) throw new InputError('BAD_PARAM', `side must be two-sided or greater, got ${side}`);
  const logMass = (ones: number, zeros: number): number =>
    logBeta(a + ones, b + zeros) + (side === 'greater' ? logBetaTail(b + zeros, a + ones, 1 - p0, p0) : 0);
  const prior = logMass(0, 0);
  if (!Number.isFinite(prior)) throw new InputError('BAD_PARAM', `the prior must have mass above p0 = ${String(p0)}, Beta(${String(a)}, ${String(b)}) has none`);
  const process = {
    kind: 'beta-mixture',
    params: { p0, a, b, side },
    init: (): BetaMixtureCore => ({ ones: 0, zeros: 0 }),
    advance({ ones, zeros }: BetaMixtureCore, x: number, index: number): BetaMixtureCore {
      checkObservations('zero-or-one', Float64Array.of(x), index);
      return { ones: ones + x, zeros: zeros + 1 - x };
    },
    logEValue: ({ ones, zeros }: BetaMixtureCore) => logMass(ones, zeros) - prior - ones * Math.log(p0) - zeros * Math.log1p(-p0),
  };
  return villeTest(process, params.alpha);
}
