import { InputError } from '../errors.js';
import { arrowSchema, messageWriter, type ByteSink } from './arrow-encode.js';
import { fileColumns } from './arrow-columns.js';
import { badArrow, messageAt, MOST_META } from './arrow-frames.js';
import { batchWriter, type TraceWriter } from './arrow-stream-write.js';
import type { TraceTail } from './arrow-stream-read.js';
import { readAt, type ByteFile } from './byte-file.js';
import { parseTraceMetadata, type TraceMetadata } from './metadata.js';
import type { TraceColumn } from './schema.js';

/** A trace that more is to be written to. */
export interface TraceAppend {
  /** Where the sink's bytes go, one after the other: what the file holds from there on is overwritten, or cut off. */
  readonly position: number;
  /** Bytes of a torn tail that will be cut off. */
  readonly lostBytes: number;
  readonly writer: TraceWriter;
}

/** Bytes looked at a time. */
const STEP = 1 << 16;

/** Whether a file holds nothing but 0 from a byte on, as a crash may leave it. */
function onlyZeros(file: ByteFile, from: number): boolean {
  for (let position = from; position < file.sizeBytes; position += STEP) {
    if (readAt(file, position, Math.min(STEP, file.sizeBytes - position)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/** What a message's frame says, without its body; null where the file stops short within it. */
function frameAt(file: ByteFile, position: number): { readonly kind: 'end' } | { readonly kind: 'message'; readonly meta: Uint8Array; readonly next: number; readonly isBatch: boolean } | null {
  const left = file.sizeBytes - position;
  if (left < 8) return null;
  const prefix = readAt(file, position, 8);
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  if (view.getInt32(0, true) === 0 && onlyZeros(file, position)) return null;
  if (view.getInt32(0, true) !== -1) throw badArrow(position, 'a message must begin with the bytes ff ff ff ff');
  const size = view.getInt32(4, true);
  if (size === 0) return { kind: 'end' };
  if (size < 0 || size > MOST_META) throw badArrow(position, `a message states ${String(size)} bytes of metadata`);
  if (left < 8 + size) return null;
  const meta = readAt(file, position + 8, size);
  const { kind, bodyLength } = messageAt(position, meta);
  const next = position + 8 + size + bodyLength;
  return next > file.sizeBytes ? null : { kind: 'message', meta, next, isBatch: kind === 'batch' };
}

/** How a stream ends, found by its frames alone. */
function tailFrom(file: ByteFile, start: number): TraceTail {
  let soundBytes = start;
  let position = start;
  for (;;) {
    const frame = frameAt(file, position);
    if (frame === null) return { marked: false, lostBytes: file.sizeBytes - soundBytes, soundBytes };
    if (frame.kind === 'end') {
      if (position + 8 !== file.sizeBytes) throw badArrow(position + 8, 'bytes after the end of the trace');
      return { marked: true, lostBytes: 0, soundBytes };
    }
    position = frame.next;
    if (frame.isBatch) soundBytes = position;
  }
}

/** The columns of a stream that this library wrote with this metadata. */
function ownColumns(meta: Uint8Array, metadata: TraceMetadata): readonly TraceColumn[] {
  const message = messageAt(0, meta);
  if (message.kind !== 'schema') throw badArrow(0, `the first message must be the schema, got a ${message.kind}`);
  parseTraceMetadata(message.metadata);
  const columns = fileColumns(message.fields).map(({ column }) => column);
  const parts: Uint8Array[] = [];
  messageWriter((bytes) => parts.push(bytes.slice())).schema(arrowSchema(columns, metadata));
  if (Buffer.compare(Buffer.concat(parts).subarray(8), meta) !== 0) {
    throw new InputError('UNSUPPORTED_SCHEMA', 'the trace to append to must have the same metadata, and columns laid out as they are written here: convert both into a new trace instead');
  }
  return columns;
}

/**
 * Prepares to append to a trace in an Arrow IPC stream: new batches go over its end mark.
 *
 * @param file - the stream as it is
 * @param metadata - must be the stream's own
 * @param sink - gets the bytes to write from `position` on, in order, the new end mark last
 * @param torn - what to do where the stream stops short: refuse, or cut off what follows its last complete batch; left out: refuse
 * @throws {@link InputError} TORN_TAIL, BAD_ARROW, UNSUPPORTED_SCHEMA; EMPTY_INPUT where there is no stream to append to
 * @remarks Reads one frame header a batch, no bodies. The new batches bring dictionaries of their own. Written in order, a
 * crash leaves a torn tail that can be read and appended to again. Cut the file to where the sink's bytes end.
 */
export function appendArrowStream(file: ByteFile, metadata: TraceMetadata, sink: ByteSink, torn: 'refuse' | 'cut' = 'refuse'): TraceAppend {
  if (file.sizeBytes === 0) throw new InputError('EMPTY_INPUT', 'the trace is empty: write a new one');
  const first = frameAt(file, 0);
  if (first?.kind !== 'message') throw new InputError('TORN_TAIL', 'the trace stops short within its schema');
  const columns = ownColumns(first.meta, metadata);
  const { soundBytes, lostBytes } = tailFrom(file, first.next);
  if (lostBytes > 0 && torn === 'refuse') {
    throw new InputError('TORN_TAIL', `the trace stops short: its last ${String(lostBytes)} bytes are no complete batch`, { offset: soundBytes });
  }
  return { position: soundBytes, lostBytes, writer: batchWriter(messageWriter(sink), columns) };
}
