import { compareNullable } from '../../baseline/trace/group-codes.js';
import { groupSummaries } from '../../baseline/trace/group-summaries.js';
import { readArrowStream } from '../../trace/arrow-stream-read.js';
import { arrowStreamWriter, type TraceWriter } from '../../trace/arrow-stream-write.js';
import { bytesPerRow, codes, hasValue, type TraceChunk, type TraceCodes, type TraceNumbers } from '../../trace/chunk.js';
import type { TraceColumnName, TraceWordName } from '../../trace/schema.js';
import { chunksOfKind, kindsOf, type LatencyKinds } from './latency-kinds.js';
import { drawnMeasures } from './drawn-measures.js';
import { openNameless, stored, writeNext, type StoredBytes } from './stored-bytes.js';
import type { ColumnStats, LatencyStats, StatsResult, TraceSource } from './task.js';
import type { OnRows, OpenTrace } from './trace-passes.js';

/** Columns that are read again and again. */
const NEEDED: readonly TraceColumnName[] = ['capability', 'latency_us', 'latency_kind'];

/** What figures need as well. */
const DRAWN: readonly TraceColumnName[] = [...NEEDED, 'bytes_out'];

/** Columns whose words are counted. */
const COUNTED: readonly TraceWordName[] = ['phase', 'capability', 'outcome', 'decision', 'label'];

/** Memory that collected latencies may take; more are passed over several times. */
const MEMORY_BYTES = 2 ** 26;

/** Counts of words, by column. */
function wordCounter(): { readonly add: (chunk: TraceChunk) => void; readonly counts: () => StatsResult['counts'] } {
  const found = new Map<TraceWordName, Map<string | null, number>>(COUNTED.map((name) => [name, new Map()]));
  return {
    add: (chunk) => {
      for (const [name, words] of found) {
        const { codes: own, values } = codes(chunk, name);
        const byCode = new Float64Array(values.length + 1);
        for (let row = 0; row < chunk.rows; row += 1) byCode[(own[row] ?? -1) + 1] = (byCode[(own[row] ?? -1) + 1] ?? 0) + 1;
        byCode.forEach((rows, at) => {
          const word = at === 0 ? null : (values[at - 1] ?? null);
          if (rows > 0) words.set(word, (words.get(word) ?? 0) + rows);
        });
      }
    },
    counts: () => [...found].map(([column, words]) => ({ column, words: [...words].map(([word, rows]) => ({ word, rows })).sort((a, b) => b.rows - a.rows || compareNullable(a.word, b.word)) })),
  };
}

/** Adds the values that rows of a chunk have; a dictionary may hold others. */
function addValues(column: TraceCodes, rows: number, found: Set<string>): void {
  const { codes: own, values } = column;
  const seen = new Uint8Array(column.size);
  for (let row = 0; row < rows; row += 1) if (hasValue(column, row)) seen[own[row] ?? 0] = 1;
  seen.forEach((is, code) => { if (is === 1) found.add(values[code] ?? ''); });
}

interface ColumnCount {
  bytes: number;
  nulls: number;
  readonly values: Set<string> | null;
}

/** Gathers what one pass tells of each column that the trace has; chunks may have more, all null. */
function columnCounter(names: readonly TraceColumnName[]): { readonly add: (chunk: TraceChunk) => void; readonly perColumn: (rows: number) => readonly ColumnStats[] } {
  const found = new Map<TraceColumnName, ColumnCount>();
  return {
    add: (chunk) => {
      const sizes = bytesPerRow(chunk)?.byColumn;
      for (const name of names) {
        const column = chunk.columns[name];
        if (column === undefined) continue;
        const own = found.get(name) ?? { bytes: 0, nulls: 0, values: column.kind === 'code' ? new Set<string>() : null };
        own.bytes += (sizes?.get(name) ?? 0) * chunk.rows;
        own.nulls += column.nullCount;
        if (column.kind === 'code' && own.values !== null) addValues(column, chunk.rows, own.values);
        found.set(name, own);
      }
    },
    perColumn: (rows) => [...found].map(([name, { bytes, nulls, values }]) => ({ name, bytesPerRow: rows === 0 ? 0 : bytes / rows, nulls, values: values?.size ?? null })),
  };
}

