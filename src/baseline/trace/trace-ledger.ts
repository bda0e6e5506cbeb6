import { InputError } from '../../errors.js';
import { NOT_SAID, type LedgerColumns } from '../../ledger/columns.js';
import { ACTIONS, RISK_STATES } from '../../ledger/entry.js';
import type { VerifiedLedger } from '../../ledger/report.js';
import { groupNameAt } from './group-name.js';
import { codes, numbers, textAt, type TraceChunk } from '../../trace/chunk.js';
import { TRACE_DECISIONS, TRACE_FLAGS, TRACE_RISK_STATES } from '../../trace/words.js';

/** What is known of a trace as a whole. */
export interface TraceIdentity {
  /** SHA-256 of its bytes in hexadecimal digits. */
  readonly dataHash: string;
  /** Whether to keep the calls' ids, or to name the calls by their places (`traceCallName`). Default false. */
  readonly callIds?: boolean | 'places';
  /** Whether times and outcomes may be missing: what they are needed for refuses them then. Default false. */
  readonly partial?: boolean;
}

/** Columns being filled. */
interface Rows {
  readonly tsMs: number[];
  readonly riskScore: number[];
  readonly actor: number[];
  readonly capability: number[];
  readonly state: number[];
  readonly action: number[];
  readonly failed: number[];
  readonly callIds: string[];
}

/** The host's code for each of the trace's; a code that is none is not said. */
const codesOf = (words: readonly string[], own: readonly string[]): readonly number[] => words.map((word) => (own.includes(word) ? own.indexOf(word) : NOT_SAID));

const STATES = codesOf(TRACE_RISK_STATES, RISK_STATES);
const DECISIONS = codesOf(TRACE_DECISIONS, ACTIONS);

/** Names a call by its place among the calls of a trace, for traces whose calls have no ids. */
export function traceCallName(dataHash: string, place: number): string {
  return `${dataHash}:${String(place)}`;
}

function timeAt(ts: number, at: string, partial: boolean): number {
  if (Number.isNaN(ts) && partial) return NaN;
  if (Number.isNaN(ts)) throw new InputError('MISSING_FIELD', `${at}: ts is null, and a baseline needs times`);
  return Math.floor(ts / 1000);
}

/** 1 where a call failed. */
function failedAt(chunk: TraceChunk, row: number, at: string, partial: boolean): number {
  if (textAt(chunk, 'error_code', row) !== null) return 1;
  const outcome = textAt(chunk, 'outcome', row);
  if (outcome === 'unknown' && partial) return NOT_SAID;
  if (outcome === 'unknown') throw new InputError('MISSING_FIELD', `${at}: outcome is unknown, and a baseline needs error rates`);
  return outcome === 'success' ? 0 : 1;
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
  rows.capability.push(capability.codeOf(groupNameAt(chunk, row, textAt(chunk, 'capability', row) ?? 'unknown')));
}

/** What names a row's call; undefined where no names are kept. */
function callNamer(chunk: TraceChunk, { dataHash, callIds = false }: TraceIdentity): (row: number, place: number) => string | undefined {
  if (callIds === 'places') return (_, place) => traceCallName(dataHash, place);
  return callIds ? (row) => textAt(chunk, 'call_id', row) ?? '' : () => undefined;
}

/** What gives the host's code of a word in a row. */
function codeReader(chunk: TraceChunk, name: 'risk_state' | 'decision', own: readonly number[]): (row: number) => number {
  const { codes: of } = codes(chunk, name);
  return (row) => own[of[row] ?? -1] ?? NOT_SAID;
}

function addChunk(rows: Rows, chunk: TraceChunk, names: Namers, identity: TraceIdentity): void {
  const { partial = false } = identity;
  const [times, scores, flags] = [numbers(chunk, 'ts'), numbers(chunk, 'risk_score'), numbers(chunk, 'flags')];
  const [stateOf, actionOf, nameOf] = [codeReader(chunk, 'risk_state', STATES), codeReader(chunk, 'decision', DECISIONS), callNamer(chunk, identity)];
  const phases = codes(chunk, 'phase');
  for (let row = 0; row < chunk.rows; row += 1) {
    if (phases.values[phases.codes[row] ?? -1] !== 'call') continue;
    const place = rows.tsMs.length;
    const at = `entry ${String(place)}`;
    requireUnbroken(flags[row] ?? 0, at);
    rows.tsMs.push(timeAt(times[row] ?? NaN, at, partial));
    rows.riskScore.push(scores[row] ?? NaN);
    rows.state.push(stateOf(row));
    rows.action.push(actionOf(row));
    rows.failed.push(failedAt(chunk, row, at, partial));
    addNames(rows, chunk, row, names);
    const name = nameOf(row, place);
    if (name !== undefined) rows.callIds.push(name);
  }
}

function columnsOf({ tsMs, riskScore, actor, capability, state, action, failed, callIds }: Rows, names: Namers, keepIds: boolean): LedgerColumns {
  return {
    count: tsMs.length,
    tsMs: Float64Array.from(tsMs),
    riskScore: Float64Array.from(riskScore),
    actor: { values: names.actor.values(), codes: Int32Array.from(actor) },
    capability: { values: names.capability.values(), codes: Int32Array.from(capability) },
    action: Uint8Array.from(action),
    state: Uint8Array.from(state),
    failed: Uint8Array.from(failed),
    callIds: keepIds ? callIds : null,
  };
}

/**
 * The calls of a trace in the columns that baselines, drift and calibration are computed from.
 *
 * @throws {@link InputError} MISSING_FIELD naming entry and column where the trace lacks times or outcomes; INVALID_LEDGER where a row came from a ledger that does not verify
 * @remarks O(rows). Capabilities go by `groupNameAt`, times in whole milliseconds, as in ledgers: the
 * trace of a ledger gives what the ledger gives. What a trace says is not sealed: it is known by the hash of its bytes, and
 * `consistent` says only that no row is marked as coming from a broken chain. Risk states and decisions that the trace does not
 * have are {@link NOT_SAID}, scores NaN: what needs them says so.
 */
export function traceLedger(chunks: Iterable<TraceChunk>, identity: TraceIdentity): VerifiedLedger {
  const rows: Rows = { tsMs: [], riskScore: [], actor: [], capability: [], state: [], action: [], failed: [], callIds: [] };
  const names: Namers = { actor: namer(), capability: namer() };
  for (const chunk of chunks) addChunk(rows, chunk, names, identity);
  const columns = columnsOf(rows, names, identity.callIds !== undefined && identity.callIds !== false);
  return {
    columns,
    report: {
      form: 'json-lines', header: null, entryCount: columns.count, firstHash: null, lastHash: null, computedDataHash: identity.dataHash, consistent: true, faultCount: 0,
      faults: [], possibleCutAtFront: false, writer: 'neither', ownSpellingCount: 0, reformattedCount: 0, unknownFields: [],
    },
  };
}
