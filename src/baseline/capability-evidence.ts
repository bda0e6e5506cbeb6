import type { Float } from '../ledger/entry.js';
import { clopperPearson } from '../stats/binomial.js';
import { trialsForHalfWidth } from '../stats/half-width.js';
import { quantileRanks } from '../stats/quantile-limits.js';
import { quantileOfSorted } from '../stats/quantile.js';
import { madOfSorted } from '../stats/robust.js';
import type { CapabilitySample } from './actor-sample.js';
import type { Refusal } from './refusal.js';
import { scoreCurve, type ScoreCurve } from './score-curve.js';

/** A quantile of the risk score with limits that hold whatever the distribution. */
export interface QuantileEvidence {
  readonly p: number;
  /** By `definition`; null without a finite score. */
  readonly value: Float;
  readonly definition: 'Hyndman-Fan type 8';
  /** Order statistics; null where n is too small for such an end. */
  readonly lower: Float;
  readonly upper: Float;
  /** Smallest n with which each end exists. */
  readonly lowerNeeds: number;
  readonly upperNeeds: number;
  /** Probability that the limits hold the quantile (continuous scores; more with ties); a missing end counts as infinite. */
  readonly coverage: number;
}

/** Spread of the risk score. */
export interface MadEvidence {
  readonly value: Float;
  /** Raw: multiply by 1.4826 for a Gaussian standard deviation. */
  readonly factor: 1;
  /** True where the MAD is 0, most scores being equal: it measures no spread, and nothing is put in its place. */
  readonly degenerate: boolean;
}

/** An error rate with exact limits. */
export interface RateEvidence {
  readonly errors: number;
  readonly n: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly method: 'Clopper-Pearson';
}

/** Burst densities, for which no honest limits are known here. */
export interface BurstEvidence {
  readonly limits: null;
  readonly reason: string;
}

/** What the data say of one capability, beside the host's figures. */
export interface CapabilityEvidence {
  readonly capability: string;
  /** Entries. */
  readonly n: number;
  /** Entries with a finite score: all figures about scores are of these. */
  readonly scoreCount: number;
  /** Entries whose score is null in the ledger; counted, never used. */
  readonly nullScores: number;
  readonly level: number;
  readonly quantiles: readonly QuantileEvidence[];
  readonly mad: MadEvidence;
  readonly errorRate: RateEvidence;
  readonly bursts: BurstEvidence;
  /** The scores' distribution, kept so that a later ledger can be compared with it. */
  readonly scoreCurve: ScoreCurve;
}

const NO_BURST_LIMITS =
  'burst counts of neighbouring events overlap, so they are dependent and order-statistic limits would be too narrow';

/** Quantiles reported. */
const PROBABILITIES = [0.05, 0.5, 0.95] as const;

/** Gathers the evidence on one capability at a confidence level. O(n) on a sorted sample. */
export function capabilityEvidence(sample: CapabilitySample, level: number): CapabilityEvidence {
  const scores = sample.scores.subarray(0, sample.finiteCount);
  const mad = scores.length === 0 ? null : madOfSorted(scores);
  return {
    capability: sample.capability,
    n: sample.count,
    scoreCount: sample.finiteCount,
    nullScores: sample.count - sample.finiteCount,
    level,
    quantiles: PROBABILITIES.map((p) => quantileEvidence(scores, p, level)),
    mad: { value: mad, factor: 1, degenerate: mad === 0 },
    errorRate: rateEvidence(sample.failedCount, sample.count, level),
    bursts: { limits: null, reason: NO_BURST_LIMITS },
    scoreCurve: scoreCurve(scores),
  };
}

function quantileEvidence(scores: Float64Array, p: number, level: number): QuantileEvidence {
  const { lower, upper, lowerNeeds, upperNeeds, coverage } = quantileRanks(scores.length, p, level);
  const at = (rank: number | null): Float => (rank === null ? null : (scores[rank - 1] ?? null));
  return {
    p,
    value: scores.length === 0 ? null : quantileOfSorted(scores, p, 8),
    definition: 'Hyndman-Fan type 8',
    lower: at(lower),
    upper: at(upper),
    lowerNeeds,
    upperNeeds,
    coverage,
  };
}

/** An error rate with its Clopper-Pearson limits. */
export function rateEvidence(errors: number, n: number, level: number): RateEvidence {
  const { lower, upper } = clopperPearson(errors, n, level);
  return { errors, n, rate: errors / n, lower, upper, level, method: 'Clopper-Pearson' };
}

/**
 * What a capability's data are too few for: a quantile's missing limit, an error rate to within `halfWidth`.
 */
export function capabilityRefusals(evidence: CapabilityEvidence, halfWidth: number): Refusal[] {
  const { capability, scoreCount, errorRate, level, nullScores } = evidence;
  const percent = `${String(Number((level * 100).toFixed(6)))} %`;
  const refusals: Refusal[] = [];
  if (scoreCount === 0) {
    const reason = `all ${String(nullScores)} scores are null, which stands for no number`;
    refusals.push({ what: 'any figure of the risk score', capability, n: 0, neededN: 1, reason });
  }
  for (const { p, lower, upper, lowerNeeds, upperNeeds } of evidence.quantiles) {
    const missing = [lower === null ? 'lower' : '', upper === null ? 'upper' : ''].filter((end) => end !== '').join(' and ');
    if (missing === '') continue;
    const neededN = Math.max(lower === null ? lowerNeeds : 0, upper === null ? upperNeeds : 0);
    const reason = 'with fewer scores even the most extreme one is too likely to be on the wrong side';
    refusals.push({ what: `the ${missing} ${percent} limit of the ${String(p)}-quantile of the risk score`, capability, n: scoreCount, neededN, reason });
  }
  if (errorRate.upper - errorRate.rate > halfWidth || errorRate.rate - errorRate.lower > halfWidth) {
    const reason = `that many entries are enough whatever the rate is; its limits here are ${errorRate.lower.toFixed(4)} to ${errorRate.upper.toFixed(4)}`;
    refusals.push({ what: `the error rate to within ${String(halfWidth)} at ${percent}`, capability, n: errorRate.n, neededN: trialsForHalfWidth(halfWidth, level), reason });
  }
  return refusals;
}
