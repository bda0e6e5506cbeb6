import { InputError } from '../../errors.js';
import { clopperPearson } from '../../stats/binomial.js';
import { normalQuantile } from '../../stats/normal.js';
import { insideUnit } from '../../stats/sample.js';
import { countBelow } from './class-curve.js';
import { countAtMost } from './confusion.js';

/** The area under the ROC curve with its error. */
export interface RocArea {
  /** Chance that an unsafe call outscores a safe one, ties half. */
  readonly auc: number;
  /** DeLong's variance of the area: 0 for an area of 0 or 1, which shows no spread; null where a class has one call. */
  readonly delongVariance: number | null;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** How the limits came to be: `DeLong`; `pairs`, see {@link rocArea}; `none`, they are 0 and 1. */
  readonly method: 'DeLong' | 'pairs' | 'none';
  readonly safeCount: number;
  readonly unsafeCount: number;
}

/** For each score the share of `ascending` it beats, ties half. */
function placements(scores: Float64Array, ascending: Float64Array): Float64Array {
  return scores.map((score) => (countBelow(ascending, score) + countAtMost(ascending, score)) / (2 * ascending.length));
}

function varianceOf(values: Float64Array, mean: number): number {
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
}

/** Scores in ascending order; a missing one ranks below all others. */
const ranked = (scores: ArrayLike<number>): Float64Array => Float64Array.from(scores, (x) => (Number.isNaN(x) ? -Infinity : x)).sort();

function limitsOf(auc: number, variance: number | null, fewer: number, level: number): Pick<RocArea, 'lower' | 'upper' | 'method'> {
  if (auc === 0 || auc === 1) {
    const { lower, upper } = clopperPearson(auc * fewer, fewer, level);
    return { lower, upper, method: 'pairs' };
  }
  if (variance === null || variance === 0) return { lower: 0, upper: 1, method: 'none' };
  const margin = normalQuantile((1 + level) / 2) * Math.sqrt(variance);
  return { lower: Math.max(0, auc - margin), upper: Math.min(1, auc + margin), method: 'DeLong' };
}

/**
 * The area under the ROC curve with limits.
 *
 * @param scoresOfSafe - scores of safe calls, at least one; NaN (no score) ranks below all others
 * @param scoresOfUnsafe - scores of unsafe calls, at least one
 * @param level - confidence of the limits, in (0, 1). Default 0.95
 * @throws {@link InputError} TOO_FEW, BAD_PARAM
 * @remarks DeLong's limits hold for large samples only: the area is nearly normal then. At 0 or 1 its variance is 0 and
 * would claim certainty; there the calls are paired off at random, each pair is a trial of whether unsafe outscores safe,
 * and the limits are Clopper-Pearson's for as many trials as the smaller class has calls, which is exact. Assumption:
 * calls are independent. O(n log n).
 * @see DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845; Clopper & Pearson (1934), Biometrika 26, 404-413.
 * @example
 * ```ts
 * rocArea([0.1, 0.4], [0.4, 0.8]).auc; // => 0.875
 * rocArea([1, 2, 3], [4, 5, 6]).lower.toFixed(3); // => '0.292'
 * ```
 */
export function rocArea(scoresOfSafe: ArrayLike<number>, scoresOfUnsafe: ArrayLike<number>, level = 0.95): RocArea {
  insideUnit(level, 'level');
  const [safe, unsafe] = [ranked(scoresOfSafe), ranked(scoresOfUnsafe)];
  if (safe.length === 0 || unsafe.length === 0) throw new InputError('TOO_FEW', `an area needs a call of each class, got ${String(safe.length)} safe and ${String(unsafe.length)} unsafe`);
  const won = placements(unsafe, safe);
  const auc = won.reduce((sum, x) => sum + x, 0) / unsafe.length;
  const lost = placements(safe, unsafe).map((x) => 1 - x);
  const delongVariance = safe.length === 1 || unsafe.length === 1 ? null : varianceOf(won, auc) / unsafe.length + varianceOf(lost, auc) / safe.length;
  return { auc, delongVariance, ...limitsOf(auc, delongVariance, Math.min(safe.length, unsafe.length), level), level, safeCount: safe.length, unsafeCount: unsafe.length };
}
