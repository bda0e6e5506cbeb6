import { arrowFileWriter } from '../../trace/arrow-file-write.js';
import type { ByteSink } from '../../trace/arrow-encode.js';
import { arrowStreamWriter, type TraceWriter } from '../../trace/arrow-stream-write.js';
import type { TraceChunk } from '../../trace/chunk.js';
import { traceJsonlWriter } from '../../trace/jsonl.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import { TRACE_COLUMNS, type TraceColumnName } from '../../trace/schema.js';
import type { TraceForm } from './form.js';
import { parquetWriter } from './parquet-write.js';

/** A trace to write. */
export interface WrittenTrace {
  readonly metadata: TraceMetadata;
  readonly columns: readonly TraceColumnName[];
  /** Starts a pass over the same chunks. */
  readonly pass: (columns?: readonly TraceColumnName[]) => AsyncIterable<TraceChunk> | Iterable<TraceChunk>;
}

const DICTIONARIES: readonly TraceColumnName[] = TRACE_COLUMNS.filter(({ type }) => type.startsWith('dictionary')).map(({ name }) => name);

async function arrowFile({ metadata, columns, pass }: WrittenTrace, sink: ByteSink): Promise<TraceWriter> {
  const writer = arrowFileWriter(metadata, sink, { columns });
  for await (const chunk of pass(columns.filter((name) => DICTIONARIES.includes(name)))) writer.learn(chunk);
  return writer;
}

async function writerOf(form: TraceForm, trace: WrittenTrace, sink: ByteSink): Promise<TraceWriter> {
  const { metadata, columns } = trace;
  switch (form) {
    case 'arrow stream':
      return arrowStreamWriter(metadata, sink, { columns });
    case 'arrow file':
      return arrowFile(trace, sink);
    case 'parquet':
      return parquetWriter(metadata, sink, columns);
    case 'json lines':
      return traceJsonlWriter(metadata, sink, { columns });
  }
}

/**
 * Writes a trace.
 *
 * @param sink - gets the bytes in order
 * @returns rows and batches written
 * @remarks An Arrow file takes two passes, since its dictionaries come first; anything else takes one.
 */
export async function writeTrace(form: TraceForm, trace: WrittenTrace, sink: ByteSink): Promise<{ readonly rows: number; readonly batches: number }> {
  const writer = await writerOf(form, trace, sink);
  let [rows, batches] = [0, 0];
  for await (const chunk of trace.pass()) {
    writer.write(chunk);
    rows += chunk.rows;
    batches += 1;
  }
  writer.end();
  return { rows, batches };
}
