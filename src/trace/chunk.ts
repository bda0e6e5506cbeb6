import { InputError } from '../errors.js';
import type { TraceMetadata } from './metadata.js';
import { traceColumn, type TraceCodeName, type TraceColumnName, type TraceHashName, type TraceNumberName, type TraceTextName } from './schema.js';

/** Which rows of a column hold a value. */
interface Validity {
  /** One bit a row, the first row the least bit of the first byte, 1 for a value; null where every row has one. */
  readonly validity: Uint8Array | null;
  readonly nullCount: number;
}

/** A column of numbers; a null row holds any number. */
export interface TraceNumbers extends Validity {
  readonly kind: 'number';
  readonly values: BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Float64Array;
}

/** A column of codes; a null row holds any code. */
export interface TraceCodes extends Validity {
  readonly kind: 'code';
  readonly codes: Int8Array | Int16Array | Int32Array;
  /** Texts by code. Of a growing dictionary the chunk knows the first `size`; chunks of one origin share the list. */
  readonly values: readonly string[];
  readonly size: number;
}

/** A column of UTF-8 text: row i is `bytes` from `offsets[i]` to `offsets[i + 1]`. */
export interface TraceTexts extends Validity {
  readonly kind: 'text';
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** A column of 32-byte hashes, one after the other. */
export interface TraceHashes extends Validity {
  readonly kind: 'hash';
  readonly bytes: Uint8Array;
}

/** Any column's data. */
export type TraceColumnData = TraceNumbers | TraceCodes | TraceTexts | TraceHashes;

/** Data of the column of that name. */
export type TraceDataOf<N extends TraceColumnName> = N extends TraceNumberName ? TraceNumbers : N extends TraceCodeName ? TraceCodes : N extends TraceTextName ? TraceTexts : TraceHashes;

/** Rows of a trace, laid out by column as Arrow lays them out. A nullable column that is left out is null in every row. */
export interface TraceChunk {
  readonly rows: number;
  readonly columns: { readonly [N in TraceColumnName]?: TraceDataOf<N> };
}

/** A trace in memory. */
export interface TraceTable {
  readonly metadata: TraceMetadata;
  readonly chunks: readonly TraceChunk[];
}

/** Rows of a trace in memory. */
export function tableRows({ chunks }: Pick<TraceTable, 'chunks'>): number {
  return chunks.reduce((sum, { rows }) => sum + rows, 0);
}

/** Whether a row of a column holds a value. */
export function hasValue({ validity }: Pick<TraceColumnData, 'validity'>, row: number): boolean {
  return validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

/** The column, or null where the chunk leaves it out and it may be null. */
function dataOf<N extends TraceColumnName>(chunk: TraceChunk, name: N): TraceDataOf<N> | null {
  const data = chunk.columns[name] as TraceDataOf<N> | undefined;
  if (data === undefined && traceColumn(name)?.nullable !== true) throw new InputError('MISSING_FIELD', `the trace has no column ${name}`);
  return data ?? null;
}

/** 64-bit integers as the nearest doubles, read as two halves: no bigint is made. */
function toDoubles(values: BigInt64Array | BigUint64Array): Float64Array {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const out = new Float64Array(values.length);
  if (values instanceof BigInt64Array) for (let i = 0; i < out.length; i += 1) out[i] = ((halves[2 * i + 1] ?? 0) | 0) * 4294967296 + (halves[2 * i] ?? 0);
  else for (let i = 0; i < out.length; i += 1) out[i] = (halves[2 * i + 1] ?? 0) * 4294967296 + (halves[2 * i] ?? 0);
  return out;
}

/** `out` with `mark` in the null rows. */
function marked<A extends Float64Array | Int8Array | Int16Array | Int32Array>(out: A, column: Validity, mark: number): A {
  for (let row = 0; row < out.length; row += 1) if (!hasValue(column, row)) out[row] = mark;
  return out;
}

/**
 * A column's numbers, NaN where null. 64-bit integers come as the nearest double, exact up to 2^53.
 *
 * @returns one double a row; the chunk's own memory where the column holds doubles and no nulls, so do not write to it
 * @throws {@link InputError} MISSING_FIELD where the chunk leaves out a column that is never null
 * @remarks O(rows).
 */
export function numbers(chunk: TraceChunk, name: TraceNumberName): Float64Array {
  const column = dataOf(chunk, name);
  if (column === null) return new Float64Array(chunk.rows).fill(NaN);
  const { values, nullCount } = column;
  if (values instanceof Float64Array) return nullCount === 0 ? values : marked(values.slice(), column, NaN);
  const doubles = values instanceof BigInt64Array || values instanceof BigUint64Array ? toDoubles(values) : Float64Array.from(values);
  return nullCount === 0 ? doubles : marked(doubles, column, NaN);
}

/**
 * A column's codes, -1 where null, and the texts they stand for.
 *
 * @returns one code a row; the chunk's own memory where the column has no nulls, so do not write to it
 * @throws {@link InputError} MISSING_FIELD where the chunk leaves out a column that is never null
 * @remarks O(rows), O(1) without nulls. A word's code is its place in the column's domain in every chunk of every trace; the
 * codes of growing dictionaries hold within chunks whose `values` is the same list.
 */
export function codes(chunk: TraceChunk, name: TraceCodeName): Pick<TraceCodes, 'codes' | 'values' | 'size'> {
  const column = dataOf(chunk, name);
  if (column === null) return { codes: new Int8Array(chunk.rows).fill(-1), values: [], size: 0 };
  return column.nullCount === 0 ? column : { codes: marked(column.codes.slice(), column, -1), values: column.values, size: column.size };
}

/**
 * The text in a row, null where there is none.
 *
 * @throws {@link InputError} MISSING_FIELD
 */
export function textAt(chunk: TraceChunk, name: TraceTextName | TraceCodeName, row: number): string | null {
  const column: TraceTexts | TraceCodes | null = dataOf(chunk, name);
  if (column === null || !hasValue(column, row)) return null;
  if (column.kind === 'code') return column.values[column.codes[row] ?? -1] ?? null;
  const { buffer, byteOffset, byteLength } = column.bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8', column.offsets[row], column.offsets[row + 1]);
}

/**
 * The hash in a row as 64 hexadecimal digits, null where there is none.
 *
 * @throws {@link InputError} MISSING_FIELD
 */
export function hashAt(chunk: TraceChunk, name: TraceHashName, row: number): string | null {
  const column = dataOf(chunk, name);
  if (column === null || !hasValue(column, row)) return null;
  const { buffer, byteOffset, byteLength } = column.bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex', 32 * row, 32 * row + 32);
}

/** Bytes of memory that a column takes, without its dictionary. */
function sizeOf(column: TraceColumnData, rows: number): number {
  const own = column.validity === null || column.nullCount === 0 ? 0 : Math.ceil(rows / 8);
  switch (column.kind) {
    case 'number':
      return own + column.values.byteLength;
    case 'code':
      return own + column.codes.byteLength;
    case 'text':
      return own + column.offsets.byteLength + (column.offsets[rows] ?? 0) - (column.offsets[0] ?? 0);
    case 'hash':
      return own + column.bytes.byteLength;
  }
}

/**
 * Bytes a row takes, by column and in all, without dictionaries: what a trace of many rows tends to.
 *
 * @returns null for a chunk without rows
 */
export function bytesPerRow({ rows, columns }: TraceChunk): { readonly total: number; readonly byColumn: ReadonlyMap<TraceColumnName, number> } | null {
  if (rows === 0) return null;
  const byColumn = new Map(Object.entries(columns).map(([name, column]) => [name as TraceColumnName, sizeOf(column, rows) / rows]));
  return { total: [...byColumn.values()].reduce((sum, each) => sum + each, 0), byColumn };
}
