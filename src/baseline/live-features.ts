import type { VerifiedLedger } from '../ledger/report.js';
import { actorSample, type ActorSample } from './actor-sample.js';
import { BURST_10S, BURST_1S, pooledBurstDensity } from './pi-burst.js';
import type { PiLiveFeatures } from './pi-drift.js';
import { piMedianOfSorted } from './pi-statistics.js';

/**
 * Figures of live ledgers to check against a baseline: per capability the median score, the error rate, the burst
 * medians, and all states in order.
 *
 * @param ledgers - verified, at least one; several are pooled and never joined end to start
 * @param actor - whose entries, by `extension_id`
 * @returns one set of figures a capability, in order of UTF-8 bytes
 * @throws {@link InputError} TOO_FEW, INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION, UNSAFE_INTEGER
 * @remarks O(n log n). A null score counts as NaN, sorted last, as in the host's own figures.
 * @example
 * ```ts
 * const entries = [...generateEntries({ entries: 50, seed: 1 })].map((g) => g.entry);
 * const ledger = verifiedLedger(sealLedger(entries, { generatedAtMs: 0n }));
 * liveFeatures([ledger], entries[0].extension_id)[0].extension_id; // => entries[0].extension_id
 * ```
 */
export function liveFeatures(ledgers: readonly VerifiedLedger[], actor: string): PiLiveFeatures[] {
  return featuresOf(actorSample(ledgers, actor));
}

/** {@link liveFeatures} of a sample. */
export function featuresOf({ actor, capabilities, runs }: ActorSample): PiLiveFeatures[] {
  return capabilities.map(({ capability, count, scores, failedCount, timesMs }) => ({
    extension_id: actor,
    capability,
    risk_score: piMedianOfSorted(scores),
    error_rate: failedCount / count,
    burst_density_1s: pooledBurstDensity(timesMs, BURST_1S),
    burst_density_10s: pooledBurstDensity(timesMs, BURST_10S),
    runs,
  }));
}
