import { InputError } from '../errors.js';
import { badArrow } from './arrow-frames.js';
import type { ArrowField, ArrowLayout } from './arrow-message.js';
import type { TraceColumnData, TraceCodes } from './chunk.js';
import { traceColumn, type TraceColumn } from './schema.js';

/** A column as a file has it. */
export interface FileColumn {
  readonly column: TraceColumn;
  readonly dictionary: number | null;
  /** Place of its first buffer in a batch. */
  readonly firstBuffer: number;
  readonly node: number;
}

/**
 * Matches a file's fields with the table's columns.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA where a field is no column of the table, has another type, or comes twice
 */
export function fileColumns(fields: readonly ArrowField[]): readonly FileColumn[] {
  if (fields.length === 0) throw new InputError('UNSUPPORTED_SCHEMA', 'a trace must have columns, got none');
  const seen = new Set<string>();
  let firstBuffer = 0;
  return fields.map((field, node) => {
    const column = traceColumn(field.name);
    const name = JSON.stringify(field.name.slice(0, 60));
    if (column === undefined) throw new InputError('UNSUPPORTED_SCHEMA', `column ${name} is none of the trace table`);
    if (seen.has(field.name)) throw new InputError('UNSUPPORTED_SCHEMA', `column ${name} comes twice`);
    if (field.type !== column.type) throw new InputError('UNSUPPORTED_SCHEMA', `column ${name} must be ${column.type}, got ${field.type}`);
    seen.add(field.name);
    const own = { column, dictionary: field.dictionary, firstBuffer, node };
    firstBuffer += column.type === 'utf8' ? 3 : 2;
    return own;
  });
}

/** A message's body, of which what is needed is fetched. */
export interface Body {
  readonly layout: ArrowLayout;
  readonly length: number;
  /** Bytes of the body, from a byte of it. */
  readonly fetch: (offset: number, length: number) => Uint8Array;
  /** Where the message lies, for messages. */
  readonly offset: number;
}

/** A body that is in memory. */
export function bodyOf(layout: ArrowLayout, bytes: Uint8Array, offset: number): Body {
  return { layout, offset, length: bytes.length, fetch: (from, length) => bytes.subarray(from, from + length) };
}

/**
 * A buffer of a body, aligned to 8 bytes, copied only where it is not.
 *
 * @param least - bytes it must have
 * @throws {@link InputError} BAD_ARROW
 */
export function bufferOf({ layout, length, fetch, offset }: Body, index: number, least: number): Uint8Array {
  const region = layout.buffers[index];
  if (region === undefined) throw badArrow(offset, `buffer ${String(index)} is missing`);
  if (region.offset < 0 || region.length < least || region.offset + region.length > length) {
    throw badArrow(offset, `buffer ${String(index)} of ${String(region.length)} bytes from ${String(region.offset)} must have ${String(least)} within a body of ${String(length)}`);
  }
  const buffer = fetch(region.offset, region.length);
  return buffer.byteOffset % 8 === 0 ? buffer : Uint8Array.from(buffer);
}

/** A dictionary as read so far, and how its codes turn into the column's. */
export interface FileDictionary {
  readonly values: readonly string[];
  /** How many values the file has named. */
  readonly size: number;
  /** Codes of a closed column by the file's codes; null where they are the same. */
  readonly codes: readonly number[] | null;
}

interface Place {
  readonly body: Body;
  readonly of: FileColumn;
  readonly rows: number;
}

const INDEXES = { dictionary8: Int8Array, dictionary16: Int16Array, dictionary32: Int32Array };
const NUMBERS = { uint64: BigUint64Array, int64: BigInt64Array, timestamp_us_utc: BigInt64Array, uint32: Uint32Array, int32: Int32Array, float64: Float64Array };

type Typed = 'uint64' | 'int64' | 'timestamp_us_utc' | 'uint32' | 'int32' | 'float64';

/** Validity and number of nulls of a column. */
function validityOf({ body, of: { column, node, firstBuffer }, rows }: Place): Pick<TraceColumnData, 'validity' | 'nullCount'> {
  const given = body.layout.nodes[node];
  if (given?.rows !== rows) throw badArrow(body.offset, `${column.name} must have ${String(rows)} rows, got ${String(given?.rows)}`);
  if (!(given.nulls >= 0 && given.nulls <= rows)) throw badArrow(body.offset, `${column.name} states ${String(given.nulls)} nulls in ${String(rows)} rows`);
  if (given.nulls > 0 && !column.nullable) throw badArrow(body.offset, `${column.name} states ${String(given.nulls)} nulls and must have none`);
  return { nullCount: given.nulls, validity: given.nulls === 0 ? null : bufferOf(body, firstBuffer, Math.ceil(rows / 8)) };
}

function codesOf({ body, of: { column, firstBuffer }, rows }: Place, dictionary: FileDictionary): Pick<TraceCodes, 'kind' | 'codes' | 'values' | 'size'> {
  const Index = INDEXES[column.type as keyof typeof INDEXES];
  const { buffer, byteOffset } = bufferOf(body, firstBuffer + 1, Index.BYTES_PER_ELEMENT * rows);
  const codes = new Index(buffer as ArrayBuffer, byteOffset, rows);
  const same = dictionary.codes;
  return { kind: 'code', codes: same === null ? codes : codes.map((code) => same[code] ?? -1), values: dictionary.values, size: same === null ? dictionary.size : (column.domain?.length ?? 0) };
}

/**
 * A column's data, as views of the body.
 *
 * @throws {@link InputError} BAD_ARROW where its parts do not fit
 */
export function columnData(place: Place, dictionary: FileDictionary | null): TraceColumnData {
  const { body, of, rows } = place;
  const { column, firstBuffer } = of;
  const validity = validityOf(place);
  if (dictionary !== null) return { ...codesOf(place, dictionary), ...validity };
  if (column.type === 'fixed32') return { kind: 'hash', bytes: bufferOf(body, firstBuffer + 1, 32 * rows).subarray(0, 32 * rows), ...validity };
  if (column.type === 'utf8') {
    // Arrow lets a batch without rows leave its one offset out.
    const { buffer, byteOffset } = rows === 0 ? new Int32Array(1) : bufferOf(body, firstBuffer + 1, 4 * (rows + 1));
    return { kind: 'text', offsets: new Int32Array(buffer as ArrayBuffer, byteOffset, rows + 1), bytes: bufferOf(body, firstBuffer + 2, 0), ...validity };
  }
  const Values = NUMBERS[column.type as Typed];
  const { buffer, byteOffset } = bufferOf(body, firstBuffer + 1, Values.BYTES_PER_ELEMENT * rows);
  return { kind: 'number', values: new Values(buffer as ArrayBuffer, byteOffset, rows), ...validity };
}
