import { codes, hasValue, type TraceChunk } from '../../trace/chunk.js';

/** A chunk in which only the latencies of one kind are left; -1 for those without a kind. */
function ofKind(chunk: TraceChunk, kind: number): TraceChunk {
  const latencies = chunk.columns.latency_us;
  if (latencies === undefined) return chunk;
  const kinds = codes(chunk, 'latency_kind').codes;
  const validity = new Uint8Array(Math.ceil(chunk.rows / 8));
  let nullCount = 0;
  for (let row = 0; row < chunk.rows; row += 1) {
    if ((kinds[row] ?? -1) === kind && hasValue(latencies, row)) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
    else nullCount += 1;
  }
  return { rows: chunk.rows, columns: { ...chunk.columns, latency_us: { ...latencies, validity, nullCount } } };
}

/** Kinds of latency that a trace has. */
export interface LatencyKinds {
  /** Codes of the kinds that have latencies, -1 where the kind is not said. */
  readonly codes: ReadonlySet<number>;
  readonly values: readonly string[];
}

/** Adds the kinds that have latencies in a chunk; returns their names by code. */
export function kindsOf(chunk: TraceChunk, into: Set<number>): readonly string[] {
  const latencies = chunk.columns.latency_us;
  const { codes: own, values } = codes(chunk, 'latency_kind');
  if (latencies !== undefined) for (let row = 0; row < chunk.rows; row += 1) if (hasValue(latencies, row)) into.add(own[row] ?? -1);
  return values;
}

/** The same chunks with the latencies of one kind. */
export function chunksOfKind(chunks: () => Iterable<TraceChunk>, kind: number): () => Iterable<TraceChunk> {
  return function* (): Generator<TraceChunk> { for (const chunk of chunks()) yield ofKind(chunk, kind); };
}
