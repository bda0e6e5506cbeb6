import { codes, numbers, textAt, type TraceChunk } from '../../../trace/chunk.js';
import type { TraceCodeName } from '../../../trace/schema.js';
import { LABEL_WORDS, MARKS, type MarkName, type TextCodes, type TimelineRows } from '../../../report/timeline-rows.js';

/** Texts in order of first appearance, and a code for each. */
interface Names {
  readonly values: string[];
  readonly codeOf: (text: string) => number;
}

function names(): Names {
  const values: string[] = [];
  const places = new Map<string, number>();
  return {
    values,
    codeOf: (text) => {
      let code = places.get(text);
      if (code === undefined) places.set(text, (code = values.push(text) - 1));
      return code;
    },
  };
}

const CODED = ['actor', 'capability', 'decision', 'outcome', 'reason', 'state'] as const;

type Coded = (typeof CODED)[number];

/** Columns of a trace that a row's words come from; the first that has a value. */
const SOURCES: Readonly<Record<Coded, readonly TraceCodeName[]>> = {
  actor: ['actor'],
  capability: ['native_capability', 'capability'],
  decision: ['decision'],
  outcome: ['native_error', 'outcome'],
  reason: ['decision_reason'],
  state: ['risk_state'],
};

/** Words that say that there is nothing to say. */
const NOTHING: Readonly<Partial<Record<Coded, string>>> = { decision: 'none', outcome: 'unknown' };

/** Rows as they come in. */
interface Growing {
  readonly tsMs: number[];
  readonly input: number[];
  readonly place: number[];
  readonly score: number[];
  readonly latency: number[];
  readonly callId: string[];
  readonly resource: string[];
  readonly marks: number[];
  readonly coded: Readonly<Record<Coded, number[]>>;
}

/** All that is known of the calls so far. */
interface Store {
  readonly lists: Readonly<Record<Coded, Names>>;
  readonly grown: Growing;
  /** Rows of an input's calls, in its order. */
  readonly placesOf: Map<number, number[]>;
  readonly joinedOf: Map<number, number>;
  /** Rows of ledgers by actor and call id, until a call of another file takes its place beside one. */
  readonly sealedRows: Map<string, number>;
}

/** Calls of several files being put on one timeline. */
export interface RowCollector {
  /** Adds calls of an input; `sealed` ones take in later calls of other files with their actor and id. */
  readonly add: (input: number, chunk: TraceChunk, sealed: boolean) => void;
  /** Row of the k-th call of an input; null where it has none. */
  readonly rowOf: (input: number, k: number) => number | null;
  readonly joined: (input: number) => number;
  readonly size: (input: number) => number;
  /** Notes a finding. */
  readonly mark: (row: number | null, name: MarkName, words: string) => void;
  readonly rows: (labels: ReadonlyMap<string, 'safe' | 'unsafe'>) => TimelineRows;
}

/** Codes of a chunk's column in the timeline's own list, -1 where the column has none. */
function ownCodes(chunk: TraceChunk, name: Coded, list: Names): Int32Array {
  const out = new Int32Array(chunk.rows).fill(-1);
  for (const source of SOURCES[name]) {
    const { codes: given, values } = codes(chunk, source);
    const own = new Map<number, number>();
    for (let row = 0; row < chunk.rows; row += 1) {
      const code = given[row] ?? -1;
      if (code < 0 || (out[row] ?? -1) >= 0) continue;
      let known = own.get(code);
      if (known === undefined) {
        const text = values[code] ?? '';
        own.set(code, (known = text === NOTHING[name] ? -1 : list.codeOf(text)));
      }
      out[row] = known;
    }
  }
  return out;
}

/** What of a chunk goes into rows. */
interface ReadChunk {
  readonly chunk: TraceChunk;
  readonly ts: Float64Array;
  readonly place: Float64Array;
  readonly score: Float64Array;
  readonly latency: Float64Array;
  readonly coded: Readonly<Record<Coded, Int32Array>>;
}

function readChunk(chunk: TraceChunk, lists: Store['lists']): ReadChunk {
  const coded = Object.fromEntries(CODED.map((name) => [name, ownCodes(chunk, name, lists[name])])) as Record<Coded, Int32Array>;
  return { chunk, ts: numbers(chunk, 'ts'), place: numbers(chunk, 'source_row'), score: numbers(chunk, 'risk_score'), latency: numbers(chunk, 'latency_us'), coded };
}

const at = (values: ArrayLike<number>, k: number, otherwise: number): number => values[k] ?? otherwise;

