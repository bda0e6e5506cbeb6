import { BufferRegion, DictionaryBatch, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { Field, Schema } from 'apache-arrow/schema';
import { Dictionary, FixedSizeBinary, Float64, Int16, Int32, Int64, Int8, TimestampMicrosecond, Uint32, Uint64, Utf8, type DataType } from 'apache-arrow/type';
import { formatTraceMetadata, type TraceMetadata } from './metadata.js';
import { TRACE_COLUMNS, type TraceColumn } from './schema.js';

/** Takes bytes that are to be written next; they are the taker's only until it returns. */
export type ByteSink = (bytes: Uint8Array) => void;

/** A column's dictionary goes by the column's place in the full table, whatever is left out. */
export function dictionaryId(column: TraceColumn): number {
  return TRACE_COLUMNS.findIndex(({ name }) => name === column.name);
}

const INDEX = { dictionary8: () => new Int8(), dictionary16: () => new Int16(), dictionary32: () => new Int32() };
const PLAIN = {
  uint64: () => new Uint64(),
  int64: () => new Int64(),
  timestamp_us_utc: () => new TimestampMicrosecond('UTC'),
  uint32: () => new Uint32(),
  int32: () => new Int32(),
  float64: () => new Float64(),
  utf8: () => new Utf8(),
  fixed32: () => new FixedSizeBinary(32),
};

function typeOf(column: TraceColumn): DataType {
  const { type } = column;
  if (type === 'dictionary8' || type === 'dictionary16' || type === 'dictionary32') return new Dictionary(new Utf8(), INDEX[type](), dictionaryId(column));
  return PLAIN[type]();
}

/** The Arrow schema of a trace with these columns. */
export function arrowSchema(columns: readonly TraceColumn[], metadata: TraceMetadata): Schema {
  return new Schema(columns.map((column) => new Field(column.name, typeOf(column), column.nullable)), new Map(formatTraceMetadata(metadata)));
}

/** Rows and nulls of each column, and every column's buffers in Arrow's order. */
export interface BatchParts {
  readonly rows: number;
  readonly nodes: readonly { readonly rows: number; readonly nulls: number }[];
  readonly buffers: readonly Uint8Array[];
}

/** Where a message lies: what an Arrow file's footer lists. */
export interface MessageBlock {
  readonly offset: number;
  /** Bytes before the body, the 8 of the frame's prefix included. */
  readonly metaLength: number;
  readonly bodyLength: number;
}

/** Writes messages one after the other and knows where each lies. */
export interface MessageWriter {
  readonly schema: (schema: Schema) => void;
  readonly dictionary: (id: number, isDelta: boolean, parts: BatchParts) => MessageBlock;
  readonly batch: (parts: BatchParts) => MessageBlock;
  /** Bytes as they are. */
  readonly raw: (bytes: Uint8Array) => void;
  /** Bytes written so far. */
  readonly position: () => number;
}

const ZEROS = new Uint8Array(8);

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** A batch's metadata, and the length of its body. */
function layout({ rows, nodes, buffers }: BatchParts): { readonly batch: RecordBatch; readonly bodyLength: number } {
  let bodyLength = 0;
  const regions = buffers.map(({ byteLength }) => {
    const region = new BufferRegion(bodyLength, byteLength);
    bodyLength += padded(byteLength);
    return region;
  });
  return { batch: new RecordBatch(rows, nodes.map((node) => new FieldNode(node.rows, node.nulls)), regions, null), bodyLength };
}

/** Starts writing messages into a sink. */
export function messageWriter(sink: ByteSink): MessageWriter {
  let position = 0;
  const raw = (bytes: Uint8Array): void => {
    if (bytes.byteLength === 0) return;
    position += bytes.byteLength;
    sink(bytes);
  };
  const pad = (length: number): void => { raw(ZEROS.subarray(0, padded(length) - length)); };
  const message = (of: Message, buffers: readonly Uint8Array[]): MessageBlock => {
    const offset = position;
    const header = Message.encode(of);
    const prefix = new DataView(new ArrayBuffer(8));
    prefix.setInt32(0, -1, true);
    prefix.setInt32(4, padded(header.byteLength), true);
    raw(new Uint8Array(prefix.buffer));
    raw(header);
    pad(header.byteLength);
    const metaLength = position - offset;
    for (const buffer of buffers) {
      raw(buffer);
      pad(buffer.byteLength);
    }
    return { offset, metaLength, bodyLength: position - offset - metaLength };
  };
  return {
    schema: (schema) => { message(Message.from(schema), []); },
    dictionary: (id, isDelta, parts) => {
      const { batch, bodyLength } = layout(parts);
      return message(Message.from(new DictionaryBatch(batch, id, isDelta), bodyLength), parts.buffers);
    },
    batch: (parts) => {
      const { batch, bodyLength } = layout(parts);
      return message(Message.from(batch, bodyLength), parts.buffers);
    },
    raw,
    position: () => position,
  };
}
