import type { ThresholdSweep } from '../risk/calibrate/sweep.js';
import { insideUnit } from '../stats/sample.js';

/** How far the true rates may be from those seen, at all thresholds at once. */
export interface RateBand {
  readonly falseAlarm: number;
  readonly miss: number;
  readonly level: number;
}

/**
 * Half-widths that hold both error rates at every threshold together: each class by the bound for distribution
 * functions, half of the error each.
 *
 * @param level - confidence that both hold everywhere, in (0, 1)
 * @remarks Distribution-free, for independent calls.
 * @see Massart (1990), Annals of Probability 18, 1269-1283; Macskassy & Provost (2004), ROCAI (bands of ROC curves).
 */
export function rateBand({ safeCount, unsafeCount }: Pick<ThresholdSweep, 'safeCount' | 'unsafeCount'>, level: number): RateBand {
  insideUnit(level, 'level');
  const half = (n: number): number => Math.sqrt(Math.log(4 / (1 - level)) / (2 * n));
  return { falseAlarm: half(safeCount), miss: half(unsafeCount), level };
}
