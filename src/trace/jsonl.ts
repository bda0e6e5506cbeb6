import { InputError } from '../errors.js';
import type { ByteSink } from './arrow-encode.js';
import type { BytePull } from './arrow-frames.js';
import type { TraceWriter } from './arrow-stream-write.js';
import { traceBuilder, type TraceBuilder } from './builder.js';
import type { TraceChunk } from './chunk.js';
import { linesOf, type TextLine } from './lines.js';
import { formatTraceMetadata, parseTraceMetadata, type TraceMetadata } from './metadata.js';
import type { TraceRow } from './row.js';
import { rowAt } from './row.js';
import { traceColumn } from './schema.js';

/** Characters handed to the sink at a time, about. */
const STEP = 1 << 16;

const WIDE: readonly unknown[] = ['uint64', 'int64', 'timestamp_us_utc'];

/** A row as one JSON object: keys in the table's order, nulls left out, integers beyond 2^53 as texts. */
function lineOf(row: TraceRow): string {
  const given = Object.entries(row).filter(([, value]) => value !== null);
  return JSON.stringify(Object.fromEntries(given.map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : (value as unknown)])));
}

/** The first line. */
function headOf(metadata: TraceMetadata): string {
  const texts = [...formatTraceMetadata(metadata)].map(([key, text]) => [key, key === 'coverage' ? (JSON.parse(text) as unknown) : text]);
  return JSON.stringify(Object.fromEntries(texts));
}

/**
 * Starts writing a trace as JSON Lines: the metadata in the first, then one object a row, keys in the table's order, nulls left
 * out. A 64-bit integer is a number where a double holds it exactly, else a text of its digits.
 *
 * @param sink - gets the bytes in order
 * @remarks Same rows, same bytes, whatever the chunks. -0 becomes 0: JSON's writer knows no other.
 */
export function traceJsonlWriter(metadata: TraceMetadata, sink: ByteSink): TraceWriter {
  let text = `${headOf(metadata)}\n`;
  const flush = (): void => {
    if (text !== '') sink(Buffer.from(text));
    text = '';
  };
  return {
    write: (chunk) => {
      for (let row = 0; row < chunk.rows; row += 1) {
        text += `${lineOf(rowAt(chunk, row))}\n`;
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
function rowOf(line: TextLine): TraceRow {
  const row = objectOf(line);
  for (const [key, value] of Object.entries(row)) {
    const column = traceColumn(key);
    if (column === undefined) throw new InputError('UNSUPPORTED_SCHEMA', `line ${String(line.number)}: ${JSON.stringify(key.slice(0, 60))} is no column of the trace table`);
    if (typeof value === 'string' && WIDE.includes(column.type) && /^-?\d{1,20}$/.test(value)) row[key] = BigInt(value);
  }
  return row;
}

function metadataOf(line: TextLine | undefined): TraceMetadata {
  if (line === undefined) throw new InputError('EMPTY_INPUT', 'the trace is empty: expected JSON Lines');
  const head = Object.entries(objectOf(line)).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  return parseTraceMetadata(new Map(head));
}

function append(builder: TraceBuilder, line: TextLine): TraceChunk | null {
  try {
    return builder.append(rowOf(line));
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
export function readTraceJsonl(source: BytePull, options: { readonly batchRows?: number } = {}): { readonly metadata: TraceMetadata; readonly chunks: Iterable<TraceChunk> } {
  const lines = linesOf(source);
  const head = lines.next();
  const metadata = metadataOf(head.done === true ? undefined : head.value);
  const builder = traceBuilder(options);
  const chunks = function* (): Generator<TraceChunk> {
    for (const line of lines) {
      const chunk = append(builder, line);
      if (chunk !== null) yield chunk;
    }
    const last = builder.flush();
    if (last !== null) yield last;
  };
  return { metadata, chunks: chunks() };
}
