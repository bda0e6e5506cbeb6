import { InputError } from '../errors.js';
import { checkColumn } from './arrow-check.js';
import { bodyOf, columnData, fileColumns, type Body, type FileColumn } from './arrow-columns.js';
import { fileDictionaries, type FileDictionaries } from './arrow-dictionaries.js';
import { arrowFrames, badArrow, type ArrowFrame, type ArrowFrames, type BytePull } from './arrow-frames.js';
import { reusedMemory } from './byte-file.js';
import type { TraceChunk } from './chunk.js';
import { parseTraceMetadata, type TraceMetadata } from './metadata.js';
import type { TraceColumnName } from './schema.js';

/** What of a trace is read, and how. */
export interface ArrowReadOptions {
  /** Columns to read; left out: all that the trace has. */
  readonly columns?: readonly TraceColumnName[];
  /** What to do where the bytes stop short within a batch: refuse, or keep every batch before it; left out: refuse. */
  readonly torn?: 'refuse' | 'keep';
  /**
   * Whether each chunk has memory of its own or all share what the next chunk overwrites: faster where a chunk is done with before
   * the next is asked for; left out: own.
   */
  readonly memory?: 'own' | 'shared';
}

/** How a trace ended. */
export interface TraceTail {
  /** Whether the mark of the end was there. A trace that was cut between batches lacks it and is whole otherwise. */
  readonly marked: boolean;
  /** Bytes after the last complete batch that could not be used. */
  readonly lostBytes: number;
  /** Bytes up to and including the last complete batch. */
  readonly soundBytes: number;
}

/** A trace being read, once. */
export interface TraceReading {
  readonly metadata: TraceMetadata;
  /** Columns that the trace has, in its order. */
  readonly columns: readonly TraceColumnName[];
  /** Chunks in order, read as they are asked for; each is the caller's, unless they share memory. */
  readonly chunks: Iterable<TraceChunk>;
  /** How the trace ended; null until its chunks have been read to the end. */
  readonly tail: () => TraceTail | null;
}

/**
 * A record batch as a chunk.
 *
 * @throws {@link InputError} BAD_ARROW
 */
export function chunkOf(body: Body, columns: readonly FileColumn[], dictionaries: FileDictionaries): TraceChunk {
  const { layout, offset } = body;
  const { rows } = layout;
  if (layout.compressed) throw badArrow(offset, 'a compressed batch: write the trace uncompressed');
  // Every column takes a byte a row at least.
  if (!(rows >= 0 && rows <= body.length)) throw badArrow(offset, `a batch of ${String(body.length)} bytes states ${String(rows)} rows`);
  const data = columns.map((of) => {
    const dictionary = dictionaries.of(of, offset);
    const own = columnData({ body, of, rows }, dictionary);
    checkColumn(of.column.name, own, rows, offset);
    return [of.column.name, own] as const;
  });
  return { rows, columns: Object.fromEntries(data) };
}

function schemaFrame(frame: ArrowFrame): { readonly columns: readonly FileColumn[]; readonly metadata: TraceMetadata } {
  if (frame.kind === 'end') throw new InputError('EMPTY_INPUT', 'the trace is empty: expected an Arrow stream');
  if (frame.kind === 'torn') throw new InputError('TORN_TAIL', 'the trace stops short within its schema');
  const { message } = frame;
  if (message.kind !== 'schema') throw badArrow(0, `the first message must be the schema, got a ${message.kind}`);
  return { metadata: parseTraceMetadata(message.metadata), columns: fileColumns(message.fields) };
}

/** The columns asked for. */
export function wantedColumns(columns: readonly FileColumn[], wanted: readonly TraceColumnName[] | undefined): readonly FileColumn[] {
  return wanted === undefined ? columns : columns.filter(({ column }) => wanted.includes(column.name));
}

/** What a stream's last frame says of its end, or a refusal. */
function tailOf(frames: ArrowFrames, frame: ArrowFrame & { readonly kind: 'end' | 'torn' }, soundBytes: number, torn: 'refuse' | 'keep'): TraceTail {
  const marked = frame.kind === 'end' && frame.marked;
  if (marked && !frames.ended()) throw badArrow(frames.position(), 'bytes after the end of the trace');
  const lostBytes = marked ? 0 : frames.position() - soundBytes;
  if (frame.kind === 'torn' && torn === 'refuse') throw new InputError('TORN_TAIL', `the trace stops short: its last ${String(lostBytes)} bytes are no complete batch`, { offset: soundBytes });
  return { marked, lostBytes, soundBytes };
}

function* chunksOf(frames: ArrowFrames, columns: readonly FileColumn[], { torn = 'refuse', columns: wanted }: ArrowReadOptions): Generator<TraceChunk, TraceTail> {
  const dictionaries = fileDictionaries(columns);
  const kept = wantedColumns(columns, wanted);
  let soundBytes = frames.position();
  for (;;) {
    const offset = frames.position();
    const frame = frames.next();
    if (frame.kind !== 'message') return tailOf(frames, frame, soundBytes, torn);
    const { message, body } = frame;
    if (message.kind === 'dictionary') dictionaries.admit(message, body, offset);
    else if (message.kind === 'batch') {
      const chunk = chunkOf(bodyOf(message.layout, body, offset), kept, dictionaries);
      soundBytes = frames.position();
      if (chunk.rows > 0) yield chunk;
    } else throw badArrow(offset, `a ${message.kind} message within the trace`);
  }
}

/**
 * Starts reading a trace from an uncompressed Arrow IPC stream.
 *
 * @param source - the stream's bytes
 * @throws {@link InputError} EMPTY_INPUT, TORN_TAIL, BAD_ARROW, UNSUPPORTED_SCHEMA, BAD_JSON, MISSING_FIELD, WRONG_TYPE, BAD_ENUM;
 * reading the chunks throws TORN_TAIL, BAD_ARROW, BAD_ENUM
 * @remarks One pass, one batch at a time: chunks are views of the batch's bytes. Beside it the distinct values of the
 * dictionaries are kept. Lengths and counts are checked before they are used, so damaged bytes cost no more than sound ones.
 */
export function readArrowStream(source: BytePull, options: ArrowReadOptions = {}): TraceReading {
  const frames = options.memory === 'shared' ? arrowFrames(source, reusedMemory()) : arrowFrames(source);
  const { columns, metadata } = schemaFrame(frames.next());
  let tail: TraceTail | null = null;
  const chunks = function* (): Generator<TraceChunk> {
    tail = yield* chunksOf(frames, columns, options);
  };
  return { metadata, columns: wantedColumns(columns, options.columns).map(({ column }) => column.name), chunks: chunks(), tail: () => tail };
}
