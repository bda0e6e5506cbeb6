import { InputError } from '../../errors.js';
import { requireUsable, type VerifiedLedger } from '../../ledger/report.js';
import { insideUnit } from '../../stats/sample.js';
import { alternativesTo } from './alternatives.js';
import { costsOf } from './calibrate.js';
import { THRESHOLD_SCHEMA, type CalibratedThreshold, type CalibrationMethod, type ClassCounts, type Confirmation, type LabelProvenance, type PerRate } from './calibrated-threshold.js';
import { callsByController, callsOf, positionsOf, type Calls, type MatchedCalls } from './calls.js';
import { choose, type Choice, type Material } from './choose.js';
import { classCurve } from './class-curve.js';
import { guaranteeOf } from './guarantee.js';
import { labelSetHash, type LabelRow } from './label-rows.js';
import { matchCalls, type Matching } from './labels.js';
import { complementOf } from './level.js';
import type { PiCalibrationConfig } from './pi-calibrate.js';
import { observedRates, type ObservedRates } from './rates.js';
import { sessionBootstrap, type SessionBootstrap } from './session-bootstrap.js';
import { splitCalls, type SplitPlan } from './split.js';

/** Parameters of {@link calibrateThreshold}. */
export interface ThresholdOptions extends PiCalibrationConfig {
  readonly method: CalibrationMethod;
  /** Share of unsafe calls that may pass, in (0, 1). */
  readonly miss?: number;
  /** Share of safe calls that may be flagged, in (0, 1). */
  readonly falseAlarm?: number;
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number;
  /** Labels from somebody other than the controller; absent: its own decisions, which must be forced unless `method` is host. */
  readonly labels?: ReadonlyMap<string, LabelRow>;
  /** Who labelled the calls; needed unless the labels are the controller's. `controller` must be forced. */
  readonly labelSource?: string;
  /** Take the controller's own decisions for labels all the same; every output then says so. */
  readonly forceControllerLabels?: boolean;
  /** The smallest chance of being labelled that any call had. Default: the smallest in the labels. */
  readonly leastProbability?: number;
  /** How calls are parted; default: none are held out. Not together with `confirm`. */
  readonly split?: SplitPlan;
  /** Other ledgers, labelled by the same labels, to confirm the threshold on. */
  readonly confirm?: readonly VerifiedLedger[];
  /** Resamples and seed of the bootstrap. */
  readonly bootstrap?: { readonly resamples?: number; readonly seed?: number };
}

/** Whether a stated source is the controller, however it is spelt or dressed up. */
function isController(source: string): boolean {
  const plain = source.normalize('NFKD').replace(/\p{Mark}/gu, '').replace(/[^a-z]+/giu, ' ').trim();
  return /^(?:(?:the|a|our|host|host s|pi|risk|runtime) )*controllers?(?: s)?(?: own)?(?: decisions?| labels?| itself)?$/i.test(plain);
}

function countSources(rows: ReadonlyMap<string, LabelRow>): Readonly<Record<string, number>> | null {
  const counts = new Map<string, number>();
  for (const { source } of rows.values()) if (source !== null) counts.set(source, (counts.get(source) ?? 0) + 1);
  return counts.size === 0 ? null : Object.fromEntries(counts);
}

/** Who says so, as stated. */
function statedSource({ labels, labelSource }: ThresholdOptions): string {
  const source = labelSource ?? (labels === undefined ? 'controller' : '');
  if (source.trim() === '') throw new InputError('BAD_PARAM', 'labelSource must say who labelled the calls, got none');
  return source;
}

/** The controller itself is no source, unless that is insisted on. */
function sourceOf(options: ThresholdOptions): Pick<LabelProvenance, 'source' | 'bySource' | 'circular' | 'forced'> {
  const { labels, forceControllerLabels = false, method } = options;
  const source = statedSource(options);
  const bySource = labels === undefined ? null : countSources(labels);
  const circular = labels === undefined || [source, ...Object.keys(bySource ?? {})].some(isController);
  if (circular && !forceControllerLabels && method !== 'host') {
    throw new InputError('BAD_PARAM', "labels must not be the controller's own decisions: they cannot show that a decision was wrong (forced, they are taken all the same, and every output says so)");
  }
  return { source, bySource, circular, forced: circular && forceControllerLabels };
}

function leastOf({ labels, leastProbability }: ThresholdOptions, { calls: { weights } }: MatchedCalls): number | null {
  if (weights === null) return null;
  if (leastProbability !== undefined) return leastProbability;
  let most = 1;
  for (const { weight } of labels?.values() ?? []) most = Math.max(most, weight);
  return 1 / most;
}

