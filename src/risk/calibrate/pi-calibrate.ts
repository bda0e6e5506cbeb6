import { InputError } from '../../errors.js';
import { ACTIONS, LEDGER_SCHEMA, RISK_STATES } from '../../ledger/entry.js';
import { NOT_SAID, type LedgerColumns } from '../../ledger/columns.js';
import { requireUsable, type VerifiedLedger } from '../../ledger/report.js';
import { countFlagged, type FlagCounts } from './confusion.js';
import { clampToUnit, distinctAscending, piDefaultGrid } from './pi-grid.js';

/** What the host's calibration minimises. */
export type PiObjective = 'min_expected_loss' | 'min_false_positives' | 'balanced_accuracy';

/** Every {@link PiObjective}, in the host's order. */
export const PI_OBJECTIVES: readonly PiObjective[] = ['min_expected_loss', 'min_false_positives', 'balanced_accuracy'];

/** Parameters of the host's calibration. */
export interface PiCalibrationConfig {
  /** Default balanced_accuracy. */
  readonly objective?: PiObjective;
  /** The threshold in force; taken into [0, 1]. Default 0.65. */
  readonly baselineThreshold?: number;
  /** Candidate thresholds, any order; taken into [0, 1]. Empty or absent: {@link piDefaultGrid}. */
  readonly thresholdGrid?: Iterable<number>;
  /** Weight of a safe call flagged; below 0 and NaN count as 0. Default 1. */
  readonly falsePositiveWeight?: number;
  /** Weight of an unsafe call passed; below 0 and NaN count as 0. Default 1. */
  readonly falseNegativeWeight?: number;
}

/** One threshold judged. Field names are the host's. */
export interface PiCandidate {
  readonly threshold: number;
  readonly objective_score: number;
  readonly expected_loss: number;
  readonly false_positive_rate: number;
  readonly false_negative_rate: number;
}

/** The host's calibration report, field for field and in its order. */
export interface PiCalibration {
  readonly schema: 'pi.ext.runtime_risk_calibration.v1';
  readonly source_schema: string;
  readonly source_data_hash: string;
  readonly objective: PiObjective;
  readonly baseline_threshold: number;
  readonly recommended_threshold: number;
  readonly recommended_delta: number;
  readonly baseline: PiCandidate;
  readonly recommended: PiCandidate;
  readonly candidates: readonly PiCandidate[];
}

