import { extname } from 'node:path';
import { arrowStreamWriter, type TraceWriter } from '../../trace/arrow-stream-write.js';
import { traceJsonlWriter } from '../../trace/jsonl.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import type { TraceColumnName } from '../../trace/schema.js';
import { openAtomic } from '../atomic-file.js';
import { usageError } from './exit.js';

/** A trace file being written that nobody sees until it is whole. */
export interface TraceOutput {
  readonly start: (metadata: TraceMetadata, columns: readonly TraceColumnName[]) => void;
  readonly write: TraceWriter['write'];
  /** Puts the file in its place; returns its size in bytes. */
  readonly commit: () => number;
  readonly abandon: () => void;
}

type Make = (metadata: TraceMetadata, columns: readonly TraceColumnName[], sink: (bytes: Uint8Array) => void) => TraceWriter;

const WRITERS: Readonly<Record<string, Make>> = {
  '.arrows': (metadata, columns, sink) => arrowStreamWriter(metadata, sink, { columns }),
  '.jsonl': (metadata, columns, sink) => traceJsonlWriter(metadata, sink, { columns }),
};

/** Opens the trace to write, of the form that its name ends in. */
export function openTraceOutput(path: string): TraceOutput {
  const make = WRITERS[extname(path)];
  if (make === undefined) throw usageError(`-o must name a file that ends in ${Object.keys(WRITERS).join(' or ')} (hindcast convert makes the others of it), got ${path}`);
  const file = openAtomic(path);
  let writer: TraceWriter | null = null;
  let sizeBytes = 0;
  return {
    start: (metadata, columns) => {
      writer = make(metadata, columns, (bytes) => {
        sizeBytes += bytes.length;
        file.append(bytes);
      });
    },
    write: (chunk) => { writer?.write(chunk); },
    commit: () => {
      writer?.end();
      file.commit();
      return sizeBytes;
    },
    abandon: file.abandon,
  };
}
