import { hasValue, type TraceChunk, type TraceColumnData } from '../../trace/chunk.js';
import { TRACE_COLUMNS, type TraceColumn } from '../../trace/schema.js';
import { sqlName } from './text.js';
import { LOADED_COLUMNS, sqlTableName, type SqlTable } from './trace-table.js';

/** Bytes that grow by doubling. */
interface Out {
  bytes: Buffer;
  at: number;
}

function room(out: Out, more: number): void {
  if (out.at + more <= out.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(2 * out.bytes.length, out.at + more));
  out.bytes.copy(larger, 0, 0, out.at);
  out.bytes = larger;
}

function putLength(out: Out, length: number): void {
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.bytes[out.at++] = (rest % 128) | 0x80;
  out.bytes[out.at++] = rest;
}

function putText(out: Out, text: Uint8Array): void {
  room(out, text.length + 8);
  putLength(out, text.length);
  if (text.length < 32) for (let i = 0; i < text.length; i += 1) out.bytes[out.at + i] = text[i] ?? 0;
  else out.bytes.set(text, out.at);
  out.at += text.length;
}

type Put = (out: Out, row: number) => void;

function numberPut(data: TraceColumnData & { readonly kind: 'number' }): Put {
  const { values } = data;
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return (out, row) => {
    room(out, width);
    // A loop: a view of a few bytes costs more than the bytes.
    for (let i = 0; i < width; i += 1) out.bytes[out.at + i] = bytes[width * row + i] ?? 0;
    out.at += width;
  };
}

function codePut(data: TraceColumnData & { readonly kind: 'code' }): Put {
  const encoded: (Buffer | undefined)[] = [];
  return (out, row) => {
    const code = data.codes[row] ?? 0;
    putText(out, (encoded[code] ??= Buffer.from(data.values[code] ?? '')));
  };
}

function valuePut(data: TraceColumnData): Put {
  switch (data.kind) {
    case 'number':
      return numberPut(data);
    case 'code':
      return codePut(data);
    case 'text':
      return (out, row) => { putText(out, data.bytes.subarray(data.offsets[row], data.offsets[row + 1])); };
    case 'hash':
      return (out, row) => {
        room(out, 32);
        out.bytes.set(data.bytes.subarray(32 * row, 32 * row + 32), out.at);
        out.at += 32;
      };
  }
}

/** What stands in a column that is never null and that the chunk leaves out. */
function fallbackPut(column: TraceColumn): Put {
  const { fallback } = column;
  if (typeof fallback === 'string') {
    const text = Buffer.from(fallback);
    return (out) => { putText(out, text); };
  }
  return (out) => {
    room(out, 8);
    out.bytes.writeUInt32LE(fallback ?? 0, out.at);
    out.at += 4;
  };
}

function putBig(out: Out, value: number): void {
  room(out, 8);
  out.bytes.writeBigUInt64LE(BigInt(value), out.at);
  out.at += 8;
}

function columnPut(column: TraceColumn, data: TraceColumnData | undefined, firstRow: number): Put {
  if (data === undefined) {
    if (column.nullable) return (out) => { room(out, 1); out.bytes[out.at++] = 1; };
    return column.name === 'seq' ? (out, row) => { putBig(out, firstRow + row); } : fallbackPut(column);
  }
  const put = valuePut(data);
  if (!column.nullable) return put;
  return (out, row) => {
    room(out, 1);
    const there = hasValue(data, row);
    out.bytes[out.at++] = there ? 0 : 1;
    if (there) put(out, row);
  };
}

/**
 * A chunk's rows as ClickHouse's RowBinary, which keeps every bit: texts of numbers would not survive every reader.
 *
 * @param trace - name of the trace
 * @param firstRow - place of the chunk's first row in it
 * @param rows - rows of the chunk to take, from and up to
 * @remarks O(rows). The columns are those of {@link insertTraceSql}, in its order.
 */
export function traceRowBinary(chunk: TraceChunk, trace: string, firstRow: number, [from, to]: readonly [number, number] = [0, chunk.rows]): Uint8Array {
  const out: Out = { bytes: Buffer.allocUnsafe(1 << 20), at: 0 };
  const name = Buffer.from(trace);
  const puts = TRACE_COLUMNS.map((column) => columnPut(column, chunk.columns[column.name], firstRow));
  for (let row = from; row < to; row += 1) {
    putText(out, name);
    putBig(out, firstRow + row);
    for (const put of puts) put(out, row);
  }
  return out.bytes.subarray(0, out.at);
}

/** The statement that {@link traceRowBinary} goes with. */
export function insertTraceSql(table: SqlTable): string {
  const names = [...LOADED_COLUMNS, ...TRACE_COLUMNS.map(({ name }) => name)].map((name) => sqlName(name, 'column'));
  return `INSERT INTO ${sqlTableName(table)} (${names.join(', ')}) FORMAT RowBinary`;
}
