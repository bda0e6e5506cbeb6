import { basename } from 'node:path';
import { InputError } from '../errors.js';
import { TRACE_IMPORTERS } from '../replay/importers.js';
import { traceBuilder } from '../trace/builder.js';
import type { TraceChunk } from '../trace/chunk.js';
import { importColumns, importMetadata } from '../trace/import/import-metadata.js';
import type { LabelJoin } from '../trace/import/label-join.js';
import type { Importer, ImportInput, SourceHead } from '../trace/import/importer.js';
import { importSource, type ImportCounts, type ImportReject } from '../trace/import/run.js';
import { sourceHead } from '../trace/import/source-head.js';
import type { TraceMetadata } from '../trace/metadata.js';
import type { TraceRow } from '../trace/row.js';
import type { TraceColumnName } from '../trace/schema.js';
import { openInput, peekInput, type OpenInput } from './input.js';
import { isTrace } from './trace-files/vetted.js';

/** How files are imported. */
export interface TraceImportOptions {
  /** Importer to use for all files; left out: recognised file by file. */
  readonly importer?: Importer;
  /** Reads the JSON text of one record; left out: the engine's parser. */
  readonly parse?: (text: string) => unknown;
  /** Left out: keep. */
  readonly resource?: 'keep' | 'drop';
  /** Labels to join, and where they come from. */
  readonly labels?: { readonly source: string; readonly join: LabelJoin };
}

/** Who is told what while files are imported. */
export interface TraceImportEvents {
  /** Called once, before anything else, with the columns that the chunks will have. */
  readonly onStart?: (metadata: TraceMetadata, columns: readonly TraceColumnName[]) => void;
  readonly onChunk: (chunk: TraceChunk) => void;
  readonly onReject?: (reject: ImportReject) => void;
  /** A file begins; returns who is told how far reading it has come. */
  readonly onFile?: (path: string, sizeBytes: number | null) => (records: number, bytes: number) => void;
}

/** What importing a file came to. */
export interface ImportedFile extends ImportCounts {
  readonly path: string;
  /** Name in the column `source_file`. */
  readonly file: string;
  readonly importer: Importer;
}

/** A file whose kind is known. */
interface Planned {
  readonly path: string;
  readonly file: string;
  readonly importer: Importer;
  readonly head: SourceHead;
  readonly open: () => Promise<OpenInput>;
}

/** What is said where no importer knows a file. */
function unrecognised(path: string, first: Uint8Array, { layout, header }: SourceHead): InputError {
  if (first.byteLength === 0) return new InputError('EMPTY_INPUT', `${path}: the file is empty; --from says what it would hold`);
  if (isTrace(first)) return new InputError('UNKNOWN_CONTENT', `${path}: it is a trace already; "hindcast convert" writes it in another form`);
  const seen = layout === 'cells' && header.length > 1 ? `comma-separated values, which need --column to say what their columns ${header.slice(0, 6).join(', ')} are` : 'of no known kind';
  return new InputError('UNKNOWN_CONTENT', `${path}: the content is ${seen}; importers: ${TRACE_IMPORTERS.map(({ name }) => name).join(', ')}`);
}

function importerFor(path: string, first: Uint8Array, chosen: Importer | undefined): Pick<Planned, 'head' | 'importer'> {
  const head = sourceHead(first);
  const importer = chosen ?? TRACE_IMPORTERS.find((each) => each.recognises(head));
  if (importer === undefined) throw unrecognised(path, first, head);
  return { head, importer };
}

/** Names for the column `source_file`: without folders where that tells the files apart, so that a trace does not depend on where it was made. */
function shortNames(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(path));
  return new Set(short).size === new Set(paths).size ? short : paths;
}

async function plan(path: string, file: string, chosen: Importer | undefined): Promise<Planned> {
  const first = peekInput(path);
  if (first !== null) return { path, file, ...importerFor(path, first, chosen), open: () => openInput(path) };
  const input = await openInput(path);
  try {
    return { path, file, ...importerFor(path, input.head, chosen), open: () => Promise.resolve(input) };
  } catch (error) {
    input.close();
    throw error;
  }
}

function importPlanned({ path, file, importer, head }: Planned, input: OpenInput, run: Run): ImportedFile {
  const tell = run.events.onFile?.(path, input.sizeBytes);
  let [bytes, records] = [0, 0];
  const pull: ImportInput['pull'] = (into) => {
    const count = input.source(into);
    bytes += count;
    tell?.(records, bytes);
    return count;
  };
  const amend = run.options.labels?.join.row;
  const count = (row: TraceRow): TraceRow => {
    records += 1;
    return amend === undefined ? row : amend(row);
  };
  const counts = importSource(importer, { pull, file, head, parse: run.options.parse ?? JSON.parse }, {
    builder: run.builder,
    onChunk: run.events.onChunk,
    onReject: (reject) => { run.events.onReject?.(reject); },
    ...(tell === undefined && amend === undefined ? {} : { amend: count }),
  });
  return { path, file, importer, ...counts };
}

interface Run {
  readonly builder: ReturnType<typeof traceBuilder>;
  readonly options: TraceImportOptions;
  readonly events: TraceImportEvents;
}

/**
 * Imports files into one trace, in order: every file is recognised before the first is read.
 *
 * @param paths - files, gzip or not; `-` is the standard input
 * @returns what each file came to: its records are its rows and its rejects; and what the trace says of itself
 * @throws {@link InputError} UNKNOWN_CONTENT where a file's kind is not known; BAD_GZIP; what makes a file as a whole unreadable
 * @remarks Same bytes, names and options, same chunks. Memory is that of one chunk and of the dictionaries' distinct values.
 */
export async function importTrace(paths: readonly string[], options: TraceImportOptions, events: TraceImportEvents): Promise<{ readonly metadata: TraceMetadata; readonly files: readonly ImportedFile[] }> {
  const files = shortNames(paths);
  const planned: Planned[] = [];
  for (const [i, path] of paths.entries()) planned.push(await plan(path, files[i] ?? path, options.importer));
  const importers = [...new Set(planned.map(({ importer }) => importer))];
  const columns = importColumns(importers, options.labels === undefined ? [] : ['label']).filter((name) => name !== 'resource' || options.resource !== 'drop');
  const run: Run = { builder: traceBuilder({ columns }), options, events };
  const metadata = { ...importMetadata(importers), ...(options.labels === undefined ? {} : { label_source: options.labels.source }) };
  events.onStart?.(metadata, columns);
  const imported: ImportedFile[] = [];
  for (const each of planned) {
    const input = await each.open();
    try {
      imported.push(importPlanned(each, input, run));
    } finally {
      input.close();
    }
  }
  const last = run.builder.flush();
  if (last !== null) events.onChunk(last);
  return { metadata, files: imported };
}
