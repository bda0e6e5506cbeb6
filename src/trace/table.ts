import type { TraceChunk } from './chunk.js';
import type { TraceMetadata } from './metadata.js';

/** A trace in memory. */
export interface TraceTable {
  readonly metadata: TraceMetadata;
  readonly chunks: readonly TraceChunk[];
}

/** Rows of a trace in memory. */
export function tableRows({ chunks }: Pick<TraceTable, 'chunks'>): number {
  return chunks.reduce((sum, { rows }) => sum + rows, 0);
}
