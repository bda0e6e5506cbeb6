import type { VerifiedLedger } from '../ledger/report.js';
import { insideUnit, nonNegative } from '../stats/sample.js';
import { actorSample } from './actor-sample.js';
import { capabilityEvidence, capabilityRefusals, type CapabilityEvidence } from './capability-evidence.js';
import { piBaselineOf, type PiBaseline, type PiBaselineOptions } from './pi-model.js';
import type { Refusal } from './refusal.js';
import { statesRefusal, transitionEvidence, transitionRefusals, type TransitionEvidence } from './transition-evidence.js';

/** Schema text of hindcast's baseline. */
export const BASELINE_SCHEMA = 'hindcast.baseline.v1';

/** What a baseline's limits assume. */
const ASSUMPTION = 'limits take the calls of a capability as exchangeable; calls that depend on each other make them too narrow';

/** Where a baseline comes from. */
export interface BaselineSource {
  /** The ledger's data hash. */
  readonly dataHash: string;
  /** Its entries of this actor. */
  readonly entryCount: number;
}

/** What the data support, beside the host's figures. */
export interface BaselineEvidence {
  readonly level: number;
  readonly assumption: string;
  readonly capabilities: readonly CapabilityEvidence[];
  readonly transitions: TransitionEvidence;
}

/** What normal looks like for one actor. Finite JSON as it stands, as long as its time is within 2^53. */
export interface Baseline {
  readonly schema: typeof BASELINE_SCHEMA;
  readonly actor: string;
  readonly sources: readonly BaselineSource[];
  /** The host's figures, of the pooled data. */
  readonly host: PiBaseline;
  readonly evidence: BaselineEvidence;
  /** What was asked of too little data. */
  readonly refusals: readonly Refusal[];
}

/** How to fit a {@link Baseline}. */
export interface BaselineOptions extends PiBaselineOptions {
  /** Confidence of every limit, one at a time, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** How closely an error rate should be known before it is relied on, in (0, 1/2). Default 0.1. */
  readonly rateHalfWidth?: number;
}

/**
 * What normal looks like for one actor: the host's figures, and beside each what the data support.
 *
 * @param ledgers - verified, at least one; several are pooled and never joined end to start
 * @param options - see {@link BaselineOptions}
 * @returns host figures, evidence (order-statistic limits, Clopper-Pearson limits, Dirichlet intervals), and refusals
 * with the n that would be enough
 * @throws {@link InputError} TOO_FEW, INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION, UNSAFE_INTEGER, NUMBER_OUT_OF_RANGE,
 * BAD_PARAM: what the host takes for a threshold or prior but means nothing is refused here
 * @remarks O(n log n). Limits hold one at a time, for exchangeable calls. The Dirichlet prior is the smoothing prior, or
 * 1 where that is 0, so its means are the host's probabilities.
 * @see David & Nagaraja (2003), Order Statistics; Clopper & Pearson (1934), Biometrika 26, 404-413.
 * @example
 * ```ts
 * const entries = [...generateEntries({ entries: 50, seed: 1 })].map((g) => g.entry);
 * const ledger = verifiedLedger(sealLedger(entries, { generatedAtMs: 0n }));
 * const baseline = fitBaseline([ledger], { actor: entries[0].extension_id, generatedAtMs: 0n });
 * baseline.refusals.some((refusal) => refusal.what === 'the upper 95 % limit of the 0.95-quantile of the risk score'); // => true
 * ```
 */
export function fitBaseline(ledgers: readonly VerifiedLedger[], options: BaselineOptions): Baseline {
  const level = insideUnit(options.level ?? 0.95, 'level');
  const halfWidth = options.rateHalfWidth ?? 0.1;
  insideUnit(2 * halfWidth, 'twice rateHalfWidth');
  nonNegative(options.anomalyThresholdMads ?? 3, 'anomalyThresholdMads');
  nonNegative(options.transitionDivergenceThreshold ?? 0.5, 'transitionDivergenceThreshold');
  const prior = nonNegative(options.smoothingPrior ?? 1, 'smoothingPrior');
  const sample = actorSample(ledgers, options.actor);
  const host = piBaselineOf(sample, options);
  const capabilities = sample.capabilities.map((capability) => capabilityEvidence(capability, level));
  const transitions = transitionEvidence(sample.runs, prior > 0 ? prior : 1, level);
  return {
    schema: BASELINE_SCHEMA,
    actor: options.actor,
    sources: sample.dataHashes.map((dataHash, i) => ({ dataHash, entryCount: sample.entryCounts[i] ?? 0 })),
    host,
    evidence: { level, assumption: ASSUMPTION, capabilities, transitions },
    refusals: [...capabilities.flatMap((evidence) => capabilityRefusals(evidence, halfWidth)), ...(sample.runs.length === 0 ? [statesRefusal('no call')] : transitionRefusals(transitions))],
  };
}