interface Weights {
  readonly objective: PiObjective;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/**
 * The labels the host calibrates with: a call counts as unsafe if it failed, was denied or terminated, or was called
 * unsafe. They come from the decisions under calibration, so they cannot show that a decision was wrong.
 *
 * @param columns - a ledger by column
 * @returns 1 for unsafe, 0 for safe, one a row
 * @throws {@link InputError} MISSING_FIELD naming the row and the column where a trace does not say what the labels are made of
 */
export function controllerLabels(columns: LedgerColumns): Uint8Array {
  const deny = ACTIONS.indexOf('deny');
  const unsafe = RISK_STATES.indexOf('unsafe');
  const { action, state, failed } = columns;
  for (const [name, column] of Object.entries({ decision: action, risk_state: state, outcome: failed })) {
    const row = column.indexOf(NOT_SAID);
    if (row >= 0) throw new InputError('MISSING_FIELD', `entry ${String(row)}: ${name} is not said, and the controller's own labels are made of it: only a risk ledger and its traces say it (--labels, or labels in the trace, do without)`);
  }
  return action.map((code, i) => (code >= deny || state[i] === unsafe || failed[i] === 1 ? 1 : 0));
}

/** Negative if a is below b, with NaN below everything: the host's 0 * infinity is a NaN with its sign bit set. */
function compareScores(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b || 0;
}

function judge(threshold: number, counts: FlagCounts, at: number, weights: Weights): PiCandidate {
  const truePositive = counts.truePositives[at] ?? 0;
  const falsePositive = counts.falsePositives[at] ?? 0;
  const falseNegative = counts.unsafeCount - truePositive;
  const trueNegative = counts.safeCount - falsePositive;
  const falsePositiveRate = counts.safeCount === 0 ? 0 : falsePositive / counts.safeCount;
  const falseNegativeRate = counts.unsafeCount === 0 ? 0 : falseNegative / counts.unsafeCount;
  const fp = weights.falsePositive;
  const fn = weights.falseNegative;
  const loss = falseNegative * 12 * fn + falsePositive * 3 * fp + truePositive + trueNegative * 0.2;
  const scores: Record<PiObjective, number> = {
    min_expected_loss: loss,
    min_false_positives: falsePositiveRate * fp + falseNegativeRate * fn * 0.25,
    balanced_accuracy: falsePositiveRate * fp + falseNegativeRate * fn,
  };
  return {
    threshold,
    objective_score: scores[weights.objective],
    expected_loss: loss,
    false_positive_rate: falsePositiveRate,
    false_negative_rate: falseNegativeRate,
  };
}

/** Lowest objective; of equals the one nearest the threshold in force; of those the lowest. */
function recommend(ascending: readonly PiCandidate[], inForce: number): PiCandidate | undefined {
  const distance = (c: PiCandidate): number => Math.abs(c.threshold - inForce);
  return ascending.reduce<PiCandidate | undefined>((best, candidate) => {
    if (best === undefined) return candidate;
    const order = compareScores(candidate.objective_score, best.objective_score) || distance(candidate) - distance(best);
    return order < 0 ? candidate : best;
  }, undefined);
}

const atLeastZero = (weight: number): number => (weight > 0 ? weight : 0);

/** The grid and the threshold in force judged against labels, whoever gave them. */
export function judgeGrid(
  scores: Float64Array,
  unsafe: Uint8Array,
  config: PiCalibrationConfig = {},
): { readonly baseline: PiCandidate; readonly recommended: PiCandidate; readonly candidates: readonly PiCandidate[] } {
  const objective = config.objective ?? 'balanced_accuracy';
  if (!PI_OBJECTIVES.includes(objective)) throw new InputError('BAD_PARAM', `objective must be one of ${PI_OBJECTIVES.join(', ')}, got ${objective}`);
  const weights: Weights = {
    objective,
    falsePositive: atLeastZero(config.falsePositiveWeight ?? 1),
    falseNegative: atLeastZero(config.falseNegativeWeight ?? 1),
  };
  const inForce = clampToUnit(config.baselineThreshold ?? 0.65);
  const given = Array.from(config.thresholdGrid ?? [], clampToUnit);
  const grid = distinctAscending(given.length === 0 ? [...piDefaultGrid()] : given);
  const counts = countFlagged(scores, unsafe, grid);
  const candidates = Array.from(grid, (threshold, i) => judge(threshold, counts, i, weights));
  const baseline = judge(inForce, countFlagged(scores, unsafe, Float64Array.of(inForce)), 0, weights);
  return { baseline, recommended: recommend(candidates, inForce) ?? baseline, candidates };
}

/**
 * The host's threshold calibration, number for number.
 *
 * @param ledger - a verified ledger; labels are taken from its own decisions, see {@link controllerLabels}
 * @param config - objective, threshold in force, grid and weights; see {@link PiCalibrationConfig}
 * @returns the host's report; a number that is not finite is printed as null
 * @throws {@link InputError} INVALID_LEDGER, EMPTY_LEDGER, BAD_PARAM
 * @remarks O(n log k) for n calls and k thresholds; same bits as the host. The labels are the controller's own
 * decisions, so the report says nothing about safety: use {@link calibrate} with labels from elsewhere.
 */
export function piCalibrate(ledger: VerifiedLedger, config: PiCalibrationConfig = {}): PiCalibration {
  requireUsable(ledger);
  const { columns, report } = ledger;
  const { baseline, recommended, candidates } = judgeGrid(columns.riskScore, controllerLabels(columns), config);
  return {
    schema: 'pi.ext.runtime_risk_calibration.v1',
    source_schema: report.header?.schema ?? LEDGER_SCHEMA,
    source_data_hash: report.header?.dataHash ?? report.computedDataHash,
    objective: config.objective ?? 'balanced_accuracy',
    baseline_threshold: baseline.threshold,
    recommended_threshold: recommended.threshold,
    recommended_delta: recommended.threshold - baseline.threshold,
    baseline,
    recommended,
    candidates,
  };
}
