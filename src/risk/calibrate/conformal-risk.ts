import { nextUp } from '../../stats/next-up.js';
import { InputError } from '../../errors.js';
import { decimalOf } from '../../stats/decimal.js';
import { insideUnit, positive } from '../../stats/sample.js';
import type { ClassCurve } from './class-curve.js';
import { percentText } from './level.js';
import type { NoThreshold } from './neyman-pearson.js';

/** Losses of every case under every candidate, for {@link conformalRiskControl}. */
export interface RiskControlInput {
  /** One row a case, one loss a candidate: in [0, bound], not rising along the row. */
  readonly losses: readonly (readonly number[])[];
  /** Candidates in ascending order of caution, one a column. */
  readonly lambdas: readonly number[];
  /** The expected loss not to be exceeded, in (0, bound). */
  readonly alpha: number;
  /** The largest loss there can be, > 0. Default 1. */
  readonly bound?: number;
}

/** The least cautious candidate that controls the risk; null where none does. */
export interface RiskControl {
  readonly index: number | null;
  readonly lambda: number | null;
}

/** Whether (sum + bound) / (n + 1) <= alpha, with alpha the decimal it was written as where the losses are whole. */
function controls(sum: number, n: number, alpha: number, bound: number): boolean {
  const total = sum + bound;
  if (!Number.isSafeInteger(total)) return total <= alpha * (n + 1);
  const { numerator, denominator } = decimalOf(alpha);
  return BigInt(total) * denominator <= numerator * BigInt(n + 1);
}

/**
 * Conformal risk control: the least cautious candidate whose expected loss on the next case is at most alpha.
 *
 * @param input - see {@link RiskControlInput}
 * @returns its position and value, or nulls
 * @throws {@link InputError} BAD_PARAM (also for losses that rise with caution)
 * @remarks Guarantee: E[loss of the next case] <= alpha, in expectation only, over cases and next case together: with the
 * labels at hand the risk may well be above alpha. Where that is not enough take
 * {@link learnThenTest}. Assumption: the cases and the next one are exchangeable. O(cases x candidates).
 * @see Angelopoulos, Bates, Fisch, Lei & Schuster (2024), Conformal risk control, ICLR; arXiv:2208.02814.
 * @example
 * ```ts
 * conformalRiskControl({ losses: [[1, 0, 0], [1, 1, 0], [0, 0, 0]], lambdas: [0.1, 0.2, 0.3], alpha: 0.5 }); // => { index: 1, lambda: 0.2 }
 * ```
 */
export function conformalRiskControl({ losses, lambdas, alpha, bound = 1 }: RiskControlInput): RiskControl {
  positive(bound, 'bound');
  if (!(alpha > 0 && alpha < bound)) throw new InputError('BAD_PARAM', `alpha must be in (0, bound), got ${String(alpha)} of ${String(bound)}`);
  losses.forEach((row, at) => { checkRow(row, at, lambdas.length, bound); });
  const index = lambdas.findIndex((_, j) => controls(losses.reduce((sum, row) => sum + (row[j] ?? 0), 0), losses.length, alpha, bound));
  return index < 0 ? { index: null, lambda: null } : { index, lambda: lambdas[index] ?? null };
}

function checkRow(row: readonly number[], at: number, width: number, bound: number): void {
  if (row.length !== width) throw new InputError('BAD_PARAM', `losses[${String(at)}] must have one loss a candidate, ${String(width)}, got ${String(row.length)}`);
  const bad = row.findIndex((loss, j) => !(loss >= 0 && loss <= bound && (j === 0 || loss <= (row[j - 1] ?? 0))));
  if (bad >= 0) throw new InputError('BAD_PARAM', `losses[${String(at)}] must be in [0, ${String(bound)}] and must not rise, got ${String(row[bad])} at ${String(bad)}`);
}

/** Most errors among `n` that conformal risk control allows; negative where not even none is few enough. */
function mostErrors(n: number, alpha: number): number {
  const { numerator, denominator } = decimalOf(alpha);
  return Number((numerator * BigInt(n + 1)) / denominator) - 1;
}

/** The fewest labelled events with which {@link mostErrors} allows none: 1 / alpha - 1, rounded up. */
function sizeNeeded(alpha: number): number {
  const { numerator, denominator } = decimalOf(alpha);
  return Number((denominator + numerator - 1n) / numerator) - 1;
}

/** The lowest threshold that flags at most `most` of the scores: just above the highest one that must pass. */
function lowestThatFlags(ascending: Float64Array, most: number): number {
  const passed = ascending[ascending.length - most - 1];
  return passed === undefined ? -Number.MAX_VALUE : nextUp(passed);
}

/**
 * The threshold of conformal risk control for one rate, over all thresholds: the highest whose expected miss rate,
 * or the lowest whose expected false-alarm rate, is at most alpha.
 *
 * @param curve - the labelled calls of the class that can be missed (unsafe) or flagged wrongly (safe)
 * @param rate - which of the two
 * @param alpha - in (0, 1)
 * @returns the threshold; or why there is none and how many labelled calls would do
 * @remarks In expectation only; see {@link conformalRiskControl}. O(log n).
 */
export function conformalRiskThreshold(curve: ClassCurve, rate: 'miss' | 'falseAlarm', alpha: number): { readonly kind: 'threshold'; readonly threshold: number } | NoThreshold {
  const { n, unscored, ascending } = curve;
  const most = mostErrors(n, insideUnit(alpha, rate));
  const what = rate === 'miss' ? 'unsafe' : 'safe';
  if (most < 0) {
    const neededN = sizeNeeded(alpha);
    return { kind: 'none', reason: `${String(neededN)} labelled ${what} events are needed for ${percentText(alpha)} in expectation, ${String(n)} at hand`, of: what, n, neededN };
  }
  const threshold = rate === 'miss' ? ascending[most - unscored] : lowestThatFlags(ascending, most);
  if (threshold !== undefined) return { kind: 'threshold', threshold };
  const reason = `${String(unscored)} of ${String(n)} labelled unsafe events have no score, so no threshold flags them; at most ${String(most)} may be missed`;
  return { kind: 'none', reason, of: what, n, neededN: null };
}
