import type { TraceChunk, TraceCodes } from '../../trace/chunk.js';
import { codes } from '../../trace/chunk.js';
import { dictionaryUnion } from '../../trace/dictionary-union.js';
import type { TraceCodeName } from '../../trace/schema.js';

/** A trace to compute from: its chunks, or how to read them again from the start. */
export type TraceChunks = readonly TraceChunk[] | (() => Iterable<TraceChunk>);

/** The chunks of a source, from the start. */
export function chunksFrom(source: TraceChunks): Iterable<TraceChunk> {
  return typeof source === 'function' ? source() : source;
}

/** Codes of one column that mean the same in all chunks. */
export interface UnitedCodes {
  /** One code a row, -1 where null. */
  readonly of: (chunk: TraceChunk) => TraceCodes['codes'];
  /** The same, to keep when the chunk's memory is used for something else. */
  readonly kept: (chunk: TraceChunk) => TraceCodes['codes'];
  /** Texts by code, as far as chunks have been asked about. */
  readonly values: () => readonly string[];
  readonly size: () => number;
}

/** A view's values in memory of their own: that of a batch that is read is the whole batch's. */
export function owned<A extends TraceCodes['codes'] | Float64Array>(view: A): A {
  return view.byteLength === view.buffer.byteLength ? view : (view.slice() as A);
}

/** Starts giving the codes of a column one meaning in all chunks. Memory grows with the distinct values. */
export function unitedCodes(name: TraceCodeName): UnitedCodes {
  const union = dictionaryUnion();
  let last: { readonly chunk: TraceChunk; readonly codes: TraceCodes['codes']; kept: TraceCodes['codes'] | null } | null = null;
  const unite = (chunk: TraceChunk): TraceCodes['codes'] => {
    const column = codes(chunk, name);
    union.admit(column);
    const own = union.codesOf(column);
    // A null row's code is no place in the dictionary, and stays what it is.
    return own === column.codes ? own : own.map((code, row) => ((column.codes[row] ?? -1) < 0 ? -1 : code));
  };
  // Several statistics ask about a chunk one after the other.
  const of = (chunk: TraceChunk): NonNullable<typeof last> => {
    if (last?.chunk !== chunk) last = { chunk, codes: unite(chunk), kept: null };
    return last;
  };
  return {
    of: (chunk) => of(chunk).codes,
    kept: (chunk) => {
      const found = of(chunk);
      return (found.kept ??= owned(found.codes));
    },
    values: union.values,
    size: union.size,
  };
}

/** Compares texts by UTF-16 units, null first. */
export function compareNullable(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b === null || a > b ? 1 : -1;
}
