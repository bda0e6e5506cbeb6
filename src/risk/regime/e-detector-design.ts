import { InputError } from '../../errors.js';
import { positive } from '../../stats/sample.js';

/** What a user may ask of an e-detector: a mean time to a false alarm, or a chance of one within so many observations. */
export type EDetectorTarget = { readonly arl0: number } | { readonly within: number; readonly probability: number };

/** What an e-detector promises, and why. */
export interface EDetectorPromise {
  /** Parameter for {@link eDetector}. */
  readonly alpha: number;
  /** 1 / alpha, on the averaged statistic: alarm where it is reached. */
  readonly threshold: number;
  /** The threshold is not fitted to anything. */
  readonly how: 'theorem';
  readonly arl0AtLeast: number;
  /** P(alarm within n) <= atMost. */
  readonly alarmWithin: { readonly n: number; readonly atMost: number };
  readonly assumption: string;
}

const ASSUMPTION = 'before the change every e-value has conditional mean at most 1 (known baseline, no estimation error)';

/**
 * The alpha of an e-detector that meets a target, with what is promised of it.
 *
 * @param target - `{ arl0 }`, > 1, or `{ within, probability }`, a whole number of observations and a chance in (0, 1)
 * @param n - observations for the bound on P(alarm within n) where the target names none; default 1000
 * @returns threshold and promises; they are bounds, so the realised ARL0 is larger: about 1.15 to 2 times for
 * Shiryaev-Roberts and 5 to 35 times for CUSUM
 * @throws {@link InputError} BAD_PARAM where no threshold can meet the target
 * @remarks Shiryaev-Roberts is a submartingale that grows by at most 1 a step in the mean, so Doob's inequality gives
 * P(alarm within n) <= n alpha; e-CUSUM stays below it. O(1).
 * @see Shin, Ramdas & Rinaldo (2023), New England Journal of Statistics in Data Science 2(2), 229-260.
 * @example
 * ```ts
 * designEDetector({ arl0: 1000 }).threshold; // => 1000
 * designEDetector({ within: 100, probability: 0.05 }).threshold; // => 2000
 * ```
 */
export function designEDetector(target: EDetectorTarget, n = 1000): EDetectorPromise {
  const within = 'within' in target ? target.within : n;
  if (!(Number.isSafeInteger(within) && within >= 1)) throw new InputError('BAD_PARAM', `within must be a whole number >= 1, got ${String(within)}`);
  const threshold = 'within' in target ? thresholdWithin(target.within, target.probability) : positive(target.arl0, 'arl0');
  const alpha = 1 / threshold;
  if (!(threshold > 1 && alpha > 0 && alpha < 1)) throw new InputError('BAD_PARAM', `arl0 must be > 1 and no smaller than one observation allows, got ${String(threshold)}`);
  return {
    alpha,
    threshold,
    how: 'theorem',
    arl0AtLeast: threshold,
    alarmWithin: { n: within, atMost: Math.min(1, within / threshold) },
    assumption: ASSUMPTION,
  };
}

function thresholdWithin(within: number, probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new InputError('BAD_PARAM', `probability must be in (0, 1), got ${String(probability)}`);
  return positive(within / probability, 'within / probability');
}
