import { InputError } from '../../errors.js';
import { rowAt } from '../../trace/row.js';
import type { TraceRow } from '../../trace/row.js';
import type { TraceChunk } from '../../trace/chunk.js';
import type { TraceColumnName } from '../../trace/schema.js';
import { openTrace } from './open-trace.js';
import { openOutput } from './output-bytes.js';
import { rebatched } from './rebatch.js';
import { traceStats } from './stats.js';
import { openStored, sha256Of, unpacked, type StoredBytes } from './stored-bytes.js';
import type { CheckResult, ConvertResult, HeadResult, TraceSource, TraceTask } from './task.js';
import type { OnProgress, OnRows, OpenTrace } from './trace-passes.js';
import { writeTrace } from './write-trace.js';

/** Chunks that count as they go by. */
async function* watched(chunks: AsyncIterable<TraceChunk> | Iterable<TraceChunk>, onChunk: (chunk: TraceChunk) => void): AsyncGenerator<TraceChunk> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

interface Work {
  readonly source: TraceSource;
  readonly trace: OpenTrace;
  readonly onRows: OnRows;
}

async function check({ source, trace, onRows }: Work): Promise<CheckResult> {
  let [rows, batches] = [0, 0];
  for await (const chunk of trace.pass()) {
    rows += chunk.rows;
    batches += 1;
    onRows(rows);
  }
  return { ...source, rows, batches, lostBytes: trace.lostBytes() };
}

async function convert({ source, trace, onRows }: Work, { out, form }: Extract<TraceTask, { kind: 'convert' }>): Promise<ConvertResult> {
  const output = openOutput(out);
  const pass = (columns: readonly TraceColumnName[] = trace.columns): AsyncIterable<TraceChunk> => {
    let rows = 0;
    return watched(rebatched(trace.pass(columns), columns), (chunk) => { onRows(rows += chunk.rows); });
  };
  const { rows, batches } = await writeTrace(form, { metadata: trace.metadata, columns: trace.columns, pass }, output.append);
  const { sizeBytes, sha256 } = output.finish();
  return { ...source, rows, batches, lostBytes: trace.lostBytes(), writtenBytes: sizeBytes, writtenSha256: sha256 };
}

async function head({ source, trace }: Work, { rows: wanted }: Extract<TraceTask, { kind: 'head' }>): Promise<HeadResult> {
  const rows: TraceRow[] = [];
  for await (const chunk of trace.pass()) {
    for (let row = 0; row < chunk.rows; row += 1) {
      if (rows.length === wanted) return { ...source, rows, all: false };
      rows.push(rowAt(chunk, row));
    }
  }
  return { ...source, rows, all: true };
}

/** Refuses bytes that do not have the hash that is known, before anything reads them. */
function requireHash({ file }: StoredBytes, sha256: string | null, onProgress: OnProgress): void {
  if (sha256 === null) return;
  const own = sha256Of(file, (bytes) => { onProgress(0, bytes); });
  if (own !== sha256) throw new InputError('CONTENT_HASH', `the bytes have the SHA-256 ${own}, expected ${sha256}: nothing of them was read`);
}

/**
 * Performs a task. Bytes with a known hash are compared with it before they are parsed.
 *
 * @throws {@link InputError} CONTENT_HASH, and what {@link openTrace} and its passes throw
 */
export async function perform(task: TraceTask, onProgress: OnProgress): Promise<unknown> {
  const { path, sha256 } = task;
  const alive = (bytes: number): void => { onProgress(0, bytes); };
  const packed = openStored(path, alive);
  let stored = packed;
  try {
    requireHash(packed, sha256, onProgress);
    stored = await unpacked(packed, path, alive);
    const trace = await openTrace(stored);
    const { form, metadata, columns } = trace;
    const { bytesRead, file: { sizeBytes } } = stored;
    const onRows = (rows: number): void => { onProgress(rows, Math.min(bytesRead(), sizeBytes)); };
    const work = { trace, onRows, source: { form, metadata, columns, sizeBytes, verified: sha256 !== null } };
    switch (task.kind) {
      case 'check':
        return await check(work);
      case 'convert':
        return await convert(work, task);
      case 'head':
        return await head(work, task);
      case 'stats':
        return { ...work.source, ...await traceStats(trace, onRows, task.plot) };
    }
  } finally {
    stored.close();
  }
}
