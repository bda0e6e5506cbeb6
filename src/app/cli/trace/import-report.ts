import { bytesPerRow, type TraceChunk } from '../../../trace/chunk.js';
import type { TraceMetadata } from '../../../trace/metadata.js';
import type { LabelCounts } from '../../../trace/import/label-join.js';
import type { ImportReject } from '../../../trace/import/run.js';
import type { ImportedFile } from '../../trace-import.js';

/** What a table turned out to be. */
export interface TableFigures {
  readonly rows: number;
  readonly batches: number;
  readonly columns: number;
  /** Without dictionaries; null without rows. */
  readonly bytesPerRow: number | null;
  readonly sizeBytes: number;
}

/** Gathers the figures of a table chunk by chunk. */
export function tableFigures(): { readonly add: (chunk: TraceChunk) => void; readonly of: (sizeBytes: number) => TableFigures } {
  let [rows, batches, columns, bytes] = [0, 0, 0, 0];
  return {
    add: (chunk) => {
      rows += chunk.rows;
      batches += 1;
      columns = Object.keys(chunk.columns).length;
      bytes += (bytesPerRow(chunk)?.total ?? 0) * chunk.rows;
    },
    of: (sizeBytes) => ({ rows, batches, columns, bytesPerRow: rows === 0 ? null : bytes / rows, sizeBytes }),
  };
}

/** What an import came to. */
export interface ImportReport {
  readonly out: string;
  readonly files: readonly ImportedFile[];
  readonly table: TableFigures;
  readonly metadata: TraceMetadata;
  /** What of the labels given fitted; null where none were. */
  readonly labels: LabelCounts | null;
  /** The first of the rejects. */
  readonly firstRejects: readonly ImportReject[];
}

/** Rejects shown on a page. */
export const REJECTS_SHOWN = 20;

/** Records, rows and rejects over all files. */
export function totals({ files }: Pick<ImportReport, 'files'>): { readonly records: number; readonly rows: number; readonly rejects: number } {
  const sum = (of: (file: ImportedFile) => number): number => files.reduce((all, file) => all + of(file), 0);
  return { records: sum(({ records }) => records), rows: sum(({ rows }) => rows), rejects: sum(({ rejects }) => rejects) };
}

/** The report as JSON, without its list of rejects. */
export function importJson(report: ImportReport): object {
  const { out, files, table, metadata, labels } = report;
  return {
    out,
    ...totals(report),
    files: files.map(({ path, file, importer, records, rows, rejects, findings, notes }) => ({
      path, source_file: file, importer: `${importer.name}@${String(importer.version)}`, records, rows, rejects, findings, notes,
    })),
    labels,
    table,
    metadata,
  };
}
