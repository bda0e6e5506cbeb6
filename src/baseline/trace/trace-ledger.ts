import { InputError } from '../../errors.js';
import type { LedgerColumns } from '../../ledger/columns.js';
import { RISK_STATES } from '../../ledger/entry.js';
import type { VerifiedLedger } from '../../ledger/report.js';
import { codes, numbers, textAt, type TraceChunk } from '../../trace/chunk.js';
import { TRACE_FLAGS, TRACE_RISK_STATES } from '../../trace/words.js';

/** What is known of a trace as a whole. */
export interface TraceIdentity {
  /** SHA-256 of its bytes in hexadecimal digits. */
  readonly dataHash: string;
  /** Whether to keep the calls' ids. Default false. */
  readonly callIds?: boolean;
}

/** Columns being filled. */
interface Rows {
  readonly tsMs: number[];
  readonly riskScore: number[];
  readonly actor: number[];
  readonly capability: number[];
  readonly state: number[];
  readonly failed: number[];
  readonly callIds: string[];
}

/** The host's risk state for each of the trace's. */
const STATES = TRACE_RISK_STATES.map((word) => RISK_STATES.indexOf(word));

function timeAt(ts: number, at: string): number {
  if (Number.isNaN(ts)) throw new InputError('MISSING_FIELD', `${at}: ts is null, and a baseline needs times`);
  return Math.floor(ts / 1000);
}

/** 1 where a call failed. */
function failedAt(chunk: TraceChunk, row: number, at: string): number {
  if (textAt(chunk, 'error_code', row) !== null) return 1;
  const outcome = textAt(chunk, 'outcome', row);
  if (outcome === 'unknown') throw new InputError('MISSING_FIELD', `${at}: how the call ended is not known, and a baseline needs error rates`);
  return outcome === 'success' ? 0 : 1;
}

function stateAt(code: number, at: string): number {
  const state = STATES[code];
  if (state === undefined) throw new InputError('MISSING_FIELD', `${at}: risk_state is null, and a baseline needs the host's risk states: only a ledger's trace has them`);
  return state;
}

/** Codes by text, in order of first appearance. */
function namer(): { readonly codeOf: (text: string) => number; readonly values: () => string[] } {
  const index = new Map<string, number>();
  return {
    codeOf: (text) => {
      const known = index.get(text);
      if (known !== undefined) return known;
      index.set(text, index.size);
      return index.size - 1;
    },
    values: () => [...index.keys()],
  };
}

type Namers = Readonly<Record<'actor' | 'capability', ReturnType<typeof namer>>>;

/** Refuses what was imported from a ledger that does not verify. */
function requireUnbroken(flags: number, at: string): void {
  if ((flags & TRACE_FLAGS.CHAIN_BROKEN) !== 0) throw new InputError('INVALID_LEDGER', `${at}: the ledger that the trace was imported from does not verify here (flag CHAIN_BROKEN)`);
}

function addNames(rows: Rows, chunk: TraceChunk, row: number, { actor, capability }: Namers): void {
  rows.actor.push(actor.codeOf(textAt(chunk, 'actor', row) ?? ''));
  rows.capability.push(capability.codeOf(textAt(chunk, 'native_capability', row) ?? textAt(chunk, 'capability', row) ?? ''));
}

function addChunk(rows: Rows, chunk: TraceChunk, names: Namers, callIds: boolean): void {
  const [times, scores, flags] = [numbers(chunk, 'ts'), numbers(chunk, 'risk_score'), numbers(chunk, 'flags')];
  const [states, phases] = [codes(chunk, 'risk_state').codes, codes(chunk, 'phase')];
  for (let row = 0; row < chunk.rows; row += 1) {
    if (phases.values[phases.codes[row] ?? -1] !== 'call') continue;
    const at = `entry ${String(rows.tsMs.length)}`;
    requireUnbroken(flags[row] ?? 0, at);
    rows.tsMs.push(timeAt(times[row] ?? NaN, at));
    rows.riskScore.push(scores[row] ?? NaN);
    rows.state.push(stateAt(states[row] ?? -1, at));
    rows.failed.push(failedAt(chunk, row, at));
    addNames(rows, chunk, row, names);
    if (callIds) rows.callIds.push(textAt(chunk, 'call_id', row) ?? '');
  }
}

function columnsOf({ tsMs, riskScore, actor, capability, state, failed, callIds }: Rows, names: Namers, keepIds: boolean): LedgerColumns {
  return {
    count: tsMs.length,
    tsMs: Float64Array.from(tsMs),
    riskScore: Float64Array.from(riskScore),
    actor: { values: names.actor.values(), codes: Int32Array.from(actor) },
    capability: { values: names.capability.values(), codes: Int32Array.from(capability) },
    action: new Uint8Array(tsMs.length),
    state: Uint8Array.from(state),
    failed: Uint8Array.from(failed),
    callIds: keepIds ? callIds : null,
  };
}

/**
 * The calls of a trace in the columns that baselines, drift and calibration are computed from.
 *
 * @throws {@link InputError} MISSING_FIELD naming entry and column where the trace lacks what they need: times, outcomes, and the
 * host's risk states; INVALID_LEDGER where a row came from a ledger that does not verify
 * @remarks O(rows). Capabilities go by the host's own word where the trace has it, times in whole milliseconds, as in ledgers: the
 * trace of a ledger gives what the ledger gives. What a trace says is not sealed: it is known by the hash of its bytes, and
 * `consistent` says only that no row is marked as coming from a broken chain. Actions are not read.
 */
export function traceLedger(chunks: Iterable<TraceChunk>, { dataHash, callIds = false }: TraceIdentity): VerifiedLedger {
  const rows: Rows = { tsMs: [], riskScore: [], actor: [], capability: [], state: [], failed: [], callIds: [] };
  const names: Namers = { actor: namer(), capability: namer() };
  for (const chunk of chunks) addChunk(rows, chunk, names, callIds);
  const columns = columnsOf(rows, names, callIds);
  return {
    columns,
    report: {
      form: 'json-lines', header: null, entryCount: columns.count, firstHash: null, lastHash: null, computedDataHash: dataHash, consistent: true, faultCount: 0,
      faults: [], possibleCutAtFront: false, writer: 'neither', ownSpellingCount: 0, reformattedCount: 0, unknownFields: [],
    },
  };
}
