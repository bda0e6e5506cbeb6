import {
  TRACE_CAPABILITIES, TRACE_DECISIONS, TRACE_ERROR_CODES, TRACE_HOSTS, TRACE_LABELS, TRACE_LATENCY_KINDS,
  TRACE_OUTCOMES, TRACE_PHASES, TRACE_RESOURCE_CLASSES, TRACE_RISK_STATES,
} from './words.js';

/** Name and version of the trace table's schema, in the metadata of every trace. */
export const TRACE_SCHEMA = 'hindcast.trace.v1';

/** Columns of 64-bit integers. */
export type TraceInt64Name = 'seq' | 'ts' | 'latency_us' | 'bytes_in' | 'bytes_out' | 'source_row';
/** Columns of numbers. */
export type TraceNumberName = TraceInt64Name | 'ts_res_us' | 'turn' | 'risk_score' | 'flags';
/** Columns of words from a closed list; a word's code is its place in the list. */
export type TraceWordName = 'host' | 'phase' | 'capability' | 'resource_class' | 'outcome' | 'error_code' | 'latency_kind' | 'decision' | 'risk_state' | 'label';
/** Columns of names that repeat, kept once each in a dictionary that grows. */
export type TraceTermName = 'source' | 'actor' | 'session' | 'native_capability' | 'method' | 'tool' | 'native_error' | 'decision_reason' | 'source_file';
/** Columns of codes into a dictionary, closed or growing. */
export type TraceCodeName = TraceWordName | TraceTermName;
/** Columns of text, kept row by row. */
export type TraceTextName = 'call_id' | 'resource';
/** Columns of 32-byte hashes. */
export type TraceHashName = 'args_hash' | 'args_shape_hash' | 'chain_hash';
/** A column of the trace table. */
export type TraceColumnName = TraceNumberName | TraceCodeName | TraceTextName | TraceHashName;

/** Arrow type of a column; `dictionaryN` is UTF-8 behind a signed index of N bits. */
export type TraceColumnType = 'uint64' | 'int64' | 'timestamp_us_utc' | 'uint32' | 'int32' | 'float64' | 'utf8' | 'fixed32' | 'dictionary8' | 'dictionary16' | 'dictionary32';

/** A column of the trace table. */
export interface TraceColumn {
  readonly name: TraceColumnName;
  readonly type: TraceColumnType;
  readonly nullable: boolean;
  /** Unit of a number; null where it has none. */
  readonly unit: string | null;
  readonly meaning: string;
  /** Closed list of words, in the order of their codes; null where any value will do. */
  readonly domain: readonly string[] | null;
  /** What a row without a value gets in a column that is never null. `seq` counts rows from 0 instead. */
  readonly fallback: string | number | null;
  /** Least value of a number; null where its type alone bounds it. */
  readonly min: number | null;
}

type Partly = Partial<TraceColumn> & Pick<TraceColumn, 'type' | 'meaning'>;

function column(name: TraceColumnName, given: Partly): TraceColumn {
  return { name, nullable: (given.fallback ?? null) === null, unit: null, domain: null, fallback: null, min: null, ...given };
}

function words(name: TraceWordName, domain: readonly string[], fallback: string | null, meaning: string): TraceColumn {
  return column(name, { type: 'dictionary8', domain, fallback, meaning });
}

function hash(name: TraceHashName, meaning: string): TraceColumn {
  return column(name, { type: 'fixed32', meaning });
}

/** The columns of a trace, in order. One row is one attempted call, or one record about something else (`phase`). */
export const TRACE_COLUMNS: readonly TraceColumn[] = [
  column('seq', { type: 'uint64', nullable: false, min: 0, meaning: 'place of the row in its source, from 0; the only total order' }),
  column('ts', { type: 'timestamp_us_utc', unit: 'us since 1970 UTC', meaning: 'start of the attempt if known, else the only stamp there is (flag TS_IS_END)' }),
  column('ts_res_us', { type: 'uint32', unit: 'us', fallback: 0, min: 0, meaning: 'resolution of ts; 0 where there is no clock' }),
  words('host', TRACE_HOSTS, 'other', 'host that made the record'),
  column('source', { type: 'dictionary16', fallback: 'unknown', meaning: 'kind and version of the artifact' }),
  column('actor', { type: 'dictionary32', fallback: 'unknown', meaning: 'whose behaviour is baselined' }),
  column('session', { type: 'dictionary32', meaning: 'conversation, thread or chain' }),
  column('turn', { type: 'int32', min: 0, meaning: 'turn of the session, from 0' }),
  column('call_id', { type: 'utf8', meaning: "the host's id of the call, verbatim" }),
  words('phase', TRACE_PHASES, 'call', 'what the row is'),
  words('capability', TRACE_CAPABILITIES, 'unknown', 'what the call can do, in common words'),
  column('native_capability', { type: 'dictionary16', meaning: "the host's own word for the capability" }),
  column('method', { type: 'dictionary16', meaning: "the host's method or verb" }),
  column('tool', { type: 'dictionary32', meaning: 'the tool as the model knows it' }),
  words('resource_class', TRACE_RESOURCE_CLASSES, 'unknown', 'kind of thing the call touches'),
  column('resource', { type: 'utf8', meaning: 'what the call touches: path, host:port, topic, command; may be sensitive' }),
  hash('args_hash', 'hash of the arguments, as the source has it'),
  hash('args_shape_hash', 'hash of the shape of the arguments'),
  words('outcome', TRACE_OUTCOMES, 'unknown', 'how the call ended'),
  words('error_code', TRACE_ERROR_CODES, null, 'why it failed, in common words'),
  column('native_error', { type: 'dictionary32', meaning: "the host's own error code, verbatim" }),
  column('latency_us', { type: 'int64', unit: 'us', min: 0, meaning: 'how long the call took' }),
  words('latency_kind', TRACE_LATENCY_KINDS, null, 'what latency_us measures; kinds are never pooled'),
  words('decision', TRACE_DECISIONS, 'none', 'what was decided on the attempt'),
  column('decision_reason', { type: 'dictionary32', meaning: 'code of the reason' }),
  column('risk_score', { type: 'float64', unit: "the host's scale", meaning: 'risk score of the call' }),
  words('risk_state', TRACE_RISK_STATES, null, 'risk state of the call'),
  column('bytes_in', { type: 'int64', unit: 'bytes', min: 0, meaning: 'size of the request' }),
  column('bytes_out', { type: 'int64', unit: 'bytes', min: 0, meaning: 'size of the response' }),
  words('label', TRACE_LABELS, null, 'ground truth, only where the source has it'),
  hash('chain_hash', "the record's own hash in a hash chain"),
  column('flags', { type: 'uint32', fallback: 0, min: 0, meaning: 'bits of TRACE_FLAGS' }),
  column('source_file', { type: 'dictionary32', meaning: 'file the row came from' }),
  column('source_row', { type: 'int64', min: 1, meaning: 'line of that file, or record of a document, from 1' }),
];

const BY_NAME: ReadonlyMap<string, TraceColumn> = new Map(TRACE_COLUMNS.map((each) => [each.name, each]));

/** The column of that name; undefined where the table has none. */
export function traceColumn(name: string): TraceColumn | undefined {
  return BY_NAME.get(name);
}
