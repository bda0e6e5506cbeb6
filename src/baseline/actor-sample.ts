import { InputError } from '../errors.js';
import { NOT_SAID, type LedgerColumns } from '../ledger/columns.js';
import { requireUsable, type VerifiedLedger } from '../ledger/report.js';
import { sortInPlace } from '../stats/order.js';

/** What was seen of one actor using one capability. */
export interface CapabilitySample {
  readonly capability: string;
  /** Entries. */
  readonly count: number;
  /** Risk scores in total order; NaN, where the ledger holds null, last. */
  readonly scores: Float64Array;
  /** How many of the scores are numbers: `scores.subarray(0, finiteCount)`. */
  readonly finiteCount: number;
  /** Entries whose outcome was an error. */
  readonly failedCount: number;
  /** Times in milliseconds, ascending, one array a ledger. */
  readonly timesMs: readonly Float64Array[];
}

/** What was seen of one actor over one or more ledgers, which are never joined end to start. */
export interface ActorSample {
  readonly actor: string;
  readonly count: number;
  /** By name, in order of UTF-8 bytes. */
  readonly capabilities: readonly CapabilitySample[];
  /** States in order, as indices into `RISK_STATES`: one array a ledger, or several where calls between do not say theirs; empty ones left out. */
  readonly runs: readonly Uint8Array[];
  /** Entries of each ledger. */
  readonly entryCounts: readonly number[];
  /** Data hash of each ledger. */
  readonly dataHashes: readonly string[];
}

/** A sample being filled. */
interface Draft {
  readonly capability: string;
  count: number;
  filled: number;
  failed: number;
  scores: Float64Array;
  times: Float64Array;
  readonly timesMs: Float64Array[];
}

/**
 * Gathers an actor's entries by capability.
 *
 * @param ledgers - verified, at least one
 * @throws {@link InputError} TOO_FEW for no ledger, INVALID_LEDGER, EMPTY_LEDGER, NO_ENTRIES_FOR_EXTENSION,
 * UNSAFE_INTEGER naming the entry
 * @remarks O(n log n) from sorting the scores; everything else is two passes over the columns.
 */
export function actorSample(ledgers: readonly VerifiedLedger[], actor: string): ActorSample {
  if (ledgers.length === 0) throw new InputError('TOO_FEW', 'at least one ledger must be given, got none');
  ledgers.forEach(requireUsable);
  const drafts = new Map<string, Draft>();
  for (const { columns } of ledgers) countRows(drafts, columns, actor);
  if (drafts.size === 0) throw new InputError('NO_ENTRIES_FOR_EXTENSION', `no entry of the ledger has extension_id ${JSON.stringify(actor)}`);
  for (const draft of drafts.values()) {
    draft.scores = new Float64Array(draft.count);
    draft.times = new Float64Array(draft.count);
  }
  const states = ledgers.map(({ columns }) => gatherRows(drafts, columns, actor));
  const capabilities = [...drafts.values()].sort((a, b) => compareUtf8(a.capability, b.capability)).map(finish);
  return {
    actor,
    count: states.reduce((sum, run) => sum + run.length, 0),
    capabilities,
    runs: states.flatMap(stretches),
    entryCounts: states.map((run) => run.length),
    dataHashes: ledgers.map(({ report }) => report.computedDataHash),
  };
}

/** For each capability code of a ledger its draft, or undefined before it is met. */
function countRows(drafts: Map<string, Draft>, columns: LedgerColumns, actor: string): void {
  const actorCode = columns.actor.values.indexOf(actor);
  const counts = new Float64Array(columns.capability.values.length);
  const actors = columns.actor.codes;
  const capabilities = columns.capability.codes;
  for (let i = 0; i < columns.count; i += 1) {
    if (actors[i] !== actorCode) continue;
    const code = capabilities[i] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  for (const [code, capability] of columns.capability.values.entries()) {
    const count = counts[code] ?? 0;
    if (count === 0) continue;
    const empty = new Float64Array(0);
    const draft = drafts.get(capability) ?? { capability, count: 0, filled: 0, failed: 0, scores: empty, times: empty, timesMs: [] };
    draft.count += count;
    drafts.set(capability, draft);
  }
}

/** Copies a ledger's rows of the actor into their drafts; returns the states in order. */
function gatherRows(drafts: ReadonlyMap<string, Draft>, columns: LedgerColumns, actor: string): Uint8Array {
  const actorCode = columns.actor.values.indexOf(actor);
  const byCode = columns.capability.values.map((capability) => drafts.get(capability));
  const starts = new Map([...drafts.values()].map((draft) => [draft, draft.filled]));
  const { count, riskScore, tsMs, failed, state } = columns;
  const actors = columns.actor.codes;
  const capabilities = columns.capability.codes;
  const states = new Uint8Array(count);
  let seen = 0;
  for (let i = 0; i < count; i += 1) {
    if (actors[i] !== actorCode) continue;
    const draft = byCode[capabilities[i] ?? 0];
    if (draft === undefined) continue;
    const time = value(tsMs, i);
    if (!Number.isSafeInteger(time)) throw new InputError('UNSAFE_INTEGER', `entry ${String(i)}: ts_ms is beyond 2^53 milliseconds, too large to compute with`);
    draft.scores[draft.filled] = value(riskScore, i);
    draft.times[draft.filled] = time;
    draft.failed += value(failed, i);
    draft.filled += 1;
    states[seen] = value(state, i);
    seen += 1;
  }
  for (const [draft, start] of starts) closeRecord(draft, start);
  return states.slice(0, seen);
}

/** The stretches of states that are said. */
function stretches(states: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let from = 0; from < states.length;) {
    const gap = states.indexOf(NOT_SAID, from);
    const end = gap < 0 ? states.length : gap;
    if (end > from) found.push(states.subarray(from, end));
    from = end + 1;
  }
  return found;
}

/** A row of a column; rows are never missing. */
function value(column: Float64Array | Uint8Array, row: number): number {
  return column[row] ?? NaN;
}

/** Ends a ledger's part of a draft's times, which began at `start`. */
function closeRecord(draft: Draft, start: number): void {
  if (draft.filled > start) draft.timesMs.push(sortInPlace(draft.times.subarray(start, draft.filled)));
}

function finish({ capability, count, scores, failed, timesMs }: Draft): CapabilitySample {
  sortInPlace(scores);
  let finiteCount = count;
  while (finiteCount > 0 && Number.isNaN(scores[finiteCount - 1])) finiteCount -= 1;
  return { capability, count, scores, finiteCount, failedCount: failed, timesMs };
}

/** Compares two well-formed strings by their UTF-8 bytes, which is by code points and not by UTF-16 units. */
function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    // Surrogates stand for code points above all other units.
    if (x !== y) return (isSurrogate(x) ? x + 0x10000 : x) - (isSurrogate(y) ? y + 0x10000 : y);
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
