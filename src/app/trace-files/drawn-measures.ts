import { unitedCodes } from '../../baseline/trace/group-codes.js';
import type { ValuePass } from '../../baseline/trace/rank-passes.js';
import { distributionRowsByPasses, type PassedRows } from '../../plot/distribution-passes.js';
import { numbers, type TraceChunk } from '../../trace/chunk.js';
import { chunksOfKind, type LatencyKinds } from './latency-kinds.js';

/** What is drawn of one measure by capability. */
export interface DrawnMeasure extends PassedRows {
  readonly measure: 'latency_us' | 'bytes_out';
  /** Kind of latency; null where the source does not say, and for sizes. */
  readonly kind: string | null;
}

/** Confidence of each limit in a figure. */
export const DRAWN_LEVEL = 0.95;

function measured(chunks: () => Iterable<TraceChunk>, measure: DrawnMeasure['measure']): PassedRows {
  const united = unitedCodes('capability');
  const pass: ValuePass = (visit) => {
    for (const chunk of chunks()) {
      const codes = united.of(chunk);
      const values = numbers(chunk, measure);
      for (let row = 0; row < chunk.rows; row += 1) {
        const value = values[row] as number;
        if (!Number.isNaN(value)) visit((codes[row] ?? -1) + 1, value);
      }
    }
  };
  return distributionRowsByPasses((group) => (group === 0 ? 'not said' : (united.values()[group - 1] ?? '')), pass, DRAWN_LEVEL);
}

/** What there is to draw of a trace: latencies, a kind at a time, and sizes of responses where it has them. */
export function drawnMeasures(chunks: () => Iterable<TraceChunk>, { codes, values }: LatencyKinds): readonly DrawnMeasure[] {
  const latencies = [...codes].sort((a, b) => a - b).map((kind): DrawnMeasure => ({ measure: 'latency_us', kind: values[kind] ?? null, ...measured(codes.size === 1 ? chunks : chunksOfKind(chunks, kind), 'latency_us') }));
  return [...latencies, { measure: 'bytes_out' as const, kind: null, ...measured(chunks, 'bytes_out') }].filter(({ rows }) => rows.length > 0);
}
