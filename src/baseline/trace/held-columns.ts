import { codes, numbers, type TraceChunk, type TraceColumnData } from '../../trace/chunk.js';
import type { TraceCodeName, TraceNumberName } from '../../trace/schema.js';

/** Columns to keep when their chunks are gone. */
export interface HeldColumns {
  readonly codes: readonly TraceCodeName[];
  readonly numbers: readonly TraceNumberName[];
}

/** A typed array with memory of its own. */
function own<A extends Float64Array | Int8Array | Int16Array | Int32Array>(view: A): A {
  return view.byteLength === view.buffer.byteLength ? view : (view.slice() as A);
}

/**
 * A chunk of some columns in as little memory as they need: a batch that is read keeps all its columns in memory while any of
 * them is used. Numbers become doubles, NaN where null.
 */
function heldChunk(chunk: TraceChunk, { codes: codeNames, numbers: numberNames }: HeldColumns): TraceChunk {
  const held = codeNames.map((name): [string, TraceColumnData] => {
    const column = codes(chunk, name);
    const copy = own(column.codes);
    const nullCount = chunk.columns[name]?.nullCount ?? chunk.rows;
    return [name, { kind: 'code', codes: copy, values: column.values, size: column.size, ...nullsOf(copy, nullCount) }];
  });
  const measures = numberNames.map((name): [string, TraceColumnData] => [name, { kind: 'number', values: own(numbers(chunk, name)), validity: null, nullCount: 0 }]);
  return { rows: chunk.rows, columns: Object.fromEntries([...held, ...measures]) };
}

/** Which codes stand for a value: those that are not negative. */
function nullsOf(marked: Int8Array | Int16Array | Int32Array, nullCount: number): { readonly validity: Uint8Array | null; readonly nullCount: number } {
  if (nullCount === 0) return { validity: null, nullCount };
  const validity = new Uint8Array(Math.ceil(marked.length / 8));
  marked.forEach((code, row) => { if (code >= 0) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7)); });
  return { validity, nullCount };
}

/** Hands chunks through, a copy of some of their columns into `held`. */
export function* holding(chunks: Iterable<TraceChunk>, columns: HeldColumns, held: TraceChunk[]): Generator<TraceChunk> {
  for (const chunk of chunks) {
    held.push(heldChunk(chunk, columns));
    yield chunk;
  }
}
