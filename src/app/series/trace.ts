import { groupNameAt } from '../../baseline/trace/group-name.js';
import { InputError } from '../../errors.js';
import type { ByteSource } from '../../ledger/source.js';
import { readArrowStream } from '../../trace/arrow-stream-read.js';
import { codes, numbers, textAt, type TraceChunk } from '../../trace/chunk.js';
import type { RecordSink, SeriesColumns, StreamKind } from './record.js';

/** Rows that are attempts: calls, and requests to a model. */
const ATTEMPTS: readonly string[] = ['call', 'model'];

/** The stream of a trace. */
function traceStream({ stream = 'interval', time, value }: SeriesColumns): StreamKind {
  if (stream === 'value' || value !== undefined) throw new InputError('BAD_PARAM', 'a trace has no field value: choose --stream interval, latency, score, error, bytes or capability');
  if (time !== undefined) throw new InputError('BAD_PARAM', 'a trace has its times in ts: leave --time out');
  return stream;
}

type Figure = (row: number, at: () => string) => number | null;

/** Latencies in milliseconds; what they measure must not change on the way. */
function latencyOf(chunk: TraceChunk, kinds: { first: string | null }): Figure {
  const values = numbers(chunk, 'latency_us');
  return (row, at) => {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) throw new InputError('MISSING_FIELD', `${at()}: latency_us is null`);
    const kind = textAt(chunk, 'latency_kind', row) ?? 'unstated';
    kinds.first ??= kind;
    if (kind !== kinds.first) throw new InputError('WRONG_TYPE', `${at()}: latency_kind is ${kind} after ${kinds.first}: latencies of different kinds are never pooled`);
    return value / 1000;
  };
}

/** 1 for a call that failed, 0 for one that did not. */
function errorOf(chunk: TraceChunk): Figure {
  return (row, at) => {
    if (textAt(chunk, 'error_code', row) !== null) return 1;
    const outcome = textAt(chunk, 'outcome', row);
    if (outcome === 'unknown') throw new InputError('MISSING_FIELD', `${at()}: how the call ended is not known`);
    return outcome === 'success' ? 0 : 1;
  };
}

function figureOf(chunk: TraceChunk, stream: StreamKind, kinds: { first: string | null }): Figure {
  if (stream === 'latency') return latencyOf(chunk, kinds);
  if (stream === 'error') return errorOf(chunk);
  if (stream !== 'score' && stream !== 'bytes') return () => null;
  const figures = numbers(chunk, stream === 'score' ? 'risk_score' : 'bytes_in');
  return (row) => (Number.isNaN(figures[row]) ? null : (figures[row] ?? null));
}

/** Word that a row's code stands for. */
function wordsOf(chunk: TraceChunk, name: 'phase' | 'capability'): (row: number) => string {
  const { codes: of, values } = codes(chunk, name);
  return (row) => values[of[row] ?? -1] ?? 'unknown';
}

/** A chunk's time in milliseconds since the epoch, null where a row has none and does not need one. */
function timesOf(chunk: TraceChunk, stream: StreamKind): Figure {
  const times = numbers(chunk, 'ts');
  return (row, at) => {
    const time = times[row] ?? NaN;
    if (!Number.isNaN(time)) return time / 1000;
    if (stream === 'interval') throw new InputError('MISSING_FIELD', `${at()}: ts is null, and intervals need times`);
    return null;
  };
}

/** Hands over the records of a trace's chunks. */
function recordsOf(chunks: Iterable<TraceChunk>, stream: StreamKind, sink: RecordSink): void {
  const kinds: { first: string | null } = { first: null };
  let index = 0;
  for (const chunk of chunks) {
    const [figure, time] = [figureOf(chunk, stream, kinds), timesOf(chunk, stream)];
    const [phase, capability] = [wordsOf(chunk, 'phase'), wordsOf(chunk, 'capability')];
    for (let row = 0; row < chunk.rows; row += 1) {
      if (!ATTEMPTS.includes(phase(row))) continue;
      const place = index;
      const at = (): string => `entry ${String(place)}`;
      sink.onRecord({
        index,
        line: null,
        actor: textAt(chunk, 'actor', row),
        capability: groupNameAt(chunk, row, capability(row)),
        time: time(row, at),
        epochMs: true,
        value: figure(row, at),
      });
      index += 1;
    }
  }
}

/**
 * Reads the calls of a trace, batch by batch. Records of other phases are passed over.
 *
 * @throws {@link InputError} as `readArrowStream`; BAD_PARAM for what no trace holds, MISSING_FIELD for what this one lacks,
 * WRONG_TYPE where latencies of different kinds would be pooled
 */
export function readTraceRecords(source: ByteSource, columns: SeriesColumns, sink: RecordSink): void {
  const stream = traceStream(columns);
  const { chunks } = readArrowStream(source);
  sink.onStart({ form: 'trace', stream });
  recordsOf(chunks, stream, sink);
}
