import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  groupSummaries, readArrowFile, traceProfile, type GroupSummary, type TraceChunk, type TraceColumnName,
} from '../../src/index.js';
import { benchChunks } from './traces-data.js';

/** What one piece of work took, in a process of its own. */
export interface TraceMeasurement {
  readonly seconds: number;
  readonly peakMib: number;
  /** What must be the same whoever computes it. */
  readonly answer: string;
}

const QUESTION = { by: 'native_capability', measure: 'latency_us', probabilities: [0.05, 0.95], type: 7 } as const;

/** Reads a file's chunks, one after the other in the same memory. */
function* chunksOfFile(path: string, columns?: readonly TraceColumnName[]): Generator<TraceChunk> {
  const descriptor = openSync(path, 'r');
  try {
    const file = { sizeBytes: fstatSync(descriptor).size, read: (into: Uint8Array, position: number) => readSync(descriptor, into, 0, into.length, position) };
    yield* readArrowFile(file, { memory: 'shared', ...(columns === undefined ? {} : { columns }) }).chunks;
  } finally {
    closeSync(descriptor);
  }
}

/** Statistics as text: those of every group. */
function answerOf(summaries: readonly GroupSummary[]): string {
  return summaries.map(({ group, n, median, mad, quantiles }) => [group, n, median, mad, ...quantiles].join(' ')).join('\n');
}

function best(times: number, work: () => string): { readonly seconds: number; readonly answer: string } {
  let [seconds, answer] = [Infinity, ''];
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    answer = work();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, answer };
}

function countRows(chunks: Iterable<TraceChunk>): number {
  let count = 0;
  for (const { rows } of chunks) count += rows;
  return count;
}

/** All that a baseline of a trace rests on. */
function fullBaseline(path: string): string {
  const profile = traceProfile(() => chunksOfFile(path), { by: 'native_capability', state: 'outcome', type: 7 });
  const summaries = profile.groups.map(({ group, measures }) => [group, measures['latency_us']?.n, measures['latency_us']?.median, measures['latency_us']?.mad, ...(measures['latency_us']?.quantiles ?? [])].join(' '));
  return summaries.join('\n');
}

const WORKS: Readonly<Record<string, (path: string, rows: number) => { readonly seconds: number; readonly answer: string }>> = {
  grouped: (_, rows) => {
    const chunks = [...benchChunks(rows)].map(({ rows: count, columns: { native_capability, latency_us } }): TraceChunk => ({ rows: count, columns: { ...(native_capability ? { native_capability } : {}), ...(latency_us ? { latency_us } : {}) } }));
    return best(5, () => answerOf(groupSummaries(chunks, QUESTION)));
  },
  'grouped from file': (path) => best(2, () => answerOf(groupSummaries(() => chunksOfFile(path, ['native_capability', 'latency_us']), QUESTION))),
  baseline: (path) => best(3, () => fullBaseline(path)),
  'read all columns': (path) => best(2, () => String(countRows(chunksOfFile(path)))),
};

/** Does one piece of work. */
export function measureTraces(work: string, path: string, rows: number): TraceMeasurement {
  const { seconds, answer } = WORKS[work]?.(path, rows) ?? { seconds: NaN, answer: '' };
  return { seconds, answer, peakMib: process.resourceUsage().maxRSS / 1024 };
}
