import { InputError } from '../errors.js';
import type { BatchParts } from './arrow-encode.js';
import type { TraceChunk, TraceCodes, TraceColumnData, TraceTexts } from './chunk.js';
import type { DictionaryUnion } from './dictionary-union.js';
import type { TraceColumn } from './schema.js';

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const NONE = new Uint8Array(0);

const WIDTHS = { uint64: 8, int64: 8, timestamp_us_utc: 8, uint32: 4, int32: 4, float64: 8, fixed32: 32, dictionary8: 1, dictionary16: 2, dictionary32: 4 };

/** Bitmap of which rows hold a value: empty where all do, bits past the last row 0. */
function validityOf({ validity, nullCount }: TraceColumnData, rows: number): Uint8Array {
  if (validity === null || nullCount === 0) return NONE;
  const bytes = validity.subarray(0, Math.ceil(rows / 8));
  const last = bytes.length - 1;
  const kept = rows % 8 === 0 ? 0xff : (1 << rows % 8) - 1;
  if (((bytes[last] ?? 0) & ~kept) === 0) return bytes;
  const masked = bytes.slice();
  masked[last] = (masked[last] ?? 0) & kept;
  return masked;
}

function textParts({ offsets, bytes }: TraceTexts, rows: number): readonly Uint8Array[] {
  const start = offsets[0] ?? 0;
  const end = offsets[rows] ?? start;
  const own = offsets.subarray(0, rows + 1);
  return [bytesOf(start === 0 ? own : own.map((offset) => offset - start)), bytes.subarray(start, end)];
}

/** A column that a chunk leaves out: null in every row. */
function nullParts(column: TraceColumn, rows: number): readonly Uint8Array[] {
  if (!column.nullable) throw new InputError('MISSING_FIELD', `the trace has no column ${column.name}`);
  const bitmap = new Uint8Array(Math.ceil(rows / 8));
  return column.type === 'utf8' ? [bitmap, new Uint8Array(4 * (rows + 1)), NONE] : [bitmap, new Uint8Array(WIDTHS[column.type] * rows)];
}

function valueParts(data: TraceColumnData, rows: number, codes: (data: TraceCodes) => TraceCodes['codes']): readonly Uint8Array[] {
  switch (data.kind) {
    case 'number':
      return [bytesOf(data.values)];
    case 'code':
      return [bytesOf(codes(data))];
    case 'text':
      return textParts(data, rows);
    case 'hash':
      return [bytesOf(data.bytes)];
  }
}

/**
 * A chunk as the parts of an Arrow record batch.
 *
 * @param columns - what the schema has, in its order
 * @param dictionaries - by column name, for those that grow; the chunk's values are admitted
 * @throws {@link InputError} MISSING_FIELD where the chunk leaves out a column that is never null
 */
export function batchParts({ rows, columns: data }: TraceChunk, columns: readonly TraceColumn[], dictionaries: ReadonlyMap<string, DictionaryUnion>): BatchParts {
  const nodes: { readonly rows: number; readonly nulls: number }[] = [];
  const buffers: Uint8Array[] = [];
  for (const column of columns) {
    const own: TraceColumnData | undefined = data[column.name];
    nodes.push({ rows, nulls: own?.nullCount ?? rows });
    if (own === undefined) buffers.push(...nullParts(column, rows));
    else buffers.push(validityOf(own, rows), ...valueParts(own, rows, (codes) => dictionaries.get(column.name)?.codesOf(codes) ?? codes.codes));
  }
  return { rows, nodes, buffers };
}

/** Texts as the parts of a dictionary batch. */
export function textsParts(texts: readonly string[]): BatchParts {
  const offsets = new Int32Array(texts.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = (offsets[i] ?? 0) + Buffer.byteLength(text)));
  const bytes = Buffer.alloc(offsets[texts.length] ?? 0);
  texts.forEach((text, i) => bytes.write(text, offsets[i] ?? 0, 'utf8'));
  return { rows: texts.length, nodes: [{ rows: texts.length, nulls: 0 }], buffers: [NONE, bytesOf(offsets), bytesOf(bytes)] };
}
