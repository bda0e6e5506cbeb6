import type { TraceChunk } from '../../trace/chunk.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import type { TraceColumnName } from '../../trace/schema.js';
import type { TraceForm } from './form.js';

/** A trace that can be read again and again. */
export interface OpenTrace {
  readonly form: TraceForm;
  readonly metadata: TraceMetadata;
  /** Columns that the trace has, in the table's order. */
  readonly columns: readonly TraceColumnName[];
  /** Starts a pass over the chunks; left out: every column. A pass may bring more columns than asked for. */
  readonly pass: (columns?: readonly TraceColumnName[]) => AsyncIterable<TraceChunk> | Iterable<TraceChunk>;
  /** Bytes at the end that are no complete batch or line and are left out; known once a pass has come to its end. */
  readonly lostBytes: () => number;
}

/** Told how far the work has come: a sign of life. */
export type OnProgress = (rows: number, bytes: number) => void;

/** Told how many rows have been worked through. */
export type OnRows = (rows: number) => void;
