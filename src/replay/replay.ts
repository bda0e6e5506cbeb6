import { InputError } from '../errors.js';
import { LEDGER_SCHEMA, type Action, type BudgetState, type Contributor, type ExplanationLevel, type Float, type Ledger, type LedgerEntry, type RiskState } from '../ledger/entry.js';
import { requireUsable, type VerificationReport } from '../ledger/report.js';
import { verifiedLedger } from '../ledger/verify.js';

/** Schema text of the host's replay artifact. */
export const REPLAY_SCHEMA = 'pi.ext.runtime_risk_replay.v1';

/** One decision as the host's replay shows it; names and order are the host's. */
export interface ReplayStep {
  readonly index: number;
  readonly call_id: string;
  readonly extension_id: string;
  readonly capability: string;
  readonly method: string;
  readonly policy_reason: string;
  readonly selected_action: Action;
  readonly derived_state: RiskState;
  readonly risk_score: Float;
  /** The entry's triggers. */
  readonly reason_codes: readonly string[];
  readonly explanation_level: ExplanationLevel;
  readonly explanation_summary: string;
  readonly top_contributors: readonly Contributor[];
  readonly budget_state: BudgetState;
  readonly fallback_reason: string | null;
  readonly drift_detected: boolean;
  readonly e_process: Float;
  readonly e_threshold: Float;
  readonly conformal_residual: Float;
  readonly conformal_quantile: Float;
  readonly ledger_hash: string;
  readonly prev_ledger_hash: string | null;
}

/** The host's replay artifact around its steps. */
export interface ReplayHeader {
  readonly schema: string;
  readonly source_schema: string;
  readonly source_data_hash: string;
  readonly entry_count: number;
  readonly tail_ledger_hash: string | null;
}

/** The host's replay artifact. Print it with `printArtifact`. */
export interface ReplayArtifact extends ReplayHeader {
  readonly steps: readonly ReplayStep[];
}

/**
 * The host's replay artifact: a projection of a ledger that verifies. Nothing is recomputed;
 * {@link recomputeLedger} does that.
 *
 * @param ledger - an artifact in memory; JSON Lines will do, its data hash being computed
 * @throws {@link InputError} INVALID_LEDGER, naming at most the first three faults. An empty ledger is fine.
 * @remarks O(n).
 * @example
 * ```ts
 * replayLedger(sealLedger([], { generatedAtMs: 0n })).steps; // => []
 * ```
 */
export function replayLedger(ledger: Ledger): ReplayArtifact {
  const verified = verifiedLedger(ledger);
  if (verified.report.entryCount > 0 || !verified.report.consistent) requireUsable(verified);
  return { ...replayHeader(verified.report), steps: ledger.entries.map(replayStep) };
}

/**
 * The replay artifact's own fields, for writing one from a stream.
 *
 * @param report - of a ledger found consistent
 * @throws {@link InputError} INVALID_LEDGER if a fault was found
 */
export function replayHeader(report: VerificationReport): ReplayHeader {
  if (!report.consistent) throw new InputError('INVALID_LEDGER', 'the ledger does not verify');
  return {
    schema: REPLAY_SCHEMA,
    source_schema: LEDGER_SCHEMA,
    source_data_hash: report.computedDataHash,
    entry_count: report.entryCount,
    tail_ledger_hash: report.lastHash,
  };
}

/** One entry as the host's replay shows it. */
export function replayStep(entry: LedgerEntry, index: number): ReplayStep {
  return {
    index,
    call_id: entry.call_id,
    extension_id: entry.extension_id,
    capability: entry.capability,
    method: entry.method,
    policy_reason: entry.policy_reason,
    selected_action: entry.selected_action,
    derived_state: entry.derived_state,
    risk_score: entry.risk_score,
    reason_codes: entry.triggers,
    explanation_level: entry.explanation_level,
    explanation_summary: entry.explanation_summary,
    top_contributors: entry.top_contributors,
    budget_state: entry.budget_state,
    fallback_reason: entry.fallback_reason,
    drift_detected: entry.drift_detected,
    e_process: entry.e_process,
    e_threshold: entry.e_threshold,
    conformal_residual: entry.conformal_residual,
    conformal_quantile: entry.conformal_quantile,
    ledger_hash: entry.ledger_hash,
    prev_ledger_hash: entry.prev_ledger_hash,
  };
}
