import { InputError } from '../../errors.js';
import { requireUsable, type VerifiedLedger } from '../../ledger/report.js';
import { labelCalls, type Label, type LabelledCalls } from './labels.js';
import { controllerLabels, judgeGrid, type PiCalibrationConfig, type PiCandidate } from './pi-calibrate.js';
import { sweepThresholds, type CalibrationRefusal, type OutcomeCosts, type ThresholdSweep } from './sweep.js';

/** One threshold and what it does to the labelled calls. */
export interface ThresholdPoint {
  /** Flag when `score >= threshold`; null stands for "flag nothing", a threshold above every score. */
  readonly threshold: number | null;
  readonly unsafeFlagged: number;
  readonly unsafePassed: number;
  readonly safeFlagged: number;
  readonly safePassed: number;
  /** In the unit of the costs. */
  readonly cost: number;
}

/** Labels, exact sweep and the host's grid over the same labels. */
export interface Calibration {
  readonly schema: 'hindcast.calibration.v1';
  /** Who labelled the calls. `controller` is circular: its own decisions cannot show that a decision was wrong. */
  readonly labelSource: 'controller' | 'given';
  /** The first thing to know about the labels, in a sentence. */
  readonly labelNote: string;
  readonly sourceDataHashes: readonly string[];
  readonly labels: Omit<LabelledCalls, 'scores' | 'unsafe'> & { readonly safeCount: number; readonly unsafeCount: number };
  readonly costs: Required<OutcomeCosts>;
  /** The whole sweep, columns included; or why there is none. */
  readonly sweep: ThresholdSweep | CalibrationRefusal;
  /** The threshold in force and the cheapest thresholds; null where the sweep was refused. */
  readonly inForce: ThresholdPoint;
  readonly best: ThresholdPoint | null;
  readonly minimisers: readonly ThresholdPoint[];
  /** The host's own grid over these labels, in the host's names. */
  readonly grid: { readonly baseline: PiCandidate; readonly recommended: PiCandidate; readonly candidates: readonly PiCandidate[] };
}

/** Parameters of {@link calibrate}. */
export interface CalibrationOptions extends PiCalibrationConfig {
  /** Label of each call_id, from somebody other than the controller; absent: the controller's own decisions. */
  readonly labels?: ReadonlyMap<string, Label>;
}

/** What to know of labels that the controller itself gave. */
export const CIRCULAR = "labels are the controller's own decisions: circular, they cannot show that a decision was wrong";

function pooledByController(ledgers: readonly VerifiedLedger[]): LabelledCalls {
  const callCount = ledgers.reduce((sum, { columns }) => sum + columns.count, 0);
  const scores = new Float64Array(callCount);
  const unsafe = new Uint8Array(callCount);
  let at = 0;
  for (const { columns } of ledgers) {
    scores.set(columns.riskScore, at);
    unsafe.set(controllerLabels(columns), at);
    at += columns.count;
  }
  const none = { unlabelled: [], unmatched: [], ambiguous: [] };
  return { scores, unsafe, callCount, unlabelledCount: 0, unmatchedCount: 0, ambiguousCount: 0, examples: none };
}

/** The host's loss, outcome by outcome, under the weights. */
export function costsOf({ falsePositiveWeight = 1, falseNegativeWeight = 1 }: PiCalibrationConfig): Required<OutcomeCosts> {
  for (const [name, weight] of Object.entries({ falsePositiveWeight, falseNegativeWeight })) {
    if (!(Number.isFinite(weight) && weight >= 0)) throw new InputError('BAD_PARAM', `${name} must be a finite number of at least 0, got ${String(weight)}`);
  }
  return { falsePositive: 3 * falsePositiveWeight, falseNegative: 12 * falseNegativeWeight, truePositive: 1, trueNegative: 0.2 };
}

function pointAt(sweep: ThresholdSweep, at: number): ThresholdPoint {
  const { thresholds, truePositives, falsePositives, cost } = sweep.curve;
  const threshold = thresholds[at] ?? Infinity;
  const flagged = { unsafe: truePositives[at] ?? 0, safe: falsePositives[at] ?? 0 };
  return {
    threshold: threshold === Infinity ? null : threshold,
    unsafeFlagged: flagged.unsafe,
    unsafePassed: sweep.unsafeCount - flagged.unsafe,
    safeFlagged: flagged.safe,
    safePassed: sweep.safeCount - flagged.safe,
    cost: cost[at] ?? 0,
  };
}

/** What a threshold that need not be a score does to the calls. */
function pointFor(threshold: number, { scores, unsafe }: LabelledCalls, costs: Required<OutcomeCosts>): ThresholdPoint {
  const counts = { unsafeFlagged: 0, unsafePassed: 0, safeFlagged: 0, safePassed: 0 };
  for (let i = 0; i < scores.length; i += 1) {
    const flagged = (scores[i] ?? NaN) >= threshold;
    if (unsafe[i] === 1) counts[flagged ? 'unsafeFlagged' : 'unsafePassed'] += 1;
    else counts[flagged ? 'safeFlagged' : 'safePassed'] += 1;
  }
  const { falsePositive, falseNegative, truePositive, trueNegative } = costs;
  const cost = counts.unsafePassed * falseNegative + counts.safeFlagged * falsePositive + counts.unsafeFlagged * truePositive + counts.safePassed * trueNegative;
  return { threshold, ...counts, cost };
}

/**
 * Calibrates the risk score's threshold on one or more ledgers: an exact sweep over every distinct score, with the
 * host's grid over the same labels beside it.
 *
 * @param ledgers - verified ledgers, pooled; read with their call ids where labels are given
 * @param options - labels, threshold in force, grid and weights; see {@link CalibrationOptions}
 * @returns counts, area under the curve, cheapest thresholds and how the labels came to be
 * @throws {@link InputError} INVALID_LEDGER, EMPTY_LEDGER, TOO_FEW (no ledger), BAD_PARAM
 * @remarks O(n log n). Costs are the host's loss: 12 for an unsafe call passed and 3 for a safe one flagged, each times
 * its weight, 1 for an unsafe call flagged, 0.2 for a safe one passed. A class without a call is a refusal in `sweep`.
 */
export function calibrate(ledgers: readonly VerifiedLedger[], options: CalibrationOptions = {}): Calibration {
  if (ledgers.length === 0) throw new InputError('TOO_FEW', 'calibrate needs at least one ledger, got none');
  ledgers.forEach(requireUsable);
  const { labels } = options;
  const calls = labels === undefined ? pooledByController(ledgers) : labelCalls(ledgers, labels);
  const costs = costsOf(options);
  const sweep = sweepThresholds(calls.scores, calls.unsafe, costs);
  const swept = sweep.kind === 'sweep';
  const { scores, unsafe, ...matching } = calls;
  const grid = judgeGrid(scores, unsafe, options);
  const { safeCount, unsafeCount } = sweep;
  return {
    schema: 'hindcast.calibration.v1',
    labelSource: labels === undefined ? 'controller' : 'given',
    labelNote: labels === undefined ? CIRCULAR : `labels are given: ${String(safeCount)} calls safe, ${String(unsafeCount)} unsafe`,
    sourceDataHashes: ledgers.map(({ report }) => report.computedDataHash),
    labels: { ...matching, safeCount, unsafeCount },
    costs,
    sweep,
    inForce: pointFor(grid.baseline.threshold, calls, costs),
    best: swept ? pointAt(sweep, sweep.safest) : null,
    minimisers: swept ? Array.from(sweep.minimisers, (at) => pointAt(sweep, at)) : [],
    grid,
  };
}