/** The least and the greatest of the times so far. */
function spanOf(before: StatsResult['span'], times: TraceNumbers | undefined): StatsResult['span'] {
  let span = before;
  times?.values.forEach((value, row) => {
    const time = BigInt(value);
    if (hasValue(times, row)) span = span === null ? { first: time, last: time } : { first: time < span.first ? time : span.first, last: time > span.last ? time : span.last };
  });
  return span;
}

/** Summaries by capability, one kind of latency after the other. */
function latenciesOf(chunks: () => Iterable<TraceChunk>, { codes: kinds, values }: LatencyKinds): readonly LatencyStats[] {
  return [...kinds].sort((a, b) => a - b).flatMap((kind) => {
    return groupSummaries(kinds.size === 1 ? chunks : chunksOfKind(chunks, kind), { by: 'capability', measure: 'latency_us', memoryBytes: MEMORY_BYTES })
      .filter(({ n }) => n > 0)
      .map(({ group, n, min, max, median, mad, quantiles }) => ({ capability: group, kind: values[kind] ?? null, n, min, max, median, mad, quantiles }));
  });
}

/** The columns that are needed again, where they are read fast: the trace itself in Arrow, else a temporary stream. */
function rereading(trace: OpenTrace, needed: readonly TraceColumnName[]): { readonly add: (chunk: TraceChunk) => void; readonly chunks: () => Iterable<TraceChunk>; readonly close: () => void } {
  const { form, metadata, pass } = trace;
  const columns = needed.filter((name) => trace.columns.includes(name));
  if (form === 'arrow stream' || form === 'arrow file') return { add: () => undefined, chunks: () => pass(columns) as Iterable<TraceChunk>, close: () => undefined };
  const descriptor = openNameless();
  const writer: TraceWriter = arrowStreamWriter(metadata, (bytes) => { writeNext(descriptor, bytes); }, { columns });
  let copy: StoredBytes | null = null;
  return {
    add: writer.write,
    chunks: () => {
      if (copy === null) writer.end();
      copy ??= stored(descriptor, 'temporary file');
      return readArrowStream(copy.pull()).chunks;
    },
    close: () => copy?.close(),
  };
}

/** What {@link traceStats} adds to what is known of the file. */
type OwnStats = Omit<StatsResult, keyof TraceSource>;

/**
 * What a trace holds: counts, sizes, nulls, times, and exact medians and MADs of latencies by capability and kind.
 *
 * @param plot - whether there are figures to be drawn of it, too
 * @remarks Several passes over the trace; memory is that of a chunk and of the dictionaries.
 */
export async function traceStats(trace: OpenTrace, onRows: OnRows, plot: boolean): Promise<OwnStats> {
  const words = wordCounter();
  const columns = columnCounter(trace.columns);
  const again = rereading(trace, plot ? DRAWN : NEEDED);
  const kinds = new Set<number>();
  let [rows, batches, values]: [number, number, readonly string[]] = [0, 0, []];
  let span: StatsResult['span'] = null;
  try {
    for await (const chunk of trace.pass()) {
      rows += chunk.rows;
      batches += 1;
      words.add(chunk);
      columns.add(chunk);
      span = spanOf(span, chunk.columns.ts);
      values = kindsOf(chunk, kinds);
      again.add(chunk);
      onRows(rows);
    }
    const watched = function* (): Generator<TraceChunk> {
      for (const chunk of again.chunks()) {
        yield chunk;
        onRows(rows);
      }
    };
    const latencies = latenciesOf(watched, { codes: kinds, values });
    const drawn = plot ? drawnMeasures(watched, { codes: kinds, values }) : [];
    return { rows, batches, lostBytes: trace.lostBytes(), perColumn: columns.perColumn(rows), span, counts: words.counts(), latencies, drawn };
  } finally {
    again.close();
  }
}