function materialOf(calls: Calls, leastProbability: number | null, options: ThresholdOptions): Material {
  const curveOf = (label: 0 | 1): Material['safe'] => {
    const at = positionsOf(calls, label);
    return classCurve(at.map((i) => calls.scores[i] ?? NaN), calls.weights === null || leastProbability === null ? null : at.map((i) => calls.weights?.[i] ?? NaN));
  };
  const { confidence = 0.95 } = options;
  const [miss, falseAlarm] = (['miss', 'falseAlarm'] as const).map((rate) => (options[rate] === undefined ? null : insideUnit(options[rate], rate))) as [number | null, number | null];
  return { calls, unsafe: curveOf(1), safe: curveOf(0), targets: { miss, falseAlarm, delta: complementOf(confidence, 'confidence') }, leastProbability, costs: costsOf(options), host: options };
}

/** What limits say of the rates promised; see {@link Confirmation}. */
export function verdictOf(rates: ObservedRates, alpha: PerRate): Confirmation['verdict'] {
  const pairs = ([['miss', alpha.miss], ['falseAlarm', alpha.falseAlarm]] as const).flatMap(([rate, bound]) => (bound === null ? [] : [{ ...rates[rate], bound }]));
  if (pairs.length === 0) return null;
  if (pairs.some(({ lower, bound }) => lower !== null && lower > bound)) return 'contradicts';
  return pairs.every(({ upper, bound }) => upper !== null && upper <= bound) ? 'confirms' : 'undecided';
}

function countsOf({ unsafe }: Calls): ClassCounts {
  const unsafeCount = unsafe.reduce((a, b) => a + b, 0);
  return { safe: unsafe.length - unsafeCount, unsafe: unsafeCount };
}

function sessionsOf(calls: Calls): ClassCounts | null {
  const { sessions } = calls;
  if (sessions === null) return null;
  const distinct = (label: 0 | 1): number => new Set(positionsOf(calls, label).map((i) => sessions[i])).size;
  return { safe: distinct(0), unsafe: distinct(1) };
}

interface ConfirmingCalls extends Pick<Confirmation, 'on' | 'sourceDataHashes'> {
  readonly calls: Calls;
}

/** The calls to confirm on: other ledgers, or those held out. */
function confirmingCalls(heldOut: Calls | null, options: ThresholdOptions, leastProbability: number | null): ConfirmingCalls | null {
  const { confirm = [], labels } = options;
  if (confirm.length === 0) return heldOut === null ? null : { on: 'held-out calls', sourceDataHashes: [], calls: heldOut };
  if (heldOut !== null) throw new InputError('BAD_PARAM', 'split must be none where other ledgers confirm the threshold');
  const { calls } = labels === undefined ? callsByController(confirm) : callsOf(confirm, labels, leastProbability ?? undefined);
  return { on: 'other ledgers', sourceDataHashes: confirm.map(({ report }) => report.computedDataHash), calls };
}

/** Each ledger once, and none that confirms among those that choose: whole, or by a labelled call that both hold. */
function requireApart(ledgers: readonly VerifiedLedger[], { confirm = [], labels }: ThresholdOptions): void {
  ledgers.forEach(({ report: { computedDataHash, entryCount } }, i) => {
    if (entryCount > 0 && ledgers.findIndex(({ report }) => report.computedDataHash === computedDataHash) < i) throw new InputError('BAD_PARAM', `ledgers must hold each ledger once, got one twice (data hash ${computedDataHash})`);
  });
  const chosenOn = new Set(ledgers.map(({ report }) => report.computedDataHash));
  const twice = confirm.find(({ report }) => chosenOn.has(report.computedDataHash));
  if (twice !== undefined) throw new InputError('BAD_PARAM', `confirm must hold other ledgers than those the threshold is chosen on, got one of them again (data hash ${twice.report.computedDataHash})`);
  if (labels === undefined) return;
  const labelled = new Set(ledgers.flatMap(({ columns }) => (columns.callIds ?? []).filter((id) => labels.has(id))));
  for (const { columns } of confirm) {
    const shared = columns.callIds?.find((id) => labelled.has(id));
    if (shared !== undefined) throw new InputError('BAD_PARAM', `confirm must hold other calls than those the threshold is chosen on, got the labelled call ${JSON.stringify(shared.slice(0, 80))} again: is it a part of the same ledger?`);
  }
}

function bootstrapOf(calls: Calls, threshold: number, options: ThresholdOptions, level: number): SessionBootstrap | null {
  const { sessions } = calls;
  return sessions === null || calls.scores.length === 0 ? null : sessionBootstrap({ ...calls, sessions }, threshold, { ...options.bootstrap, level });
}

function kindOf({ threshold }: Choice): CalibratedThreshold['kind'] {
  if (threshold === null) return 'none';
  return threshold === Infinity ? 'flag nothing' : 'threshold';
}

