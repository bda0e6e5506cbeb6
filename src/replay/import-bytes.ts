import { InputError } from '../errors.js';
import { bytesSource } from '../ledger/source.js';
import { traceBuilder } from '../trace/builder.js';
import type { TraceChunk } from '../trace/chunk.js';
import { importColumns, importMetadata } from '../trace/import/import-metadata.js';
import type { Importer } from '../trace/import/importer.js';
import { importSource, type ImportCounts, type ImportReject } from '../trace/import/run.js';
import { HEAD_BYTES, sourceHead } from '../trace/import/source-head.js';
import type { TraceMetadata } from '../trace/metadata.js';
import { TRACE_IMPORTERS } from './importers.js';

/** How bytes are imported. */
export interface ImportBytesOptions {
  /** Name that goes into `source_file`. Default `bytes`. */
  readonly file?: string;
  /** Left out: the first of {@link TRACE_IMPORTERS} that recognises the content. */
  readonly importer?: Importer;
  /** Whether to keep `resource`, which may be sensitive. Default `keep`. */
  readonly resource?: 'keep' | 'drop';
}

/** A source in memory as a trace; records are rows and rejects together. */
export interface ImportedTrace extends Omit<ImportCounts, 'rejects'> {
  /** Name of the importer that read it. */
  readonly importer: string;
  readonly metadata: TraceMetadata;
  readonly chunks: readonly TraceChunk[];
  /** Records that were kept out, each with the reason. */
  readonly rejects: readonly ImportReject[];
}

/**
 * Imports a whole source that is in memory: what `hindcast import` does with a file.
 *
 * @param bytes - a ledger, telemetry, recorded calls or an event file
 * @returns the trace in chunks, and what was kept out of it: look at `rejects` before trusting the rest
 * @throws {@link InputError} UNKNOWN_CONTENT where no importer recognises the content; what makes the source as a whole
 * unreadable; BAD_PARAM
 * @remarks O(bytes). For sources beyond memory, give {@link importSource} chunks to write as they are completed.
 * @example
 * ```ts
 * const line = '{"ts_ms":1,"extension_id":"a","call_id":"c1","capability":"read","method":"tool","params":{"path":"/etc/hosts"}}\n';
 * const { rows, importer, rejects } = importBytes(new TextEncoder().encode(line));
 * [rows, importer, rejects.length]; // => [1, 'pi.calls', 0]
 * ```
 */
export function importBytes(bytes: Uint8Array, { file = 'bytes', importer, resource = 'keep' }: ImportBytesOptions = {}): ImportedTrace {
  const head = sourceHead(bytes.subarray(0, HEAD_BYTES));
  const chosen = importer ?? TRACE_IMPORTERS.find((each) => each.recognises(head));
  if (chosen === undefined) throw new InputError('UNKNOWN_CONTENT', `${file}: the content is of no known kind; importers: ${TRACE_IMPORTERS.map(({ name }) => name).join(', ')}`);
  const columns = importColumns([chosen]).filter((name) => name !== 'resource' || resource !== 'drop');
  const builder = traceBuilder({ columns });
  const chunks: TraceChunk[] = [];
  const rejects: ImportReject[] = [];
  const counts = importSource(chosen, { pull: bytesSource(bytes), file, head, parse: JSON.parse }, { builder, onChunk: (chunk) => chunks.push(chunk), onReject: (reject) => rejects.push(reject) });
  const last = builder.flush();
  if (last !== null) chunks.push(last);
  return { ...counts, importer: chosen.name, metadata: importMetadata([chosen]), chunks, rejects };
}
