import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { MetadataVersion } from 'apache-arrow/enum';
import { InputError } from '../errors.js';
import { arrowSchema, messageWriter, type ByteSink, type MessageBlock } from './arrow-encode.js';
import { batchParts } from './arrow-parts.js';
import { admitValues, dictionaryWriter, END_OF_STREAM, growingDictionaries, writtenColumns, type ArrowWriteOptions, type TraceWriter } from './arrow-stream-write.js';
import type { TraceChunk } from './chunk.js';
import type { TraceMetadata } from './metadata.js';

/** A trace being written as an Arrow file, whose dictionaries must be whole before its first batch. */
export interface TraceFileWriter extends TraceWriter {
  /** First pass: takes a chunk's dictionary values in. Every chunk must be learnt before the first is written. */
  readonly learn: (chunk: TraceChunk) => void;
}

/** What an Arrow file begins with, padded, and ends with. */
const MAGIC = Uint8Array.of(65, 82, 82, 79, 87, 49, 0, 0);

/**
 * Starts writing a trace as an uncompressed Arrow IPC file, in two passes over its chunks: all are learnt, then all are written.
 *
 * @param sink - gets the file's bytes in order, among them views of the chunks' own memory
 * @throws {@link InputError} BAD_PARAM where a chunk to write has a value that was not learnt
 * @remarks Same metadata and chunks, same bytes. Memory: the values of growing dictionaries, and the place of each batch.
 */
export function arrowFileWriter(metadata: TraceMetadata, sink: ByteSink, options: ArrowWriteOptions = {}): TraceFileWriter {
  const columns = writtenColumns(options);
  const schema = arrowSchema(columns, metadata);
  const dictionaries = growingDictionaries(columns);
  const to = messageWriter(sink);
  const writeDictionaries = dictionaryWriter(to, columns, dictionaries);
  const batches: MessageBlock[] = [];
  let heads: readonly MessageBlock[] | null = null;
  const begin = (): readonly MessageBlock[] => {
    to.raw(MAGIC);
    to.schema(schema);
    return writeDictionaries();
  };
  return {
    learn: (chunk) => {
      if (heads !== null) throw new InputError('BAD_PARAM', 'learn must come before the first write');
      admitValues(chunk, dictionaries);
    },
    write: (chunk) => {
      heads ??= begin();
      const sizes = [...dictionaries.values()].map((dictionary) => dictionary.size());
      admitValues(chunk, dictionaries);
      const grown = [...dictionaries].find(([, dictionary], i) => dictionary.size() !== sizes[i]);
      if (grown !== undefined) throw new InputError('BAD_PARAM', `${grown[0]} has a value that was not learnt: an Arrow file's dictionaries come before its batches`);
      batches.push(to.batch(batchParts(chunk, columns, dictionaries)));
    },
    end: () => {
      heads ??= begin();
      to.raw(END_OF_STREAM);
      const blocks = [batches, heads].map((list) => list.map(({ metaLength, bodyLength, offset }) => new FileBlock(metaLength, bodyLength, offset)));
      const footer = Footer.encode(new Footer(schema, MetadataVersion.V5, blocks[0], blocks[1]));
      const length = new DataView(new ArrayBuffer(4));
      length.setInt32(0, footer.byteLength, true);
      to.raw(footer);
      to.raw(new Uint8Array(length.buffer));
      to.raw(MAGIC.subarray(0, 6));
    },
  };
}
