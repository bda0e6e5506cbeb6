import type { VerifiedLedger } from '../ledger/report.js';
import { holm, holmLevels } from '../stats/multiple-testing.js';
import { insideUnit } from '../stats/sample.js';
import { actorSample, type ActorSample, type CapabilitySample } from './actor-sample.js';
import { baselineCapabilities, type BaselineCapability, type ComparableBaseline } from './baseline-capability.js';
import { compareRates, compareScores, rateRefusal, scoreRefusal, type RateComparison, type ScoreComparison, type TestResult, type Untested } from './compare-capability.js';
import { driftVerdict, type DriftVerdict } from './drift-verdict.js';
import { featuresOf } from './live-features.js';
import { piDrift, type PiDrift, type PiDriftMetric } from './pi-drift.js';
import type { Refusal } from './refusal.js';
import { statesRefusal } from './transition-evidence.js';

/** Schema text of hindcast's drift report. */
export const DRIFT_SCHEMA = 'hindcast.drift.v1';

const ASSUMPTION = 'within a capability all calls, of the baseline and live, are exchangeable when nothing has changed; calls that depend on each other make false alarms likelier than alpha';

const PROMISE = 'when nothing has changed, driftDetected is true with probability at most alpha; newCapabilities and hostAlarms are not covered by that';

const MULTIPLICITY = 'Holm over two tests (error rate, scores) for each capability that both have; intervals by Bonferroni over the same number';

/** Live against baseline for one capability. */
export interface CapabilityDrift {
  readonly capability: string;
  /** Entries in the baseline; 0: the capability is new. */
  readonly baselineN: number;
  readonly liveN: number;
  /** Live entries whose score is null: they are in no figure or test of scores but the host's. */
  readonly liveNullScores: number;
  /** The host's own report. */
  readonly host: PiDrift;
  /** Null where refused, or where the capability is new. */
  readonly errorRate: RateComparison | null;
  readonly scores: ScoreComparison | null;
}

/** What the host's thresholds say of one capability: a finding of theirs, which no promise covers. */
export interface HostAlarm {
  readonly capability: string;
  readonly metrics: readonly PiDriftMetric[];
  /** Whether the host finds the transitions between risk states anomalous; they are of all capabilities together. */
  readonly transitions: boolean;
}

/** What has changed, as the host sees it and as the data support it. Finite JSON as it stands. */
export interface DriftReport {
  readonly schema: typeof DRIFT_SCHEMA;
  readonly actor: string;
  /** Whether the baseline is of another actor; the host does not look. */
  readonly otherActor: boolean;
  /** Whether some test rejects: the one finding that `promise` covers. */
  readonly driftDetected: boolean;
  /** What the tests come to, those that could not be made included. */
  readonly verdict: DriftVerdict;
  /** Capabilities used live that the baseline has never seen: the host passes over their metrics in silence. */
  readonly newCapabilities: readonly string[];
  /** Capabilities whose host report says drift. */
  readonly hostAlarms: readonly HostAlarm[];
  /** What alpha promises, and of what. */
  readonly promise: string;
  /** Probability of any false rejection, at most, under `assumption`. */
  readonly alpha: number;
  /** Tests that Holm shares alpha among, refused ones included. */
  readonly testCount: number;
  readonly multiplicity: string;
  readonly assumption: string;
  /** Transitions either side's stationary law rests on. */
  readonly transitions: { readonly baselineN: number; readonly liveN: number };
  readonly capabilities: readonly CapabilityDrift[];
  /** Capabilities of the baseline not used live. */
  readonly absentLive: readonly string[];
  readonly refusals: readonly Refusal[];
}

/** How to compare. */
export interface DriftOptions {
  /** Whose entries. Default: the baseline's actor. */
  readonly actor?: string;
  /** Probability of any false rejection, in (0, 1). Default 0.05. */
  readonly alpha?: number;
}

/**
 * Live ledgers against a baseline: the host's report for each capability, and beside it what the data support.
 *
 * @param baseline - from `fitBaseline` or `parseBaseline`
 * @param ledgers - verified, at least one; several are pooled and never joined end to start
 * @param options - see {@link DriftOptions}
 * @throws {@link InputError} TOO_FEW, INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION, UNSAFE_INTEGER, BAD_PARAM,
 * NUMBER_OUT_OF_RANGE and MISSING_FIELD for a baseline whose figures contradict each other
 * @remarks Under the stated assumption no test rejects falsely with probability more than alpha, at any sample size:
 * Fisher's test and the Kolmogorov-Smirnov law are exact or conservative, and Holm asks nothing of their dependence.
 * New capabilities and the host's alarms stand beside `driftDetected`, and nothing bounds how often they are false. Burst
 * densities and transitions have the host's thresholds only. O(n log n).
 * @see Fisher (1935), JRSS 98, 39-82; Hodges (1958), Arkiv for Matematik 3, 469-486; Holm (1979), Scandinavian Journal
 * of Statistics 6, 65-70.
 * @example
 * ```ts
 * const entries = [...generateEntries({ entries: 200, seed: 1 })].map((g) => g.entry);
 * const ledger = verifiedLedger(sealLedger(entries, { generatedAtMs: 0n }));
 * const baseline = fitBaseline([ledger], { actor: entries[0].extension_id, generatedAtMs: 0n });
 * driftReport(baseline, [ledger]).driftDetected; // => false
 * ```
 */
