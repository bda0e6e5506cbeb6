import type { CalibratedThreshold, PerRate } from '../risk/calibrate/calibrated-threshold.js';
import type { ObservedRate, ObservedRates } from '../risk/calibrate/rates.js';
import type { ThresholdSweep } from '../risk/calibrate/sweep.js';
import { group, percent, say } from './words.js';

/** A threshold as the figures show it. */
export interface ChosenThreshold {
  /** Flag when `score >= threshold`; null: flag nothing. */
  readonly threshold: number | null;
  /** What is promised, in a sentence. */
  readonly promise: string;
  /** Rates that must not be exceeded; null where nothing is promised. */
  readonly alpha: PerRate;
  /** Its rates on calls it was not chosen on; null where there were none. */
  readonly confirmed: ObservedRates | null;
}

/** What the figures show of a calibrated threshold; null where it was refused. */
export function chosenThreshold({ kind, threshold, guarantee, confirmed }: CalibratedThreshold): ChosenThreshold | null {
  return kind === 'none' ? null : { threshold, promise: guarantee.statement, alpha: guarantee.alpha, confirmed };
}

/** Where a threshold lies on a sweep: the calls it flags. */
export interface OnSweep {
  readonly falseAlarm: number;
  readonly miss: number;
  /** Cost per labelled call. */
  readonly cost: number;
}

/** Position of a threshold on a sweep's curve. */
export function onSweep({ curve, safeCount, unsafeCount }: ThresholdSweep, threshold: number | null): OnSweep {
  let at = 0;
  // The lowest distinct score that it flags: thresholds descend.
  let [low, high] = [0, curve.thresholds.length];
  while (threshold !== null && low < high) {
    const middle = (low + high) >>> 1;
    if ((curve.thresholds[middle] as number) >= threshold) low = middle + 1;
    else high = middle;
  }
  if (threshold !== null) at = Math.max(0, low - 1);
  return {
    falseAlarm: (curve.falsePositives[at] as number) / safeCount,
    miss: 1 - (curve.truePositives[at] as number) / unsafeCount,
    cost: (curve.cost[at] as number) / (safeCount + unsafeCount),
  };
}

/** A threshold in words, with its rates. */
export function thresholdInWords({ threshold, promise, confirmed }: ChosenThreshold, { falseAlarm, miss }: OnSweep): string {
  const name = threshold === null ? 'flag nothing' : `score at least ${say(threshold)}`;
  const on = confirmed === null ? '' : ` On other calls: misses ${rateInWords(confirmed.miss)}, false alarms ${rateInWords(confirmed.falseAlarm)}, limits at ${percent(confirmed.level)}.`;
  return `Chosen: ${name}; on these calls it misses ${percent(miss)} of unsafe calls and flags ${percent(falseAlarm)} of safe ones.${on} ${promise}`;
}

function rateInWords({ rate, lower, upper, errors, n }: ObservedRate): string {
  if (rate === null) return 'none to judge';
  const limits = lower === null || upper === null ? '' : ` (${percent(lower)} to ${percent(upper)})`;
  return `${percent(rate)}${limits}, ${group(errors)} of ${group(n)}`;
}
