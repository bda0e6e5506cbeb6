import { InputError } from '../errors.js';
import type { Float } from '../ledger/entry.js';
import type { VerifiedLedger } from '../ledger/report.js';
import { actorSample, type ActorSample, type CapabilitySample } from './actor-sample.js';
import { BURST_10S, BURST_1S, pooledBurstDensity } from './pi-burst.js';
import { piMadOfSorted, piMedianOfSorted, piQuantileOfSorted } from './pi-statistics.js';
import { piTransitionMatrixOfRuns, writable, type PiTransitionMatrix } from './pi-transitions.js';

/** Schema text of the host's baseline. */
export const PI_BASELINE_SCHEMA = 'pi.ext.runtime_risk_baseline.v1';

/** The host's figures for one capability, in its artifact's fields and order. Null stands for a figure that is NaN. */
export interface PiCapabilityProfile {
  readonly capability: string;
  readonly sample_count: number;
  readonly risk_score_median: Float;
  /** Raw, no Gaussian factor. */
  readonly risk_score_mad: Float;
  /** Value of nearest rank. */
  readonly risk_score_p5: Float;
  readonly risk_score_p95: Float;
  /** Errors divided by entries: no median, whatever the host calls it. */
  readonly error_rate_median: Float;
  readonly burst_density_1s_median: Float;
  readonly burst_density_10s_median: Float;
}

/**
 * The host's baseline artifact, field for field and in its order. Plain JSON as long as its time is within 2^53; the
 * thresholds and the prior are kept as they were given, and what of them is not finite is written as null.
 */
export interface PiBaseline {
  readonly schema: string;
  readonly extension_id: string;
  /** Milliseconds since the epoch; a bigint beyond 2^53. */
  readonly generated_at_ms: number | bigint;
  readonly source_data_hash: string;
  /** Entries of this extension, where the hash is the whole ledger's. */
  readonly source_entry_count: number;
  readonly capability_profiles: readonly PiCapabilityProfile[];
  readonly transition_matrix: PiTransitionMatrix;
  readonly anomaly_threshold_mads: Float;
  readonly transition_divergence_threshold: Float;
}

/** How to fit {@link PiBaseline}. */
export interface PiBaselineOptions {
  /** The extension, by its `extension_id`. */
  readonly actor: string;
  /** Time to write into the artifact, milliseconds since the epoch, a signed 64-bit integer. */
  readonly generatedAtMs: bigint;
  /** Deviation in MADs above which drift calls a metric anomalous; any double, as the host checks none. Default 3. */
  readonly anomalyThresholdMads?: number;
  /** Divergence of stationary laws above which drift calls the transitions anomalous, in nats; any double. Default 0.5. */
  readonly transitionDivergenceThreshold?: number;
  /** Added to every transition count; any double. Default 1. */
  readonly smoothingPrior?: number;
}

/**
 * The host's baseline of one extension, from one ledger: its figures bit for bit.
 *
 * @param ledger - verified
 * @param options - see {@link PiBaselineOptions}
 * @returns the artifact's values; print it with `printArtifact`
 * @throws {@link InputError} INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION, UNSAFE_INTEGER, NUMBER_OUT_OF_RANGE
 * @remarks O(n log n), where the host is quadratic in bursts. A null score counts as NaN, sorted last, and can become a
 * figure: `fitBaseline` counts such scores and leaves them out of its own figures.
 * @example
 * ```ts
 * const entries = [...generateEntries({ entries: 50, seed: 1 })].map((g) => g.entry);
 * const ledger = verifiedLedger(sealLedger(entries, { generatedAtMs: 0n }));
 * const actor = entries[0].extension_id;
 * const { source_entry_count } = fitPiBaseline(ledger, { actor, generatedAtMs: 0n });
 * source_entry_count; // => entries.filter((entry) => entry.extension_id === actor).length
 * ```
 */
export function fitPiBaseline(ledger: VerifiedLedger, options: PiBaselineOptions): PiBaseline {
  return piBaselineOf(actorSample([ledger], options.actor), options);
}

/** The host's figures of a sample. Several ledgers' data hashes are joined by `+`, which the host never writes. */
export function piBaselineOf(sample: ActorSample, options: PiBaselineOptions): PiBaseline {
  return {
    schema: PI_BASELINE_SCHEMA,
    extension_id: sample.actor,
    generated_at_ms: exactMs(options.generatedAtMs, 'generatedAtMs'),
    source_data_hash: sample.dataHashes.join('+'),
    source_entry_count: sample.count,
    capability_profiles: sample.capabilities.map(profileOf),
    transition_matrix: piTransitionMatrixOfRuns(sample.runs, options.smoothingPrior ?? 1),
    anomaly_threshold_mads: options.anomalyThresholdMads ?? 3,
    transition_divergence_threshold: options.transitionDivergenceThreshold ?? 0.5,
  };
}

function profileOf({ capability, count, scores, failedCount, timesMs }: CapabilitySample): PiCapabilityProfile {
  return {
    capability,
    sample_count: count,
    risk_score_median: writable(piMedianOfSorted(scores)),
    risk_score_mad: writable(piMadOfSorted(scores)),
    risk_score_p5: writable(piQuantileOfSorted(scores, 0.05)),
    risk_score_p95: writable(piQuantileOfSorted(scores, 0.95)),
    error_rate_median: failedCount / count,
    burst_density_1s_median: pooledBurstDensity(timesMs, BURST_1S),
    burst_density_10s_median: pooledBurstDensity(timesMs, BURST_10S),
  };
}

/**
 * A signed 64-bit integer as a number where that is exact, else as it is.
 *
 * @throws {@link InputError} NUMBER_OUT_OF_RANGE naming it
 */
export function exactMs(value: bigint, name: string): number | bigint {
  if (BigInt.asIntN(64, value) !== value) throw new InputError('NUMBER_OUT_OF_RANGE', `${name} must be a signed 64-bit integer, got ${String(value)}`);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