export function driftReport(baseline: ComparableBaseline, ledgers: readonly VerifiedLedger[], options: DriftOptions = {}): DriftReport {
  const alpha = insideUnit(options.alpha ?? 0.05, 'alpha');
  const actor = options.actor ?? baseline.host.extension_id;
  const sample = actorSample(ledgers, actor);
  const known = new Map(baselineCapabilities(baseline).map((row) => [row.capability, row]));
  const stateless = statelessSides(baseline, sample);
  const features = new Map(featuresOf(stateless.length === 0 ? sample : { ...sample, runs: [] }).map((row) => [row.capability, row]));
  const testCount = 2 * sample.capabilities.filter((live) => known.has(live.capability)).length;
  const level = 1 - alpha / Math.max(1, 2 * testCount);
  const outcomes = judge(sample.capabilities.map((live) => pairOf(known.get(live.capability), live, level)), alpha);
  const capabilities = outcomes.flatMap(({ base, live, errorRate, scores }): CapabilityDrift[] => {
    const figures = features.get(live.capability);
    if (figures === undefined) return [];
    const liveNullScores = live.count - live.finiteCount;
    return [{ capability: live.capability, baselineN: base?.n ?? 0, liveN: live.count, liveNullScores, host: piDrift(baseline.host, figures), errorRate, scores }];
  });
  const liveNames = new Set(sample.capabilities.map((live) => live.capability));
  return {
    schema: DRIFT_SCHEMA,
    actor,
    otherActor: actor !== baseline.host.extension_id,
    driftDetected: capabilities.some((row) => row.errorRate?.rejected === true || row.scores?.rejected === true),
    verdict: driftVerdict(capabilities),
    newCapabilities: [...liveNames].filter((name) => !known.has(name)),
    hostAlarms: capabilities.flatMap(hostAlarm),
    promise: PROMISE,
    alpha,
    testCount,
    multiplicity: MULTIPLICITY,
    assumption: ASSUMPTION,
    transitions: { baselineN: baseline.host.transition_matrix.total_transitions, liveN: sample.runs.reduce((sum, run) => sum + Math.max(0, run.length - 1), 0) },
    capabilities,
    absentLive: [...known.keys()].filter((name) => !liveNames.has(name)),
    refusals: [...outcomes.flatMap((outcome) => outcome.refusals), ...stateless.map(statesRefusal)],
  };
}

/** Which side knows no risk states at all: with it the host would compare its prior. */
function statelessSides({ host }: ComparableBaseline, live: ActorSample): string[] {
  const sources = host.source_data_hash.split('+').length;
  const unknown = host.transition_matrix.total_transitions === 0 && host.source_entry_count > sources;
  return [...(unknown ? ['no call of the baseline'] : []), ...(live.runs.length === 0 ? ['no live call'] : [])];
}

function hostAlarm({ capability, host }: CapabilityDrift): HostAlarm[] {
  if (!host.drift_detected) return [];
  return [{ capability, metrics: host.anomalies.map((anomaly) => anomaly.metric), transitions: host.transition_anomalous }];
}

/** The two comparisons of a capability, before it is known what the others say. */
interface Pair {
  /** Undefined where the capability is new. */
  readonly base: BaselineCapability | undefined;
  readonly live: CapabilitySample;
  readonly rates: Untested<RateComparison> | null;
  readonly scores: Untested<ScoreComparison> | null;
}

function pairOf(base: BaselineCapability | undefined, live: CapabilitySample, level: number): Pair {
  if (base === undefined) return { base, live, rates: null, scores: null };
  return { base, live, rates: compareRates(base, live, level), scores: compareScores(base, live, level) };
}

/** What is made of a pair; a comparison is null where refused or impossible. */
interface Outcome {
  readonly base: BaselineCapability | undefined;
  readonly live: CapabilitySample;
  readonly errorRate: RateComparison | null;
  readonly scores: ScoreComparison | null;
  readonly refusals: readonly Refusal[];
}

/**
 * Holm over all tests of the capabilities that both sides have; one that cannot be made counts as a p-value of 1. A
 * test is refused where, the others being what they are, no data of its size could make Holm reject it.
 */
function judge(pairs: readonly Pair[], alpha: number): Outcome[] {
  const compared = pairs.filter((pair) => pair.base !== undefined);
  const pValues = compared.flatMap(({ rates, scores }) => [rates?.pValue ?? 1, scores?.pValue ?? 1]);
  const [adjusted, levels] = [holm(pValues), holmLevels(pValues, alpha)];
  let next = 0;
  return pairs.map(({ base, live, rates, scores }) => {
    if (base === undefined) {
      const reason = 'the baseline has never seen this capability';
      return { base, live, errorRate: null, scores: null, refusals: [{ what: 'whether this capability has changed', capability: live.capability, n: live.count, neededN: null, reason }] };
    }
    const [rateAt, scoreAt] = [next, next + 1];
    next += 2;
    const refused = [rateRefusal(base, live, levels[rateAt] ?? alpha), scoreRefusal(base, live, levels[scoreAt] ?? alpha)] as const;
    const judged = <T extends TestResult>(test: Untested<T> | null, at: number): T | null => {
      const adjustedP = adjusted[at] ?? 1;
      return test === null ? null : ({ ...test, adjustedP, rejected: adjustedP <= alpha } as unknown as T);
    };
    return {
      base,
      live,
      errorRate: refused[0] === null ? judged(rates, rateAt) : null,
      scores: refused[1] === null ? judged(scores, scoreAt) : null,
      refusals: refused.filter((refusal) => refusal !== null),
    };
  });
}
