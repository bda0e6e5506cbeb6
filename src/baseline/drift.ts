import type { VerifiedLedger } from '../ledger/report.js';
import { holm } from '../stats/multiple-testing.js';
import { insideUnit } from '../stats/sample.js';
import { actorSample, type CapabilitySample } from './actor-sample.js';
import { compareRates, compareScores, type BaselineCapability, type RateComparison, type ReportLevels, type ScoreComparison, type TestResult, type Untested } from './compare-capability.js';
import { featuresOf } from './live-features.js';
import { piDrift, type PiDrift } from './pi-drift.js';
import type { PiBaseline } from './pi-model.js';
import type { Refusal } from './refusal.js';
import type { ScoreCurve } from './score-curve.js';

/** Schema text of hindcast's drift report. */
export const DRIFT_SCHEMA = 'hindcast.drift.v1';

const ASSUMPTION = 'within a capability all calls, of the baseline and live, are exchangeable when nothing has changed; calls that depend on each other make false alarms likelier than alpha';

const MULTIPLICITY = 'Holm over two tests (error rate, scores) for each capability that both have; intervals by Bonferroni over the same number';

/** A baseline that ledgers can be compared with: hindcast's own, or the host's with `evidence` null. */
export interface ComparableBaseline {
  readonly host: PiBaseline;
  readonly evidence: { readonly capabilities: readonly { readonly capability: string; readonly scoreCurve: ScoreCurve }[] } | null;
}

/** Live against baseline for one capability. */
export interface CapabilityDrift {
  readonly capability: string;
  /** Entries in the baseline; 0: the capability is new. */
  readonly baselineN: number;
  readonly liveN: number;
  /** The host's own report. */
  readonly host: PiDrift;
  /** Null where refused, or where the capability is new. */
  readonly errorRate: RateComparison | null;
  readonly scores: ScoreComparison | null;
}

/** What has changed, as the host sees it and as the data support it. Finite JSON as it stands. */
export interface DriftReport {
  readonly schema: typeof DRIFT_SCHEMA;
  readonly actor: string;
  /** Whether the baseline is of another actor; the host does not look. */
  readonly otherActor: boolean;
  /** Whether some test rejects. */
  readonly driftDetected: boolean;
  /** Whether the host's report of some capability says so. */
  readonly hostDriftDetected: boolean;
  /** Probability of any false rejection, at most, under `assumption`. */
  readonly alpha: number;
  /** Tests that alpha is shared among, refused ones included. */
  readonly testCount: number;
  readonly multiplicity: string;
  readonly assumption: string;
  /** Transitions either side's stationary law rests on. */
  readonly transitions: { readonly baselineN: number; readonly liveN: number };
  readonly capabilities: readonly CapabilityDrift[];
  /** Capabilities used live that the baseline has never seen: the host passes over their metrics in silence. */
  readonly unseenInBaseline: readonly string[];
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
 * @throws {@link InputError} TOO_FEW, INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION, UNSAFE_INTEGER, BAD_PARAM
 * @remarks Under the stated assumption no test rejects falsely with probability more than alpha, at any sample size:
 * Fisher's test and the Kolmogorov-Smirnov law are exact or conservative, and Holm asks nothing of their dependence.
 * Burst densities and transitions have the host's thresholds only. O(n log n).
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
  const features = new Map(featuresOf(sample).map((row) => [row.capability, row]));
  const testCount = 2 * sample.capabilities.filter((live) => known.has(live.capability)).length;
  const levels = { testAlpha: alpha / Math.max(1, testCount), level: 1 - alpha / Math.max(1, 2 * testCount) };
  const pairs = sample.capabilities.map((live) => comparePair(known.get(live.capability), live, levels));
  const judge = judgeAll(pairs.flatMap((pair) => (pair.isNew ? [] : [pair.rates, pair.scores])), alpha);
  const capabilities = sample.capabilities.flatMap((live, i): CapabilityDrift[] => {
    const figures = features.get(live.capability);
    const pair = pairs[i];
    if (figures === undefined || pair === undefined) return [];
    const baselineN = known.get(live.capability)?.n ?? 0;
    const host = piDrift(baseline.host, figures);
    return [{ capability: live.capability, baselineN, liveN: live.count, host, errorRate: judge(pair.rates), scores: judge(pair.scores) }];
  });
  const liveNames = new Set(sample.capabilities.map((live) => live.capability));
  return {
    schema: DRIFT_SCHEMA,
    actor,
    otherActor: actor !== baseline.host.extension_id,
    driftDetected: capabilities.some((row) => row.errorRate?.rejected === true || row.scores?.rejected === true),
    hostDriftDetected: capabilities.some((row) => row.host.drift_detected),
    alpha,
    testCount,
    multiplicity: MULTIPLICITY,
    assumption: ASSUMPTION,
    transitions: { baselineN: baseline.host.transition_matrix.total_transitions, liveN: sample.runs.reduce((sum, run) => sum + Math.max(0, run.length - 1), 0) },
    capabilities,
    unseenInBaseline: [...liveNames].filter((name) => !known.has(name)),
    absentLive: [...known.keys()].filter((name) => !liveNames.has(name)),
    refusals: pairs.flatMap((pair) => pair.refusals),
  };
}

/** The two comparisons of a capability; null where refused or impossible. */
interface Pair {
  readonly isNew: boolean;
  readonly rates: Untested<RateComparison> | null;
  readonly scores: Untested<ScoreComparison> | null;
  readonly refusals: readonly Refusal[];
}

function comparePair(base: BaselineCapability | undefined, live: CapabilitySample, levels: ReportLevels): Pair {
  if (base === undefined) {
    const reason = 'the baseline has never seen this capability';
    return { isNew: true, rates: null, scores: null, refusals: [{ what: 'whether this capability has changed', capability: live.capability, n: live.count, neededN: null, reason }] };
  }
  const rates = compareRates(base, live, levels);
  const scores = compareScores(base, live, levels);
  return {
    isNew: false,
    rates: 'pValue' in rates ? rates : null,
    scores: 'pValue' in scores ? scores : null,
    refusals: [rates, scores].filter((outcome): outcome is Refusal => 'what' in outcome),
  };
}

/** Holm over all tests of the pairs with a baseline; a refused one counts as one that cannot reject. */
function judgeAll(tests: readonly (Untested<TestResult> | null)[], alpha: number): <T extends TestResult>(test: Untested<T> | null) => T | null {
  const adjusted = holm(tests.map((test) => test?.pValue ?? 1));
  return <T extends TestResult>(test: Untested<T> | null): T | null => {
    if (test === null) return null;
    const adjustedP = adjusted[tests.findIndex((other) => other === test)] ?? 1;
    return { ...test, adjustedP, rejected: adjustedP <= alpha } as unknown as T;
  };
}

/** The capabilities of a baseline. The host keeps a rate and a count, whose product is the number of errors again. */
function baselineCapabilities({ host, evidence }: ComparableBaseline): BaselineCapability[] {
  const curves = new Map(evidence?.capabilities.map((row) => [row.capability, row.scoreCurve]));
  return host.capability_profiles.map((profile) => ({
    capability: profile.capability,
    n: profile.sample_count,
    errors: Math.min(profile.sample_count, Math.round((profile.error_rate_median ?? 0) * profile.sample_count)),
    median: profile.risk_score_median,
    scoreCurve: curves.get(profile.capability) ?? null,
  }));
}