/** A call of its own. */
function pushRow({ grown, lists }: Store, read: ReadChunk, k: number, { input, callId }: { readonly input: number; readonly callId: string }): number {
  const { chunk, ts, place, score, latency, coded } = read;
  grown.input.push(input);
  grown.place.push(at(place, k, 0));
  grown.score.push(at(score, k, NaN));
  grown.latency.push(at(latency, k, NaN));
  grown.callId.push(callId);
  grown.resource.push(textAt(chunk, 'resource', k) ?? '');
  for (const name of CODED) grown.coded[name].push(at(coded[name], k, -1));
  const outcome = lists.outcome.values[at(coded.outcome, k, -1)];
  grown.marks.push(outcome === undefined || outcome === 'success' ? 0 : MARKS.failed);
  return grown.tsMs.push(at(ts, k, NaN) / 1000) - 1;
}

/** A call that a ledger has already: what the ledger does not say of it is put beside its row. */
function joinRow({ grown }: Store, { chunk, latency }: ReadChunk, k: number, row: number): void {
  const resource = textAt(chunk, 'resource', k) ?? '';
  if (resource !== '') grown.resource[row] = resource;
  const took = at(latency, k, NaN);
  if (!Number.isNaN(took)) grown.latency[row] = took;
}

function addChunk(store: Store, input: number, chunk: TraceChunk, sealed: boolean): void {
  const { placesOf, joinedOf, sealedRows } = store;
  const read = readChunk(chunk, store.lists);
  const places = placesOf.get(input) ?? [];
  placesOf.set(input, places);
  for (let k = 0; k < chunk.rows; k += 1) {
    const callId = textAt(chunk, 'call_id', k) ?? '';
    const key = `${String(at(read.coded.actor, k, -1))} ${callId}`;
    const twin = sealed || callId === '' ? undefined : sealedRows.get(key);
    if (twin === undefined) {
      const row = pushRow(store, read, k, { input, callId });
      if (sealed && callId !== '') sealedRows.set(key, row);
      places.push(row);
    } else {
      sealedRows.delete(key);
      joinedOf.set(input, (joinedOf.get(input) ?? 0) + 1);
      places.push(twin);
      joinRow(store, read, k, twin);
    }
  }
}

function rowsOfStore({ lists, grown }: Store, notes: TimelineRows['notes'], labels: ReadonlyMap<string, 'safe' | 'unsafe'>): TimelineRows {
  const coded = (name: Coded): TextCodes => ({ values: lists[name].values, codes: Int32Array.from(grown.coded[name]) });
  return {
    count: grown.tsMs.length,
    tsMs: Float64Array.from(grown.tsMs),
    input: Int32Array.from(grown.input),
    place: Int32Array.from(grown.place, (place) => (Number.isNaN(place) ? 0 : place)),
    actor: coded('actor'),
    capability: coded('capability'),
    decision: coded('decision'),
    outcome: coded('outcome'),
    reason: coded('reason'),
    state: coded('state'),
    score: Float64Array.from(grown.score),
    latency: Float64Array.from(grown.latency),
    callId: grown.callId,
    resource: grown.resource,
    marks: Uint8Array.from(grown.marks),
    label: Uint8Array.from(grown.callId, (id) => LABEL_WORDS.indexOf(labels.get(id) ?? '') + 1),
    notes,
  };
}

/** Starts collecting. */
export function rowCollector(): RowCollector {
  const store: Store = {
    lists: Object.fromEntries(CODED.map((name) => [name, names()])) as Record<Coded, Names>,
    grown: { tsMs: [], input: [], place: [], score: [], latency: [], callId: [], resource: [], marks: [], coded: { actor: [], capability: [], decision: [], outcome: [], reason: [], state: [] } },
    placesOf: new Map(),
    joinedOf: new Map(),
    sealedRows: new Map(),
  };
  const notes = new Map<number, string[]>();
  return {
    add: (input, chunk, sealed) => { addChunk(store, input, chunk, sealed); },
    rowOf: (input, k) => store.placesOf.get(input)?.[k] ?? null,
    joined: (input) => store.joinedOf.get(input) ?? 0,
    size: (input) => store.placesOf.get(input)?.length ?? 0,
    mark: (row, name, words) => {
      if (row === null) return;
      store.grown.marks[row] = (store.grown.marks[row] ?? 0) | MARKS[name];
      notes.set(row, [...(notes.get(row) ?? []), words]);
    },
    rows: (labels) => rowsOfStore(store, notes, labels),
  };
}
