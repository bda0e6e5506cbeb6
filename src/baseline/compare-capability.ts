import type { Float } from '../ledger/entry.js';
import { fisherExact, tableProbability } from '../stats/fisher.js';
import { quantileOfSorted } from '../stats/quantile.js';
import { kolmogorovSmirnovP, samplesToReject } from '../stats/two-sample.js';
import type { CapabilitySample } from './actor-sample.js';
import type { BaselineCapability } from './baseline-capability.js';
import { rateEvidence, type RateEvidence } from './capability-evidence.js';
import type { Refusal } from './refusal.js';
import { largestDistance, medianLimits, scoreCurve } from './score-curve.js';

/** Verdict of one test among several. */
export interface TestResult {
  /** Of this test alone. */
  readonly pValue: number;
  /** Holm's, over all tests of the report. */
  readonly adjustedP: number;
  /** Whether the adjusted p-value is at most alpha. */
  readonly rejected: boolean;
  readonly method: string;
}

/** Error rate of the baseline and of the live ledgers. */
export interface RateComparison extends TestResult {
  readonly baseline: RateEvidence;
  readonly live: RateEvidence;
  /** Whether the two intervals have no point in common. */
  readonly disjoint: boolean;
}

/** A median with its order-statistic limits, on either side of finite scores and by one definition. */
export interface MedianEvidence {
  readonly n: number;
  readonly median: Float;
  readonly definition: 'Hyndman-Fan type 8';
  readonly lower: Float;
  readonly upper: Float;
  readonly level: number;
}

/** Risk scores of the baseline and of the live ledgers. */
export interface ScoreComparison extends TestResult {
  readonly baseline: MedianEvidence;
  readonly live: MedianEvidence;
  /** Whether the two intervals have no point in common; false where an end is missing. */
  readonly disjoint: boolean;
  /** Largest distance of the distribution functions; a lower bound within 1/512 for large baselines. */
  readonly distance: number;
}

/** A test before it is known how many there are. */
export type Untested<T extends TestResult> = Omit<T, 'adjustedP' | 'rejected'>;

/** Largest live sample looked at for one that would do. */
const MOST_CALLS = 1e9;

/** Compares error rates by Fisher's exact test. */
export function compareRates(base: BaselineCapability, live: CapabilitySample, level: number): Untested<RateComparison> {
  const [a, b] = [rateEvidence(base.errors, base.n, level), rateEvidence(live.failedCount, live.count, level)];
  return {
    baseline: a,
    live: b,
    disjoint: a.upper < b.lower || b.upper < a.lower,
    pValue: fisherExact([base.errors, live.failedCount], [base.n, live.count]),
    method: 'Fisher exact, two-sided',
  };
}

/**
 * Why error rates cannot be compared at a level, or null: not even all or none of the live calls failing would be
 * significant.
 */
export function rateRefusal(base: BaselineCapability, live: CapabilitySample, level: number): Refusal | null {
  const smallest = (n: number): number => Math.min(...[0, n].map((errors) => fisherExact([base.errors, errors], [base.n, n])));
  if (smallest(live.count) <= level) return null;
  // The probability of the extreme table alone falls with n; the other tables that count with it make the p-value
  // larger, and may do so at one n and not at the one before, so from there on every n is tried.
  const alone = (n: number): number => Math.min(...[0, n].map((errors) => tableProbability([base.errors, errors], [base.n, n])));
  let neededN = firstSuch((n) => alone(n) <= level, live.count);
  while (neededN !== null && smallest(neededN) > level) neededN = neededN < MOST_CALLS ? neededN + 1 : null;
  const limit = neededN === null ? '; nor would it be of 10^9' : '';
  const reason = `not even all or none of so few live calls failing would be significant at ${levelText(level)} beside ${String(base.n)} calls of the baseline${limit}`;
  return { what: 'whether the error rate has changed', capability: base.capability, n: live.count, neededN, reason };
}

/** Smallest n > from, up to 10^9, that passes a condition which holds for all larger n once it does; null if none. */
function firstSuch(passes: (n: number) => boolean, from: number): number | null {
  if (!passes(MOST_CALLS)) return null;
  let low = from;
  let high = MOST_CALLS;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (passes(mid)) high = mid;
    else low = mid;
  }
  return high;
}

/** Compares scores by the Kolmogorov-Smirnov test; null where either side has none. */
export function compareScores(base: BaselineCapability, live: CapabilitySample, level: number): Untested<ScoreComparison> | null {
  const { scoreCurve: curve } = base;
  const n = live.finiteCount;
  if (curve === null || curve.n === 0 || n === 0) return null;
  const scores = live.scores.subarray(0, n);
  const distance = largestDistance(curve, scores);
  const { pValue, method } = kolmogorovSmirnovP(distance, curve.n, n);
  const [a, b] = [medianLimits(curve, level), medianLimits(scoreCurve(scores), level)];
  const definition = 'Hyndman-Fan type 8';
  return {
    baseline: { n: curve.n, median: base.median, definition, ...a, level },
    live: { n, median: quantileOfSorted(scores, 0.5, 8), definition, ...b, level },
    disjoint: isBelow(a.upper, b.lower) || isBelow(b.upper, a.lower),
    distance,
    pValue,
    method: method === 'exact' ? 'Kolmogorov-Smirnov, exact law, conservative with ties' : 'Kolmogorov-Smirnov, Dvoretzky-Kiefer-Wolfowitz-Massart bound',
  };
}

/** Why scores cannot be compared at a level, or null: not even complete separation would be significant. */
export function scoreRefusal(base: BaselineCapability, live: CapabilitySample, level: number): Refusal | null {
  const what = 'whether the risk scores have changed';
  const { capability, scoreCurve: curve } = base;
  const n = live.finiteCount;
  if (curve === null) return { what, capability, n, neededN: null, reason: 'the baseline is in the host\'s form, which keeps no scores to compare with' };
  if (curve.n === 0) return { what, capability, n, neededN: null, reason: 'the baseline has no finite score' };
  const neededN = samplesToReject(curve.n, level, Math.max(1, n));
  if (neededN !== null && n >= neededN) return null;
  const missing = live.count - n;
  const nulls = missing === 0 ? '' : `; ${String(missing)} of ${String(live.count)} live scores are null`;
  const limit = neededN === null ? '; nor would it be of 10^9' : '';
  const reason = `beside ${String(curve.n)} scores of the baseline not even complete separation of so few would be significant at ${levelText(level)}${limit}${nulls}`;
  return { what, capability, n, neededN, reason };
}

/** A level as Holm leaves it to a test. */
function levelText(level: number): string {
  return `${String(Number(level.toPrecision(3)))}, the level that Holm leaves this test beside the others,`;
}

function isBelow(upper: Float, lower: Float): boolean {
  return upper !== null && lower !== null && upper < lower;
}
