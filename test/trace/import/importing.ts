import {
  bytesSource, importColumns, importSource, rowsOf, sourceHead, traceBuilder, TRACE_IMPORTERS,
  type ImportCounts, type Importer, type ImportReject, type TraceChunk, type TraceRow,
} from '../../../src/index.js';

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
