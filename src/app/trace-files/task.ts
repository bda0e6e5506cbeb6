import type { GroupSummary } from '../../baseline/trace/group-summaries.js';
import type { ErrorCode } from '../../errors.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import type { TraceRow } from '../../trace/row.js';
import type { TraceColumnName } from '../../trace/schema.js';
import type { DrawnMeasure } from './drawn-measures.js';
import type { TraceForm } from './form.js';

/** A trace to read, and the hash that its bytes must have where one is known. */
interface TraceFile {
  readonly path: string;
  /** 64 hexadecimal digits; null where none is known. */
  readonly sha256: string | null;
}

/** What a reader is asked to do. Nothing of a file is parsed in the process that asks. */
export type TraceTask =
  | (TraceFile & { readonly kind: 'check' })
  | (TraceFile & { readonly kind: 'convert'; readonly out: string; readonly form: TraceForm })
  | (TraceFile & { readonly kind: 'head'; readonly rows: number })
  | (TraceFile & { readonly kind: 'stats'; readonly plot: boolean });

/** What a reader found out about a file. */
export interface TraceSource {
  readonly form: TraceForm;
  readonly sizeBytes: number;
  /** Whether the bytes have the hash that was known. Without one a change that keeps the form cannot be seen. */
  readonly verified: boolean;
  readonly metadata: TraceMetadata;
  readonly columns: readonly TraceColumnName[];
}

/** Rows read. */
interface TraceCount {
  readonly rows: number;
  readonly batches: number;
  /** Bytes at the end that are no complete batch or line and were left out. */
  readonly lostBytes: number;
}

/** Every row read and checked. */
export interface CheckResult extends TraceSource, TraceCount {}

/** A trace written anew. */
export interface ConvertResult extends TraceSource, TraceCount {
  readonly writtenBytes: number;
  /** SHA-256 of what was written. */
  readonly writtenSha256: string;
}

/** The first rows of a trace. */
export interface HeadResult extends TraceSource {
  readonly rows: readonly TraceRow[];
  /** Whether there are no more. */
  readonly all: boolean;
}

/** A column's share of a trace. */
export interface ColumnStats {
  readonly name: TraceColumnName;
  /** Bytes a row takes in memory and in Arrow, without the dictionary. */
  readonly bytesPerRow: number;
  readonly nulls: number;
  /** Different values that its rows have; null for a column that has no dictionary. */
  readonly values: number | null;
}

/** Latencies of one capability, of one kind: kinds are never pooled. */
export interface LatencyStats extends Omit<GroupSummary, 'group' | 'rows'> {
  readonly capability: string | null;
  /** Null for latencies whose kind the source does not say. */
  readonly kind: string | null;
}

/** What a trace holds. */
export interface StatsResult extends TraceSource, TraceCount {
  readonly perColumn: readonly ColumnStats[];
  /** First and last time, microseconds since 1970 UTC; null without any. */
  readonly span: { readonly first: bigint; readonly last: bigint } | null;
  /** Rows by word, for the columns that say what happened; a row without a word counts under null. */
  readonly counts: readonly { readonly column: TraceColumnName; readonly words: readonly { readonly word: string | null; readonly rows: number }[] }[];
  readonly latencies: readonly LatencyStats[];
  /** What there is to draw, where that was asked for. */
  readonly drawn: readonly DrawnMeasure[];
}

/** What a task's result is. */
export type TraceResult<K extends TraceTask['kind']> = { readonly check: CheckResult; readonly convert: ConvertResult; readonly head: HeadResult; readonly stats: StatsResult }[K];

/** What a reader says: that it goes on, what came of a task, or why nothing did. */
export type ReaderMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: unknown; readonly rssBytes: number }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly offset: number | null; readonly rssBytes: number }
  | { readonly kind: 'system'; readonly message: string; readonly code: string | undefined; readonly syscall: string | undefined; readonly path: string | undefined }
  | { readonly kind: 'mistake'; readonly stack: string };
