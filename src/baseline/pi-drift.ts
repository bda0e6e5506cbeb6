import type { Float } from '../ledger/entry.js';
import type { PiBaseline, PiCapabilityProfile } from './pi-model.js';
import { piTransitionMatrixOfRuns } from './pi-transitions.js';

/** Live figures of one actor using one capability. */
export interface PiLiveFeatures {
  /** The host copies it into its report and compares it with nothing. */
  readonly extension_id: string;
  readonly capability: string;
  readonly risk_score: number;
  readonly error_rate: number;
  readonly burst_density_1s: number;
  readonly burst_density_10s: number;
  /** Recent states over all capabilities, as indices into `RISK_STATES`; one run a ledger, never joined. */
  readonly runs: readonly ArrayLike<number>[];
}

/** A metric the host compares. */
export type PiDriftMetric = 'risk_score' | 'error_rate' | 'burst_density_1s' | 'burst_density_10s';

/** One of the host's anomalies. */
export interface PiAnomaly {
  readonly metric: PiDriftMetric;
  readonly observed: number;
  readonly baseline_median: Float;
  readonly baseline_mad: Float;
  readonly deviation_mads: Float;
  readonly explanation: string;
}

/** The host's drift report for one capability. */
export interface PiDrift {
  readonly extension_id: string;
  readonly capability: string;
  readonly drift_detected: boolean;
  readonly anomalies: readonly PiAnomaly[];
  /** Divergence of the live stationary law from the baseline's, in nats; 0 for fewer than two states. */
  readonly transition_divergence: number;
  readonly transition_anomalous: boolean;
}

/** The host measures no metric more finely than this. */
const MAD_FLOOR = 0.01;
/** The prior of the live matrix, whatever the baseline's own. */
const LIVE_PRIOR = 0.5;
const PROBABILITY_FLOOR = 1e-12;

/**
 * The host's drift check of live figures against a baseline, number for number.
 *
 * @param baseline - as {@link PiBaseline}; its extension, schema and source are not looked at, as the host does not
 * @param live - figures of the capability to check
 * @returns the host's report; a capability the baseline lacks has its metrics skipped without a word, as the host does
 * @remarks Each of the four metrics and the transitions is judged by a threshold alone: the size of neither sample
 * enters. `driftReport` says what the data support.
 * @example
 * ```ts
 * const transition_matrix = piTransitionMatrix([], 1);
 * const baseline = { schema: '', extension_id: 'a', generated_at_ms: 0, source_data_hash: '', source_entry_count: 0, capability_profiles: [], transition_matrix, anomaly_threshold_mads: 3, transition_divergence_threshold: 0.5 };
 * const live = { extension_id: 'a', capability: 'exec', risk_score: 1, error_rate: 1, burst_density_1s: 1, burst_density_10s: 1, runs: [] };
 * piDrift(baseline, live).drift_detected; // => false
 * ```
 */
export function piDrift(baseline: PiBaseline, live: PiLiveFeatures): PiDrift {
  const profile = baseline.capability_profiles.find((p) => p.capability === live.capability);
  const anomalies = profile === undefined ? [] : anomaliesOf(profile, live, baseline.anomaly_threshold_mads ?? NaN);
  const divergence = transitionDivergence(baseline, live.runs);
  const anomalous = divergence > (baseline.transition_divergence_threshold ?? NaN);
  return {
    extension_id: live.extension_id,
    capability: live.capability,
    drift_detected: anomalies.length > 0 || anomalous,
    anomalies,
    transition_divergence: divergence,
    transition_anomalous: anomalous,
  };
}

function anomaliesOf(profile: PiCapabilityProfile, live: PiLiveFeatures, threshold: number): PiAnomaly[] {
  // For the last three the host takes the figure itself for its spread.
  const rows: readonly (readonly [PiDriftMetric, Float, Float])[] = [
    ['risk_score', profile.risk_score_median, profile.risk_score_mad],
    ['error_rate', profile.error_rate_median, atLeast(profile.error_rate_median ?? NaN, MAD_FLOOR)],
    ['burst_density_1s', profile.burst_density_1s_median, atLeast(profile.burst_density_1s_median ?? NaN, MAD_FLOOR)],
    ['burst_density_10s', profile.burst_density_10s_median, atLeast(profile.burst_density_10s_median ?? NaN, MAD_FLOOR)],
  ];
  return rows.flatMap(([metric, centre, spread]) => {
    const observed = live[metric];
    const deviation = Math.abs(observed - (centre ?? NaN)) / atLeast(spread ?? NaN, MAD_FLOOR);
    if (!(deviation > threshold)) return [];
    const explanation = `${metric} is ${String(observed)}, ${deviation.toFixed(2)} times its spread away from ${String(centre)}; the limit is ${String(threshold)}.`;
    return [{ metric, observed, baseline_median: centre, baseline_mad: spread, deviation_mads: deviation, explanation }];
  });
}

/** The host's maximum, which passes over a NaN. */
function atLeast(x: number, floor: number): number {
  return x > floor ? x : floor;
}

function transitionDivergence(baseline: PiBaseline, runs: readonly ArrayLike<number>[]): number {
  if (runs.reduce((sum, run) => sum + run.length, 0) < 2) return 0;
  const live = piTransitionMatrixOfRuns(runs, LIVE_PRIOR).stationary_distribution;
  let sum = 0;
  for (const [state, weight] of live.entries()) {
    const p = weight ?? NaN;
    const q = baseline.transition_matrix.stationary_distribution[state] ?? NaN;
    if (p > 0) sum += p * Math.log(p / atLeast(q, PROBABILITY_FLOOR));
  }
  return atLeast(sum, 0);
}
