import { hashAt, hasValue, textAt, type TraceChunk } from './chunk.js';
import type { TraceInteger, TraceRow } from './row.js';
import { TRACE_COLUMNS, type TraceColumnName } from './schema.js';

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
