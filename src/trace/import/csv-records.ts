import { InputError } from '../../errors.js';
import type { ImportInput, ImportReading, ImportSink, JsonRecord } from './importer.js';
import type { RowOf } from './line-records.js';
import { readLines } from './lines.js';

/** Characters that one record of cells may have, so that a quote left open does not swallow the file. */
const RECORD_MAX = 1 << 20;

/** The cells of a record so far, and the lines of a cell whose quote is still open. */
interface OpenRecord {
  readonly row: number;
  readonly cells: string[];
  open: string[] | null;
  length: number;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function unquotable(text: string): InputError {
  return new InputError('BAD_CSV', `a cell with a quote in it must be quoted whole, got ${JSON.stringify(text.slice(0, 60))}`);
}

/** Takes the cell without quotes at `at`; returns where it ends. */
function plainCell(text: string, at: number, cells: string[]): number {
  const comma = text.indexOf(',', at);
  const end = comma < 0 ? text.length : comma;
  const cell = text.slice(at, end);
  if (cell.includes('"')) throw unquotable(text);
  cells.push(cell);
  return end;
}

/** Takes what a line holds of the quoted cell from `at` on; returns where the cell ends, null where that is not in this line. */
function quotedCell(text: string, at: number, record: OpenRecord): number | null {
  const close = closingQuote(text, at);
  const lines = record.open ?? [];
  lines.push(text.slice(at, close < 0 ? undefined : close));
  if (close < 0) {
    record.open = lines;
    return null;
  }
  if (close + 1 < text.length && text[close + 1] !== ',') throw unquotable(text);
  record.cells.push(lines.join('\n').replaceAll('""', '"'));
  record.open = null;
  return close + 1;
}

/** Takes the cells of a line; every line is looked at once, however many a record has. */
function takeLine(text: string, record: OpenRecord): void {
  record.length += text.length + 1;
  if (record.length > RECORD_MAX && record.open !== null) throw new InputError('BAD_CSV', 'a quoted cell must be closed, got none that closes it');
  let at = 0;
  for (;;) {
    const quoted = record.open !== null || text[at] === '"';
    const end = quoted ? quotedCell(text, record.open === null ? at + 1 : at, record) : plainCell(text, at, record.cells);
    if (end === null || end === text.length) return;
    at = end + 1;
  }
}

/** Column names, each once; a column that is mapped must be there, or a slip of the pen would leave it out of every row. */
function headerOf(cells: readonly string[], fields: readonly string[]): readonly string[] {
  const twice = cells.find((name, i) => cells.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_CSV', `the header must name every column once, got ${JSON.stringify(twice.slice(0, 60))} twice`);
  const missing = fields.find((name) => !cells.includes(name));
  if (missing !== undefined) throw new InputError('BAD_CSV', `the header must name the mapped column ${JSON.stringify(missing.slice(0, 60))}, got ${cells.map((name) => JSON.stringify(name)).join(', ').slice(0, 200)}`);
  return cells;
}

function recordOf(header: readonly string[], cells: readonly string[]): JsonRecord {
  if (cells.length !== header.length) throw new InputError('BAD_CSV', `the record must be ${String(header.length)} cells as the header has, got ${String(cells.length)}`);
  const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  header.forEach((name, i) => {
    // An empty cell is no value.
    if (cells[i] !== '') record[name] = cells[i];
  });
  return record;
}

/**
 * Reads comma-separated values under a header, each record a row of texts; a cell in quotes may hold commas, quotes doubled, and
 * line ends. An empty line is no record.
 *
 * @param fields - columns that the header must name
 * @throws {@link InputError} BAD_CSV where the header cannot be read
 * @see RFC 4180.
 */
export function readCsvRecords({ pull, file }: ImportInput, sink: ImportSink, rowOf: RowOf, fields: readonly string[] = []): ImportReading {
  let records = 0;
  let header: readonly string[] | null = null;
  let unfinished: OpenRecord | null = null;
  const rejected = (row: number, why: InputError): void => {
    records += 1;
    sink.reject(row, why);
  };
  const take = (record: OpenRecord, text: string): void => {
    takeLine(text, record);
    if (record.open !== null) unfinished = record;
    else if (header === null) header = headerOf(record.cells, fields);
    else {
      sink.row(rowOf(recordOf(header, record.cells), { file, row: record.row }));
      records += 1;
    }
  };
  readLines(pull, {
    line: (raw, number) => {
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (unfinished === null && text === '') return;
      const record: OpenRecord = unfinished ?? { row: number, cells: [], open: null, length: 0 };
      unfinished = null;
      try {
        take(record, text);
      } catch (refusal) {
        if (!(refusal instanceof InputError) || header === null) throw refusal;
        rejected(record.row, refusal);
      }
    },
    bad: rejected,
  });
  const left = unfinished as OpenRecord | null;
  if (left !== null) rejected(left.row, new InputError('BAD_CSV', 'a quoted cell must be closed, got the end of the file'));
  return { records, findings: [], notes: [] };
}
