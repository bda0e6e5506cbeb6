import { InputError } from '../errors.js';
import type { ByteSink } from './arrow-encode.js';
import type { BytePull } from './arrow-frames.js';
import { writtenColumns, type ArrowWriteOptions, type TraceWriter } from './arrow-stream-write.js';
import { traceBuilder, type TraceBuilder } from './builder.js';
import type { TraceChunk } from './chunk.js';
import { linesOf, type TextLine } from './lines.js';
import { formatTraceMetadata, parseTraceMetadata, type TraceMetadata } from './metadata.js';
import type { TraceRow } from './row.js';
import { rowAt } from './row.js';
import { traceColumn, TRACE_COLUMNS, type TraceColumnName } from './schema.js';

/** Characters handed to the sink at a time, about. */
const STEP = 1 << 16;

const WIDE: readonly unknown[] = ['uint64', 'int64', 'timestamp_us_utc'];

/** A row as one JSON object: keys in the table's order, nulls left out, integers beyond 2^53 as texts. */
function lineOf(row: TraceRow, dropped: ReadonlySet<string>): string {
  const given = Object.entries(row).filter(([key, value]) => value !== null && !dropped.has(key));
  return JSON.stringify(Object.fromEntries(given.map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : (value as unknown)])));
}

/** The first line; it names the columns where they are not all. */
function headOf(metadata: TraceMetadata, columns: readonly TraceColumnName[]): string {
  const texts = [...formatTraceMetadata(metadata)].map(([key, text]) => [key, key === 'coverage' ? (JSON.parse(text) as unknown) : text]);
  return JSON.stringify({ ...Object.fromEntries(texts) as object, ...(columns.length === TRACE_COLUMNS.length ? {} : { columns }) });
}

/**
 * Starts writing a trace as JSON Lines: the metadata in the first, then one object a row, keys in the table's order, nulls left
 * out. A 64-bit integer is a number where a double holds it exactly, else a text of its digits.
 *
 * @param sink - gets the bytes in order
 * @param options - columns to write; left out: all. Where they are not all the first line names them
 * @remarks Same rows, same bytes, whatever the chunks. -0 becomes 0: JSON's writer knows no other.
 */
export function traceJsonlWriter(metadata: TraceMetadata, sink: ByteSink, options: ArrowWriteOptions = {}): TraceWriter {
  const columns = writtenColumns(options).map(({ name }) => name);
  const dropped = new Set<string>(TRACE_COLUMNS.map(({ name }) => name).filter((name) => !columns.includes(name)));
  let text = `${headOf(metadata, columns)}\n`;
  const flush = (): void => {
    if (text !== '') sink(Buffer.from(text));
    text = '';
  };
  return {
    write: (chunk) => {
      for (let row = 0; row < chunk.rows; row += 1) {
        text += `${lineOf(rowAt(chunk, row), dropped)}\n`;
        if (text.length > STEP) flush();
      }
    },
    end: flush,
  };
}

function objectOf({ text, number, ended }: TextLine): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (!ended) throw new InputError('TORN_TAIL', `the trace stops short within line ${String(number)}`, { cause });
    throw new InputError('BAD_JSON', `line ${String(number)} must be a JSON object, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InputError('WRONG_TYPE', `line ${String(number)} must be a JSON object`);
  return value as Record<string, unknown>;
}

/** A line's row: digits of 64-bit integers become bigints. */
function rowOf(line: TextLine, columns: readonly TraceColumnName[]): TraceRow {
  const row = objectOf(line);
  for (const [key, value] of Object.entries(row)) {
    const column = traceColumn(key);
    if (column !== undefined && !columns.includes(column.name)) throw new InputError('UNSUPPORTED_SCHEMA', `line ${String(line.number)}: ${column.name} is none of the columns that the first line names`);
    if (column === undefined) throw new InputError('UNSUPPORTED_SCHEMA', `line ${String(line.number)}: ${JSON.stringify(key.slice(0, 60))} is no column of the trace table`);
    if (typeof value === 'string' && WIDE.includes(column.type) && /^-?\d{1,20}$/.test(value)) row[key] = BigInt(value);
  }
  return row;
}

/** The columns that the first line names; all where it names none. */
function columnsOf(named: unknown): readonly TraceColumnName[] {
  const all = TRACE_COLUMNS.map(({ name }) => name);
  if (named === undefined) return all;
  if (!Array.isArray(named)) throw new InputError('WRONG_TYPE', 'columns must be a list of names');
  const strange = named.find((name) => !all.includes(name as TraceColumnName)) as unknown;
  if (strange !== undefined) throw new InputError('UNSUPPORTED_SCHEMA', `columns must name columns of the trace table, got ${JSON.stringify(strange).slice(0, 60)}`);
  return all.filter((name) => named.includes(name));
}

function headFrom(line: TextLine | undefined): { readonly metadata: TraceMetadata; readonly columns: readonly TraceColumnName[] } {
  if (line === undefined) throw new InputError('EMPTY_INPUT', 'the trace is empty: expected JSON Lines');
  const given = objectOf(line);
  const head = Object.entries(given).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  return { metadata: parseTraceMetadata(new Map(head)), columns: columnsOf(given['columns']) };
}

function append(builder: TraceBuilder, line: TextLine, columns: readonly TraceColumnName[]): TraceChunk | null {
  try {
    return builder.append(rowOf(line, columns));
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith('line')) throw error;
    throw new InputError(error.code, `line ${String(line.number)}, ${error.message}`, { cause: error });
  }
}

/**
 * Starts reading a trace from JSON Lines, as {@link traceJsonlWriter} writes them.
 *
 * @throws {@link InputError} EMPTY_INPUT, BAD_JSON, UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM, INVALID_UTF8;
 * reading the chunks throws TORN_TAIL as well, and what the builder refuses, naming the line
 * @remarks One pass, one chunk at a time.
 */
export function readTraceJsonl(source: BytePull, options: { readonly batchRows?: number } = {}): { readonly metadata: TraceMetadata; readonly columns: readonly TraceColumnName[]; readonly chunks: Iterable<TraceChunk> } {
  const lines = linesOf(source);
  const head = lines.next();
  const { metadata, columns } = headFrom(head.done === true ? undefined : head.value);
  const builder = traceBuilder({ ...options, columns });
  const chunks = function* (): Generator<TraceChunk> {
    for (const line of lines) {
      const chunk = append(builder, line, columns);
      if (chunk !== null) yield chunk;
    }
    const last = builder.flush();
    if (last !== null) yield last;
  };
  return { metadata, columns, chunks: chunks() };
}
