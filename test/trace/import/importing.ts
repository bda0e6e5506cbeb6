import { bytesSource } from '../../../src/ledger/source.js';
import { TRACE_IMPORTERS } from '../../../src/replay/importers.js';
import { traceBuilder } from '../../../src/trace/builder.js';
import type { TraceChunk } from '../../../src/trace/chunk.js';
import { importColumns } from '../../../src/trace/import/import-metadata.js';
import type { Importer } from '../../../src/trace/import/importer.js';
import { importSource, type ImportCounts, type ImportReject } from '../../../src/trace/import/run.js';
import { sourceHead } from '../../../src/trace/import/source-head.js';
import { rowsOf } from '../../../src/trace/row.js';
import type { TraceRow } from '../../../src/trace/row.js';

export interface Imported extends ImportCounts {
  readonly importer: Importer;
  readonly table: TraceRow[];
  readonly refused: ImportReject[];
}

export const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? new TextEncoder().encode(text) : text);

/** Imports a text as the importer that recognises it, or by the given one, handed out `most` bytes at a time. */
export function importText(text: string | Uint8Array, { importer: chosen, most = 4096 }: { readonly importer?: Importer; readonly most?: number } = {}): Imported {
  const bytes = bytesOf(text);
  const head = sourceHead(bytes);
  const importer = chosen ?? TRACE_IMPORTERS.find((each) => each.recognises(head));
  if (importer === undefined) throw new Error('no importer recognises it');
  const refused: ImportReject[] = [];
  const chunks: TraceChunk[] = [];
  const builder = traceBuilder({ columns: importColumns([importer]) });
  const counts = importSource(importer, { pull: bytesSource(bytes, most), file: 'a', head, parse: JSON.parse }, {
    builder,
    onChunk: (chunk) => chunks.push(chunk),
    onReject: (reject) => refused.push(reject),
  });
  const last = builder.flush();
  const table = [...chunks, ...(last === null ? [] : [last])].flatMap((chunk) => [...rowsOf(chunk)]);
  return { ...counts, importer, table, refused };
}

export const importerNamed = (name: string): Importer => {
  const found = TRACE_IMPORTERS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no importer ${name}`);
  return found;
};
