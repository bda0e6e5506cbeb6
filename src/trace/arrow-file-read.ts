import { InputError } from '../errors.js';
import { fileColumns, type FileColumn } from './arrow-columns.js';
import { fileDictionaries } from './arrow-dictionaries.js';
import { badArrow, messageAt, MOST_META } from './arrow-frames.js';
import { schemaOf, type ArrowMessage } from './arrow-message.js';
import { chunkOf, wantedColumns, type ArrowReadOptions } from './arrow-stream-read.js';
import { readAt, reusedMemory, type ByteFile } from './byte-file.js';
import type { TraceChunk } from './chunk.js';
import { flatRoot, wideAt } from './flatbuffer.js';
import { parseTraceMetadata, type TraceMetadata } from './metadata.js';
import type { TraceColumnName } from './schema.js';

/** A trace in an Arrow file: its batches in any order, any number of times. */
export interface TraceFileReading {
  readonly metadata: TraceMetadata;
  /** Columns that are read, in the file's order. */
  readonly columns: readonly TraceColumnName[];
  readonly batches: number;
  /** @throws {@link InputError} BAD_ARROW, BAD_ENUM; BAD_PARAM where there is no such batch */
  readonly chunk: (index: number) => TraceChunk;
  /** Every chunk in order; each pass reads the file again. */
  readonly chunks: Iterable<TraceChunk>;
}

interface Block {
  readonly offset: number;
  readonly metaLength: number;
}

interface Footer {
  readonly columns: readonly FileColumn[];
  readonly metadata: TraceMetadata;
  readonly dictionaries: readonly Block[];
  readonly batches: readonly Block[];
}

const MAGIC = 'ARROW1';

/** Bytes of a footer at most: it names every batch. */
const MOST_FOOTER = 1 << 26;

/** The bytes of a file's footer. */
function footerBytes(file: ByteFile): Uint8Array {
  const { sizeBytes } = file;
  if (sizeBytes === 0) throw new InputError('EMPTY_INPUT', 'the trace is empty: expected an Arrow file');
  const head = sizeBytes < 18 ? '' : Buffer.from(readAt(file, 0, 6)).toString('latin1');
  if (head !== MAGIC) throw badArrow(0, `a file must begin with ${MAGIC}`);
  const tail = readAt(file, sizeBytes - 10, 10);
  const size = new DataView(tail.buffer, tail.byteOffset).getInt32(0, true);
  if (Buffer.from(tail).toString('latin1', 4) !== MAGIC) throw new InputError('TORN_TAIL', `the trace stops short: a file must end with ${MAGIC}`, { offset: sizeBytes - 6 });
  if (size < 0 || size > MOST_FOOTER || size > sizeBytes - 18) throw badArrow(sizeBytes - 10, `the footer states ${String(size)} bytes`);
  return readAt(file, sizeBytes - 10 - size, size);
}

function footerOf(file: ByteFile): Footer {
  const bytes = footerBytes(file);
  const decode = (): { readonly schema: ReturnType<typeof schemaOf>; readonly blocks: readonly (readonly Block[])[] } => {
    const footer = flatRoot(bytes);
    const schema = footer.table(1);
    if (schema === null) throw new RangeError('a footer without a schema');
    return { schema: schemaOf(schema), blocks: [2, 3].map((field) => footer.structs(field, 24).map((view) => ({ offset: wideAt(view, 0), metaLength: view.getInt32(8, true) }))) };
  };
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode();
  } catch (cause) {
    throw badArrow(file.sizeBytes - 10 - bytes.length, 'the footer cannot be read', cause);
  }
  const { schema: { fields, metadata }, blocks: [dictionaries = [], batches = []] } = decoded;
  return { metadata: parseTraceMetadata(metadata), columns: fileColumns(fields), dictionaries, batches };
}

/** The message that a block names. */
function messageOf(file: ByteFile, { offset, metaLength }: Block): ArrowMessage {
  if (metaLength < 8 || metaLength > MOST_META) throw badArrow(offset, `a block states ${String(metaLength)} bytes of metadata`);
  const bytes = readAt(file, offset, metaLength);
  const prefix = new DataView(bytes.buffer, bytes.byteOffset);
  if (prefix.getInt32(0, true) !== -1 || prefix.getInt32(4, true) > metaLength - 8) throw badArrow(offset, 'a block must begin with ff ff ff ff and its length');
  return messageAt(offset, bytes.subarray(8));
}

/** Fetches bytes of a body to their places in memory that is there already. */
function sharedFetch(file: ByteFile, start: number, body: Uint8Array<ArrayBuffer>): (offset: number, length: number) => Uint8Array {
  return (offset, length) => readAt(file, start + offset, length, body.subarray(offset, offset + length));
}

/**
 * Opens a trace in an uncompressed Arrow IPC file.
 *
 * @throws {@link InputError} EMPTY_INPUT, TORN_TAIL, BAD_ARROW, UNSUPPORTED_SCHEMA, BAD_JSON, MISSING_FIELD, WRONG_TYPE, BAD_ENUM
 * @remarks Reads footer and dictionaries at once, a batch when it is asked for: of a batch, the bytes of the columns wanted.
 */
export function readArrowFile(file: ByteFile, { columns: wanted, memory = 'own' }: Pick<ArrowReadOptions, 'columns' | 'memory'> = {}): TraceFileReading {
  const { metadata, columns, dictionaries: heads, batches } = footerOf(file);
  const dictionaries = fileDictionaries(columns);
  for (const block of heads) {
    const message = messageOf(file, block);
    if (message.kind !== 'dictionary') throw badArrow(block.offset, `the footer names a ${message.kind} as a dictionary`);
    dictionaries.admit(message, readAt(file, block.offset + block.metaLength, message.bodyLength), block.offset);
  }
  const kept = wantedColumns(columns, wanted);
  const bodies = reusedMemory();
  const chunk = (index: number): TraceChunk => {
    const block = batches[index];
    if (block === undefined) throw new InputError('BAD_PARAM', `batch must be in 0..${String(batches.length - 1)}, got ${String(index)}`);
    const message = messageOf(file, block);
    if (message.kind !== 'batch') throw badArrow(block.offset, `the footer names a ${message.kind} as a batch`);
    const start = block.offset + block.metaLength;
    const own = (offset: number, length: number): Uint8Array => readAt(file, start + offset, length);
    const fetch = memory === 'own' ? own : sharedFetch(file, start, bodies(Math.min(message.bodyLength, file.sizeBytes)));
    return chunkOf({ layout: message.layout, length: message.bodyLength, offset: block.offset, fetch }, kept, dictionaries);
  };
  return {
    metadata,
    columns: kept.map(({ column }) => column.name),
    batches: batches.length,
    chunk,
    chunks: { *[Symbol.iterator]() { for (let i = 0; i < batches.length; i += 1) yield chunk(i); } },
  };
}
