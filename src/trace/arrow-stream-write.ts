import { InputError } from '../errors.js';
import { arrowSchema, dictionaryId, messageWriter, type ByteSink, type MessageBlock, type MessageWriter } from './arrow-encode.js';
import { batchParts, textsParts } from './arrow-parts.js';
import type { TraceChunk } from './chunk.js';
import { dictionaryUnion, type DictionaryUnion } from './dictionary-union.js';
import type { TraceMetadata } from './metadata.js';
import { TRACE_COLUMNS, type TraceColumn, type TraceColumnName } from './schema.js';

/** What of a trace is written. */
export interface ArrowWriteOptions {
  /** Columns to write, in any order; left out: all. A column that is left out is null in every row when read. */
  readonly columns?: readonly TraceColumnName[];
}

/** A trace being written. */
export interface TraceWriter {
  /**
   * Writes a chunk.
   *
   * @throws {@link InputError} MISSING_FIELD where it leaves out a column that is never null
   */
  readonly write: (chunk: TraceChunk) => void;
  /** Ends the trace; nothing can be written after it. */
  readonly end: () => void;
}

/** Columns to write, in the table's order. */
export function writtenColumns({ columns }: ArrowWriteOptions): readonly TraceColumn[] {
  return columns === undefined ? TRACE_COLUMNS : TRACE_COLUMNS.filter(({ name }) => columns.includes(name));
}

/** Dictionaries that grow, by column name. */
export function growingDictionaries(columns: readonly TraceColumn[]): ReadonlyMap<string, DictionaryUnion> {
  return new Map(columns.filter(({ type, domain }) => type.startsWith('dictionary') && domain === null).map(({ name }) => [name, dictionaryUnion()]));
}

/** Takes a chunk's values into the dictionaries. */
export function admitValues({ columns }: TraceChunk, dictionaries: ReadonlyMap<string, DictionaryUnion>): void {
  for (const [name, dictionary] of dictionaries) {
    const data = columns[name as TraceColumnName];
    if (data?.kind !== 'code') continue;
    dictionary.admit(data);
    const most = 2 ** (8 * data.codes.BYTES_PER_ELEMENT - 1);
    if (dictionary.size() > most) throw new InputError('NUMBER_OUT_OF_RANGE', `${name} must have at most ${String(most)} distinct values, got ${String(dictionary.size())}`);
  }
}

/** Ends a stream: the continuation mark and a length of 0. */
export const END_OF_STREAM: Uint8Array = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

/** Writes what the dictionaries have gained: whole the first time, then as additions. */
export function dictionaryWriter(to: MessageWriter, columns: readonly TraceColumn[], dictionaries: ReadonlyMap<string, DictionaryUnion>): () => readonly MessageBlock[] {
  const written = new Map<string, number>();
  return () => columns.filter(({ type }) => type.startsWith('dictionary')).flatMap((column) => {
    const growing = dictionaries.get(column.name);
    const values = growing?.values() ?? column.domain ?? [];
    const size = growing?.size() ?? values.length;
    const before = written.get(column.name);
    if (before === size) return [];
    written.set(column.name, size);
    return [to.dictionary(dictionaryId(column), before !== undefined, textsParts(values.slice(before ?? 0, size)))];
  });
}

/** Writes batches and what their dictionaries have gained, then the end of the stream; the schema is written already. */
export function batchWriter(to: MessageWriter, columns: readonly TraceColumn[]): TraceWriter {
  const dictionaries = growingDictionaries(columns);
  const writeDictionaries = dictionaryWriter(to, columns, dictionaries);
  return {
    write: (chunk) => {
      admitValues(chunk, dictionaries);
      const parts = batchParts(chunk, columns, dictionaries);
      writeDictionaries();
      to.batch(parts);
    },
    end: () => { to.raw(END_OF_STREAM); },
  };
}

/**
 * Starts writing a trace as an uncompressed Arrow IPC stream.
 *
 * @param sink - gets the stream's bytes in order, among them views of the chunks' own memory
 * @remarks Same metadata and chunks, same bytes. Nothing of a chunk is kept but the values of growing dictionaries, which go
 * out as additions before the first batch that uses them.
 */
export function arrowStreamWriter(metadata: TraceMetadata, sink: ByteSink, options: ArrowWriteOptions = {}): TraceWriter {
  const columns = writtenColumns(options);
  const to = messageWriter(sink);
  to.schema(arrowSchema(columns, metadata));
  return batchWriter(to, columns);
}
