/** Distinct texts of a column and, per row, the place of its text; -1 where it has none. */
export interface TextCodes {
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/** What was found at a row; bits of {@link TimelineRows.marks}. */
export const MARKS = {
  fault: 1,
  mismatch: 2,
  novel: 4,
  alarm: 8,
  change: 16,
  outside: 32,
  failed: 64,
} as const;

/** A name of {@link MARKS}. */
export type MarkName = keyof typeof MARKS;

/** Bits that are findings; a call that failed is none by itself, and a change of regime lies between calls. */
export const FINDING_BITS: number = MARKS.fault | MARKS.mismatch | MARKS.novel | MARKS.alarm | MARKS.outside;

/** Words of labels: code 0 is none, 1 the first of them. */
export const LABEL_WORDS: readonly string[] = ['safe', 'unsafe'];

/** Calls of all inputs, one typed array a field, input after input. */
export interface TimelineRows {
  readonly count: number;
  /** Milliseconds since the epoch; NaN where there is no time. */
  readonly tsMs: Float64Array;
  readonly input: Int32Array;
  /** Line or record of the input, from 1. */
  readonly place: Int32Array;
  readonly actor: TextCodes;
  readonly capability: TextCodes;
  readonly decision: TextCodes;
  readonly outcome: TextCodes;
  readonly reason: TextCodes;
  readonly state: TextCodes;
  /** NaN where there is none. */
  readonly score: Float64Array;
  /** Microseconds; NaN where it is not known. */
  readonly latency: Float64Array;
  readonly callId: readonly string[];
  /** What the call touched; empty where it is not known. */
  readonly resource: readonly string[];
  readonly marks: Uint8Array;
  readonly label: Uint8Array;
  /** What was found at a row, in words; rows without a finding have none. */
  readonly notes: ReadonlyMap<number, readonly string[]>;
}
