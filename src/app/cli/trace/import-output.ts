import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrowFileWriter } from '../../../trace/arrow-file-write.js';
import type { ByteSink } from '../../../trace/arrow-encode.js';
import { readArrowStream } from '../../../trace/arrow-stream-read.js';
import { arrowStreamWriter, type TraceWriter } from '../../../trace/arrow-stream-write.js';
import type { TraceChunk } from '../../../trace/chunk.js';
import { traceJsonlWriter } from '../../../trace/jsonl.js';
import type { TraceMetadata } from '../../../trace/metadata.js';
import type { TraceColumnName } from '../../../trace/schema.js';
import { openAtomic } from '../../atomic-file.js';
import { withSource } from '../../files.js';
import { EXTENSIONS, formOfPath, type TraceForm } from '../../trace-files/form.js';
import { parquetWriter } from '../../trace-files/parquet-write.js';
import { usageError } from '../exit.js';

/** A trace file being written that nobody sees until it is whole. */
export interface TraceOutput {
  readonly start: (metadata: TraceMetadata, columns: readonly TraceColumnName[]) => void;
  readonly write: TraceWriter['write'];
  /** Puts the file in its place; returns its size in bytes. */
  readonly commit: () => number;
  readonly abandon: () => void;
}

/** A writer whose work may have to be given up. */
interface Writing extends TraceWriter {
  readonly abandon: () => void;
}

type Make = (metadata: TraceMetadata, columns: readonly TraceColumnName[], sink: ByteSink) => Writing;

const nothing = (): void => undefined;

/** Writes a stream first: an Arrow file begins with the dictionaries, which are known at the end only. */
function arrowFile(metadata: TraceMetadata, columns: readonly TraceColumnName[], sink: ByteSink): Writing {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  const path = join(folder, 'rows');
  const descriptor = openSync(path, 'wx', 0o600);
  const stream = arrowStreamWriter(metadata, (bytes) => { for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done); }, { columns });
  const remove = (): void => { rmSync(folder, { recursive: true, force: true }); };
  const pass = (use: (chunk: TraceChunk) => void): void => { withSource(path, (source) => { for (const chunk of readArrowStream(source).chunks) use(chunk); }); };
  return {
    write: stream.write,
    end: () => {
      stream.end();
      closeSync(descriptor);
      const file = arrowFileWriter(metadata, sink, { columns });
      pass(file.learn);
      pass(file.write);
      file.end();
      remove();
    },
    abandon: remove,
  };
}

const WRITERS: Readonly<Record<TraceForm, Make>> = {
  'arrow stream': (metadata, columns, sink) => ({ ...arrowStreamWriter(metadata, sink, { columns }), abandon: nothing }),
  'arrow file': arrowFile,
  parquet: (metadata, columns, sink) => ({ ...parquetWriter(metadata, sink, columns), abandon: nothing }),
  'json lines': (metadata, columns, sink) => ({ ...traceJsonlWriter(metadata, sink, { columns }), abandon: nothing }),
};

/** Opens the trace to write, of the form that its name ends in. */
export function openTraceOutput(path: string): TraceOutput {
  const form = formOfPath(path);
  if (form === null) throw usageError(`-o must name a file that ends in ${Object.values(EXTENSIONS).flatMap(([first = '']) => first).join(', ')}, got ${path}`);
  const file = openAtomic(path);
  let writer: Writing | null = null;
  let sizeBytes = 0;
  return {
    start: (metadata, columns) => {
      writer = WRITERS[form](metadata, columns, (bytes) => {
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
    abandon: () => {
      writer?.abandon();
      file.abandon();
    },
  };
}
