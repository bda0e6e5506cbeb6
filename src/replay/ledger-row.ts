import { ACTIONS, LEDGER_SCHEMA, RISK_STATES, type LedgerEntry } from '../ledger/entry.js';
import type { Kernel } from '../ledger/kernel.js';
import { classOfCapability, hostCapability, hostError, outcomeOfError } from '../trace/import/meanings.js';
import { hashOfText } from '../trace/import/redacted.js';
import type { RecordPlace } from '../trace/import/line-records.js';
import { millisecondsOrNull } from '../trace/import/record.js';
import type { TraceRow } from '../trace/row.js';
import { TRACE_FLAGS, type TraceDecision, type TraceRiskState } from '../trace/words.js';

/** What of an entry goes into the table. */
interface EntryFacts {
  readonly tsMs: number | bigint;
  readonly actor: string;
  readonly callId: string;
  readonly capability: string;
  readonly method: string;
  readonly paramsHash: string;
  readonly reason: string;
  readonly riskScore: number | null;
  readonly decision: TraceDecision;
  readonly riskState: TraceRiskState;
  readonly error: string | null;
  readonly ledgerHash: string;
}

function rowOfFacts(facts: EntryFacts, { file, row }: RecordPlace, broken: boolean): TraceRow {
  const capability = hostCapability(facts.capability);
  const errorCode = hostError(facts.error);
  const args = hashOfText(facts.paramsHash, 'params_hash');
  // What no verified entry can have, a broken one may: its rows are imported all the same.
  const own = !broken || /^[0-9a-f]{64}$/i.test(facts.ledgerHash) ? facts.ledgerHash : null;
  return {
    ts: millisecondsOrNull(facts.tsMs, 'ts_ms'),
    ts_res_us: 1000,
    host: 'pi_agent_rust',
    source: LEDGER_SCHEMA,
    actor: facts.actor,
    call_id: facts.callId,
    phase: 'call',
    capability,
    native_capability: facts.capability,
    method: facts.method,
    resource_class: classOfCapability(capability),
    args_hash: args.hash,
    outcome: outcomeOfError(errorCode),
    error_code: errorCode,
    native_error: facts.error,
    decision: facts.decision,
    decision_reason: facts.reason,
    risk_score: facts.riskScore,
    risk_state: facts.riskState,
    chain_hash: own,
    // The host stamps a call when it ends.
    flags: TRACE_FLAGS.TS_IS_END | args.flag | (broken ? TRACE_FLAGS.CHAIN_BROKEN : 0),
    source_file: file,
    source_row: row,
  };
}

/**
 * The row of an entry that was parsed.
 *
 * @param broken - whether the chain does not hold at it
 * @throws {@link InputError} where a value does not fit the table
 */
export function rowOfEntry(entry: LedgerEntry, place: RecordPlace, broken: boolean): TraceRow {
  return rowOfFacts({
    tsMs: entry.ts_ms,
    actor: entry.extension_id,
    callId: entry.call_id,
    capability: entry.capability,
    method: entry.method,
    paramsHash: entry.params_hash,
    reason: entry.triggers[0] ?? entry.policy_reason,
    riskScore: entry.risk_score,
    decision: entry.selected_action,
    riskState: entry.derived_state,
    error: entry.outcome_error_code,
    ledgerHash: entry.ledger_hash,
  }, place, broken);
}

/** Where the kernel keeps the fields that a row is made of. */
type Slots = Readonly<Record<'ts' | 'actor' | 'call' | 'capability' | 'method' | 'params' | 'policy' | 'triggers' | 'score' | 'action' | 'state' | 'error' | 'hash', number>>;

function slotsOf({ slot }: Kernel): Slots {
  return {
    ts: slot('ts_ms'),
    actor: slot('extension_id'),
    call: slot('call_id'),
    capability: slot('capability'),
    method: slot('method'),
    params: slot('params_hash'),
    policy: slot('policy_reason'),
    triggers: slot('triggers'),
    score: slot('risk_score'),
    action: slot('selected_action'),
    state: slot('derived_state'),
    error: slot('outcome_error_code'),
    hash: slot('ledger_hash'),
  };
}

/** Text of a string whose bytes lie between its quotes, escapes and all. */
function textBetween(memory: Buffer, start: number, end: number): string {
  const text = memory.toString('latin1', start, end);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5c || unit > 0x7f) return JSON.parse(`"${memory.toString('utf8', start, end)}"`) as string;
  }
  return text;
}

function textIn({ memory, spans }: Kernel, slot: number): string {
  return textBetween(memory, spans[slot] ?? 0, spans[slot + 1] ?? 0);
}

/** The string or null that a span holds, quotes and all. */
function nullableIn({ memory, spans }: Kernel, slot: number): string | null {
  const start = spans[slot] ?? 0;
  return memory[start] === 0x22 ? textBetween(memory, start + 1, (spans[slot + 1] ?? 0) - 1) : null;
}

/** The first string of a list whose span is what lies between its brackets. */
function firstIn({ memory, spans }: Kernel, slot: number): string | null {
  const [start = 0, end = 0] = [spans[slot], spans[slot + 1]];
  if (memory[start] !== 0x22 || start >= end) return null;
  let close = start + 1;
  while (close < end && memory[close] !== 0x22) close += memory[close] === 0x5c ? 2 : 1;
  return textBetween(memory, start + 1, close);
}

function integerIn({ memory, spans }: Kernel, slot: number): number | bigint {
  const text = memory.toString('latin1', spans[slot] ?? 0, spans[slot + 1] ?? 0);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The kernel leaves a double open where one rounding would not give it; null stays null. */
function floatIn({ memory, spans, values }: Kernel, slot: number): number | null {
  const value = values[slot / 2 + 1] ?? NaN;
  if (!Number.isNaN(value)) return value;
  return memory[spans[slot] ?? 0] === 0x6e ? null : Number(memory.toString('latin1', spans[slot] ?? 0, spans[slot + 1] ?? 0));
}

/**
 * Starts making rows of entries that the kernel proved: field by field out of its memory, nothing is parsed.
 *
 * @returns the row of the entry proved last; throws as {@link rowOfEntry}
 */
export function provenRows(): (kernel: Kernel, place: RecordPlace) => TraceRow {
  let slots: Slots | null = null;
  return (kernel, place) => {
    const at = (slots ??= slotsOf(kernel));
    return rowOfFacts({
      tsMs: integerIn(kernel, at.ts),
      actor: textIn(kernel, at.actor),
      callId: textIn(kernel, at.call),
      capability: textIn(kernel, at.capability),
      method: textIn(kernel, at.method),
      paramsHash: textIn(kernel, at.params),
      reason: firstIn(kernel, at.triggers) ?? textIn(kernel, at.policy),
      riskScore: floatIn(kernel, at.score),
      decision: ACTIONS[kernel.values[at.action / 2 + 1] ?? 0] ?? 'none',
      riskState: RISK_STATES[kernel.values[at.state / 2 + 1] ?? 0] ?? 'unsafe',
      error: nullableIn(kernel, at.error),
      ledgerHash: textIn(kernel, at.hash),
    }, place, false);
  };
}
