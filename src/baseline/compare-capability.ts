import type { Float } from '../ledger/entry.js';
import { fisherExact } from '../stats/fisher.js';
import { medianOfSorted } from '../stats/robust.js';
import { kolmogorovSmirnovP, samplesToReject } from '../stats/two-sample.js';
import type { CapabilitySample } from './actor-sample.js';
import { rateEvidence, type RateEvidence } from './capability-evidence.js';
import type { Refusal } from './refusal.js';
import { largestDistance, medianLimits, scoreCurve, type ScoreCurve } from './score-curve.js';

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

/** A median with its order-statistic limits. */
export interface MedianEvidence {
  readonly n: number;
  readonly median: Float;
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

/** What a baseline must hold of a capability for it to be compared. */
export interface BaselineCapability {
  readonly capability: string;
  readonly n: number;
  readonly errors: number;
  readonly median: Float;
  /** Null for the host's form, which keeps no scores. */
  readonly scoreCurve: ScoreCurve | null;
}

/** A test before it is known how many there are. */
export type Untested<T extends TestResult> = Omit<T, 'adjustedP' | 'rejected'>;

/** Levels of a report: each test must be able to reject at `testAlpha`, each interval holds at `level`. */
export interface ReportLevels {
  readonly testAlpha: number;
  readonly level: number;
}

/** Compares error rates by Fisher's exact test, or refuses where no live outcome of this size could be rejected. */
export function compareRates(base: BaselineCapability, live: CapabilitySample, levels: ReportLevels): Untested<RateComparison> | Refusal {
  const smallest = (n: number): number =>
    Math.min(fisherExact([base.errors, 0], [base.n, n]), fisherExact([base.errors, n], [base.n, n]));
  if (smallest(live.count) > levels.testAlpha) {
    return {
      what: 'whether the error rate has changed',
      capability: base.capability,
      n: live.count,
      neededN: firstSuch((n) => smallest(n) <= levels.testAlpha, live.count),
      reason: `not even all or none of so few live calls failing would be significant beside ${String(base.n)} calls of the baseline`,
    };
  }
  const [a, b] = [rateEvidence(base.errors, base.n, levels.level), rateEvidence(live.failedCount, live.count, levels.level)];
  return {
    baseline: a,
    live: b,
    disjoint: a.upper < b.lower || b.upper < a.lower,
    pValue: fisherExact([base.errors, live.failedCount], [base.n, live.count]),
    method: 'Fisher exact, two-sided',
  };
}

/** Smallest n > from that passes, a condition that holds for all larger n once it does; null if none up to 2^17 does. */
function firstSuch(passes: (n: number) => boolean, from: number): number | null {
  let low = from;
  let high = from + 1;
  while (!passes(high)) {
    if (high > 2 ** 17) return null;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (passes(mid)) high = mid;
    else low = mid;
  }
  return high;
}

/** Compares scores by the Kolmogorov-Smirnov test, or refuses where no live scores of this size could be rejected. */
export function compareScores(base: BaselineCapability, live: CapabilitySample, levels: ReportLevels): Untested<ScoreComparison> | Refusal {
  const what = 'whether the risk scores have changed';
  const { capability, scoreCurve: curve } = base;
  const n = live.finiteCount;
  if (curve === null) return { what, capability, n, neededN: null, reason: 'the baseline is in the host\'s form, which keeps no scores to compare with' };
  if (curve.n === 0) return { what, capability, n: 0, neededN: 1, reason: 'the baseline has no finite score' };
  const neededN = samplesToReject(curve.n, levels.testAlpha, Math.max(1, n));
  if (neededN === null || n < neededN) {
    const reason = `beside ${String(curve.n)} scores of the baseline not even complete separation of fewer would be significant`;
    return { what, capability, n, neededN, reason };
  }
  const scores = live.scores.subarray(0, n);
  const distance = largestDistance(curve, scores);
  const { pValue, method } = kolmogorovSmirnovP(distance, curve.n, n);
  const [a, b] = [medianLimits(curve, levels.level), medianLimits(scoreCurve(scores), levels.level)];
  return {
    baseline: { n: curve.n, median: base.median, ...a, level: levels.level },
    live: { n, median: medianOfSorted(scores), ...b, level: levels.level },
    disjoint: isBelow(a.upper, b.lower) || isBelow(b.upper, a.lower),
    distance,
    pValue,
    method: method === 'exact' ? 'Kolmogorov-Smirnov, exact law, conservative with ties' : 'Kolmogorov-Smirnov, Dvoretzky-Kiefer-Wolfowitz-Massart bound',
  };
}

function isBelow(upper: Float, lower: Float): boolean {
  return upper !== null && lower !== null && upper < lower;
}
