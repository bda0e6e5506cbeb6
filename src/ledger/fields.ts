import { ACTIONS, EXPLANATION_LEVELS, RISK_STATES } from './entry.js';

/** What a field holds. `float` may be null (not finite); `nullable` is a string or null, and may be absent. */
export type FieldKind =
  | { readonly type: 'string' | 'float' | 'boolean' | 'nullable' }
  | { readonly type: 'integer'; readonly min: bigint; readonly max: bigint }
  | { readonly type: 'enum'; readonly words: readonly string[] }
  | { readonly type: 'list'; readonly item: FieldKind }
  | { readonly type: 'record'; readonly fields: readonly FieldSpec[] };

/** A field of the ledger format. */
export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  /** Name inside the hash payload where it differs. */
  readonly payloadName?: string;
  /** JSON text that stands in when the field is absent; it enters the hash. */
  readonly fallback?: string;
}

const text: FieldKind = { type: 'string' };
const float: FieldKind = { type: 'float' };
const flag: FieldKind = { type: 'boolean' };
const nullable: FieldKind = { type: 'nullable' };
const i64: FieldKind = { type: 'integer', min: -(2n ** 63n), max: 2n ** 63n - 1n };
const u64: FieldKind = { type: 'integer', min: 0n, max: 2n ** 64n - 1n };

function floats(...names: string[]): FieldKind {
  return { type: 'record', fields: names.map((name) => ({ name, kind: float })) };
}

const posterior: FieldKind = {
  type: 'record',
  fields: [{ name: 'safe_fast', kind: float }, { name: 'suspicious', kind: float }, { name: 'unsafe', kind: float, payloadName: 'unsafe_' }],
};

const contributor: FieldKind = {
  type: 'record',
  fields: [
    { name: 'code', kind: text },
    { name: 'signed_impact', kind: float },
    { name: 'magnitude', kind: float },
    { name: 'rationale', kind: text },
  ],
};

const budget: FieldKind = {
  type: 'record',
  fields: [
    { name: 'time_budget_ms', kind: u64, fallback: '2' },
    { name: 'elapsed_ms', kind: u64, fallback: '0' },
    { name: 'term_budget', kind: u64, fallback: '12' },
    { name: 'terms_emitted', kind: u64, fallback: '0' },
    { name: 'exhausted', kind: flag, fallback: 'false' },
    { name: 'fallback_mode', kind: flag, fallback: 'false' },
  ],
};

/** Fields of an entry that the hash covers, in the order the host writes and hashes them. */
export const PAYLOAD_FIELDS: readonly FieldSpec[] = [
  { name: 'ts_ms', kind: i64 },
  { name: 'extension_id', kind: text },
  { name: 'call_id', kind: text },
  { name: 'capability', kind: text },
  { name: 'method', kind: text },
  { name: 'params_hash', kind: text },
  { name: 'policy_reason', kind: text },
  { name: 'risk_score', kind: float },
  { name: 'posterior', kind: posterior },
  { name: 'expected_loss', kind: floats('allow', 'harden', 'deny', 'terminate') },
  { name: 'selected_action', kind: { type: 'enum', words: ACTIONS } },
  { name: 'derived_state', kind: { type: 'enum', words: RISK_STATES } },
  { name: 'triggers', kind: { type: 'list', item: text } },
  { name: 'fallback_reason', kind: nullable },
  { name: 'e_process', kind: float },
  { name: 'e_threshold', kind: float },
  { name: 'conformal_residual', kind: float },
  { name: 'conformal_quantile', kind: float },
  { name: 'drift_detected', kind: flag },
  { name: 'outcome_error_code', kind: nullable },
  { name: 'explanation_schema', kind: text, fallback: '"pi.ext.runtime_risk_explanation.v1"' },
  { name: 'explanation_level', kind: { type: 'enum', words: EXPLANATION_LEVELS }, fallback: '"standard"' },
  { name: 'explanation_summary', kind: text, fallback: '""' },
  { name: 'top_contributors', kind: { type: 'list', item: contributor }, fallback: '[]' },
  { name: 'budget_state', kind: budget, fallback: '{}' },
];

/** The two fields that bind an entry into the chain, after the payload's. */
export const CHAIN_FIELDS: readonly FieldSpec[] = [
  { name: 'ledger_hash', kind: text },
  { name: 'prev_ledger_hash', kind: nullable },
];

/** Fields of the artifact around its entries, in the host's order; `entries` comes last. */
export const HEADER_FIELDS: readonly FieldSpec[] = [
  { name: 'schema', kind: text },
  { name: 'generated_at_ms', kind: i64 },
  { name: 'entry_count', kind: u64 },
  { name: 'head_ledger_hash', kind: nullable },
  { name: 'tail_ledger_hash', kind: nullable },
  { name: 'data_hash', kind: text },
];