/**
 * Chooses a threshold on the risk score with a stated promise, and says what it rests on.
 *
 * @param ledgers - verified ledgers, pooled; read with their call ids where labels are given
 * @param options - method, rates, labels and their source; see {@link ThresholdOptions}
 * @returns the threshold, its guarantee, rates with exact limits, confirmation on other calls and what other methods would
 * have chosen; or a refusal with the n that would do
 * @throws {@link InputError} BAD_PARAM (no source, the controller's own labels unforced, weights with np or crc),
 * INVALID_LEDGER, EMPTY_LEDGER, TOO_FEW, UNSAFE_INTEGER
 * @remarks The guarantee is that of `neymanPearson` (np), `lttThreshold` (ltt) or `conformalRiskControl` (crc); cost and
 * host promise nothing. Where calls had unequal chances of being labelled only ltt holds, by Hoeffding-Bentkus. With the
 * controller's own labels nothing is promised about safety whatever the method. O(n log n).
 */
export function calibrateThreshold(ledgers: readonly VerifiedLedger[], options: ThresholdOptions): CalibratedThreshold {
  const { method, labels, split = { by: 'none' } } = options;
  requireLedgers(ledgers, options);
  requireLeast(options);
  const source = sourceOf(options);
  const matched = labels === undefined ? callsByController(ledgers) : callsOf(ledgers, labels, options.leastProbability);
  const { choosing, confirming } = splitCalls(matched.calls, split);
  const leastProbability = leastOf(options, matched);
  const material = materialOf(choosing, leastProbability, options);
  const choice = choose(method, material);
  const [used, sessions] = [countsOf(choosing), sessionsOf(choosing)];
  const guarantee = guaranteeOf({ method, targets: material.targets, choice, circular: source.circular, leastProbability, used, sessions });
  return {
    schema: THRESHOLD_SCHEMA,
    method,
    kind: kindOf(choice),
    threshold: choice.threshold === Infinity ? null : choice.threshold,
    reason: choice.reason,
    neededN: choice.neededN,
    guarantee,
    n: { labelled: countsOf(matched.calls), used, unscored: { safe: material.safe.unscored, unsafe: material.unsafe.unscored }, sessions },
    ...evidenceOf(material, choice, confirmingCalls(confirming, options, leastProbability), options),
    split: { by: split.by, share: split.share ?? 0.5, seed: split.seed ?? 1 },
    labels: { ...source, hash: labels === undefined ? null : labelSetHash(labels), leastProbability, matching: matchingOf(matched, ledgers, options) },
    sourceDataHashes: ledgers.map(({ report }) => report.computedDataHash),
  };
}

function requireLeast({ leastProbability, labels }: ThresholdOptions): void {
  if (leastProbability === undefined) return;
  if (!(leastProbability > 0 && leastProbability <= 1)) throw new InputError('BAD_PARAM', `leastProbability must be in (0, 1], got ${String(leastProbability)}`);
  if (labels === undefined) throw new InputError('BAD_PARAM', 'leastProbability goes with labels: the controller labels every call');
}

function requireLedgers(ledgers: readonly VerifiedLedger[], options: ThresholdOptions): void {
  if (ledgers.length === 0) throw new InputError('TOO_FEW', 'calibrateThreshold needs at least one ledger, got none');
  [...ledgers, ...(options.confirm ?? [])].forEach(requireUsable);
  requireApart(ledgers, options);
}

/** Labels of the ledgers that confirm are not left over. */
function matchingOf({ matching }: MatchedCalls, ledgers: readonly VerifiedLedger[], { labels, confirm = [] }: ThresholdOptions): Matching {
  if (labels === undefined || confirm.length === 0) return matching;
  const { unmatchedCount, examples } = matchCalls([...ledgers, ...confirm], labels, () => undefined);
  return { ...matching, unmatchedCount, examples: { ...matching.examples, unmatched: examples.unmatched } };
}

/** What the threshold does on the calls it was chosen on, on others, and what other thresholds do there. */
function evidenceOf(material: Material, { threshold }: Choice, other: ConfirmingCalls | null, options: ThresholdOptions): Pick<CalibratedThreshold, 'observed' | 'confirmed' | 'bootstrap' | 'alternatives'> {
  const { method, confidence: level = 0.95 } = options;
  const judged = other?.calls ?? material.calls;
  const alternatives = alternativesTo(method, material, judged, level);
  if (threshold === null) return { observed: null, confirmed: null, bootstrap: null, alternatives };
  return {
    observed: observedRates(material.calls, threshold, level),
    confirmed: other === null ? null : confirmationOf(other, threshold, material.targets, level),
    bootstrap: bootstrapOf(judged, threshold, options, level),
    alternatives,
  };
}

function confirmationOf({ calls, on, sourceDataHashes }: ConfirmingCalls, threshold: number, targets: PerRate, level: number): Confirmation {
  const rates = observedRates(calls, threshold, level);
  return { ...rates, on, verdict: verdictOf(rates, targets), sourceDataHashes };
}
