import { hashAt, hasValue, textAt, type TraceChunk } from './chunk.js';
import { TRACE_COLUMNS, type TraceColumnName } from './schema.js';
import type {
  TraceCapability, TraceDecision, TraceErrorCode, TraceHost, TraceLabel, TraceLatencyKind, TraceOutcome, TracePhase, TraceResourceClass, TraceRiskState,
} from './words.js';

/** A whole number; a bigint where it does not fit a double exactly. */
export type TraceInteger = number | bigint;
/** A hash: 64 hexadecimal digits, or its 32 bytes. */
export type TraceHash = string | Uint8Array;

/**
 * What an importer yields: one row in plain values. A column that is absent or null gets its fallback, or stays null; see
 * {@link TRACE_COLUMNS} for meaning and units. The builder checks every value.
 *
 * @remarks Importing is fastest when every row of a source is built by one object literal, keys in one order.
 */
export interface TraceRow {
  /** Counted from 0 by the builder where absent. */
  readonly seq?: TraceInteger | null;
  /** Microseconds since 1970 UTC. */
  readonly ts?: TraceInteger | null;
  readonly ts_res_us?: number | null;
  readonly host?: TraceHost | null;
  readonly source?: string | null;
  readonly actor?: string | null;
  readonly session?: string | null;
  readonly turn?: number | null;
  readonly call_id?: string | null;
  readonly phase?: TracePhase | null;
  readonly capability?: TraceCapability | null;
  readonly native_capability?: string | null;
  readonly method?: string | null;
  readonly tool?: string | null;
  readonly resource_class?: TraceResourceClass | null;
  readonly resource?: string | null;
  readonly args_hash?: TraceHash | null;
  readonly args_shape_hash?: TraceHash | null;
  readonly outcome?: TraceOutcome | null;
  readonly error_code?: TraceErrorCode | null;
  readonly native_error?: string | null;
  readonly latency_us?: TraceInteger | null;
  readonly latency_kind?: TraceLatencyKind | null;
  readonly decision?: TraceDecision | null;
  readonly decision_reason?: string | null;
  readonly risk_score?: number | null;
  readonly risk_state?: TraceRiskState | null;
  readonly bytes_in?: TraceInteger | null;
  readonly bytes_out?: TraceInteger | null;
  readonly label?: TraceLabel | null;
  readonly chain_hash?: TraceHash | null;
  readonly flags?: number | null;
  readonly source_file?: string | null;
  /** From 1. */
  readonly source_row?: TraceInteger | null;
}

type Value = string | TraceInteger | null;

/** An integer as a number where that is exact, else as a bigint. */
function shortest(value: number | bigint): TraceInteger {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function valueAt(chunk: TraceChunk, name: TraceColumnName, row: number): Value {
  const column = chunk.columns[name];
  if (column === undefined || !hasValue(column, row)) return null;
  switch (column.kind) {
    case 'number':
      return shortest(column.values[row] ?? 0);
    case 'code':
      return column.values[column.codes[row] ?? -1] ?? null;
    case 'text':
      return textAt(chunk, name as 'call_id', row);
    case 'hash':
      return hashAt(chunk, name as 'args_hash', row);
  }
}

/**
 * One row in plain values: what the builder made it from. Every column is there, null where it holds nothing.
 *
 * @param row - from 0 within the chunk
 * @remarks For looking at rows. Whatever reads many rows reads columns.
 */
export function rowAt(chunk: TraceChunk, row: number): TraceRow {
  return Object.fromEntries(TRACE_COLUMNS.map(({ name }) => [name, valueAt(chunk, name, row)]));
}

/** A chunk's rows in plain values, in order. */
export function* rowsOf(chunk: TraceChunk): Generator<TraceRow> {
  for (let row = 0; row < chunk.rows; row += 1) yield rowAt(chunk, row);
}
