import { ACTIONS, RISK_STATES, type LedgerEntry } from './entry.js';

/** Distinct strings of a column and, per row, the index of its string. */
export interface DictionaryColumn {
  /** Distinct values in order of first appearance. */
  readonly values: readonly string[];
  /** Index into `values`, one per row. */
  readonly codes: Int32Array;
}

/** Code in {@link LedgerColumns} of what a source other than a ledger does not say. */
export const NOT_SAID = 255;

/**
 * What statistics need of a ledger, one typed array a field, in ledger order. Every array has `count` rows.
 */
export interface LedgerColumns {
  readonly count: number;
  /** Milliseconds since the epoch; NaN where the integer does not fit a double exactly. */
  readonly tsMs: Float64Array;
  /** Risk score; NaN where the ledger holds null. */
  readonly riskScore: Float64Array;
  readonly actor: DictionaryColumn;
  readonly capability: DictionaryColumn;
  /** Index into {@link ACTIONS}; {@link NOT_SAID} where a trace has none of them. */
  readonly action: Uint8Array;
  /** Index into {@link RISK_STATES}; {@link NOT_SAID} where a trace has none. */
  readonly state: Uint8Array;
  /** 1 where outcome_error_code is not null; {@link NOT_SAID} where a trace does not say how the call ended. */
  readonly failed: Uint8Array;
  /** call_id per row; null when they were not asked for. */
  readonly callIds: readonly string[] | null;
}

/** A growing {@link DictionaryColumn}. */
function dictionary(rows: readonly LedgerEntry[], of: (entry: LedgerEntry) => string): DictionaryColumn {
  const index = new Map<string, number>();
  const codes = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const value = of(row);
    let code = index.get(value);
    if (code === undefined) index.set(value, (code = index.size));
    codes[i] = code;
  });
  return { values: [...index.keys()], codes };
}

/** Lays entries out by column. O(n). */
export function columnsOf(entries: readonly LedgerEntry[]): LedgerColumns {
  return {
    count: entries.length,
    tsMs: Float64Array.from(entries, (e) => (Number.isSafeInteger(Number(e.ts_ms)) ? Number(e.ts_ms) : NaN)),
    riskScore: Float64Array.from(entries, (e) => e.risk_score ?? NaN),
    actor: dictionary(entries, (e) => e.extension_id),
    capability: dictionary(entries, (e) => e.capability),
    action: Uint8Array.from(entries, (e) => ACTIONS.indexOf(e.selected_action)),
    state: Uint8Array.from(entries, (e) => RISK_STATES.indexOf(e.derived_state)),
    failed: Uint8Array.from(entries, (e) => (e.outcome_error_code === null ? 0 : 1)),
    callIds: entries.map((e) => e.call_id),
  };
}
