/** A double as a ledger holds it: `null` stands for NaN and the infinities, which JSON cannot spell. */
export type Float = number | null;

/** What the controller chose to do with a call, mildest first. */
export type Action = 'allow' | 'harden' | 'deny' | 'terminate';

/** The controller's verdict on the actor at one call. */
export type RiskState = 'safe_fast' | 'suspicious' | 'unsafe';

/** How much of its reasoning the controller wrote down. */
export type ExplanationLevel = 'compact' | 'standard' | 'full';

/** {@link Action}s in order of severity; an index into it is the code used in columns. */
export const ACTIONS: readonly Action[] = ['allow', 'harden', 'deny', 'terminate'];

/** {@link RiskState}s in order of severity; an index into it is the code used in columns and Markov matrices. */
export const RISK_STATES: readonly RiskState[] = ['safe_fast', 'suspicious', 'unsafe'];

/** {@link ExplanationLevel}s, shortest first. */
export const EXPLANATION_LEVELS: readonly ExplanationLevel[] = ['compact', 'standard', 'full'];

/** Schema text of the risk ledger. */
export const LEDGER_SCHEMA = 'pi.ext.runtime_risk_ledger.v1';

/** Probability of each {@link RiskState}. */
export interface Posterior {
  readonly safe_fast: Float;
  readonly suspicious: Float;
  readonly unsafe: Float;
}

/** Expected loss of each {@link Action}. */
export interface ExpectedLoss {
  readonly allow: Float;
  readonly harden: Float;
  readonly deny: Float;
  readonly terminate: Float;
}

/** One term of an explanation. */
export interface Contributor {
  readonly code: string;
  readonly signed_impact: Float;
  readonly magnitude: Float;
  readonly rationale: string;
}

/** What the explanation was allowed to cost and what it did cost. Times in milliseconds. */
export interface BudgetState {
  readonly time_budget_ms: bigint;
  readonly elapsed_ms: bigint;
  readonly term_budget: bigint;
  readonly terms_emitted: bigint;
  readonly exhausted: boolean;
  readonly fallback_mode: boolean;
}

/**
 * One decision of the controller, field for field as the host writes it (names and order are the host's).
 * Integers are `bigint` because the host's i64 and u64 do not fit a double.
 */
export interface UnsealedEntry {
  readonly ts_ms: bigint;
  readonly extension_id: string;
  readonly call_id: string;
  readonly capability: string;
  readonly method: string;
  readonly params_hash: string;
  readonly policy_reason: string;
  readonly risk_score: Float;
  readonly posterior: Posterior;
  readonly expected_loss: ExpectedLoss;
  readonly selected_action: Action;
  readonly derived_state: RiskState;
  readonly triggers: readonly string[];
  readonly fallback_reason: string | null;
  readonly e_process: Float;
  readonly e_threshold: Float;
  readonly conformal_residual: Float;
  readonly conformal_quantile: Float;
  readonly drift_detected: boolean;
  readonly outcome_error_code: string | null;
  readonly explanation_schema: string;
  readonly explanation_level: ExplanationLevel;
  readonly explanation_summary: string;
  readonly top_contributors: readonly Contributor[];
  readonly budget_state: BudgetState;
}

/** An {@link UnsealedEntry} bound into the hash chain. */
export interface LedgerEntry extends UnsealedEntry {
  /** Hex SHA-256 of this entry's payload, chained to the one before. */
  readonly ledger_hash: string;
  /** `ledger_hash` of the entry before; null where the chain starts. */
  readonly prev_ledger_hash: string | null;
}

/** The artifact's own fields around its entries. Only the hashes of the entries are covered by a hash. */
export interface LedgerHeader {
  readonly schema: string;
  readonly generated_at_ms: bigint;
  readonly entry_count: bigint;
  readonly head_ledger_hash: string | null;
  readonly tail_ledger_hash: string | null;
  readonly data_hash: string;
}

/** A whole ledger in memory. `header` is null for JSON Lines, which has none. */
export interface Ledger {
  readonly header: LedgerHeader | null;
  readonly entries: readonly LedgerEntry[];
}
