import { InputError } from '../../errors.js';
import type { ImportInput, ImportReading, ImportSink, JsonRecord } from './importer.js';
import type { RowOf } from './line-records.js';
import { readLines } from './lines.js';

/** Characters that one record of cells may have, so that a quote left open does not swallow the file. */
const RECORD_MAX = 1 << 20;

/** A cell in quotes that goes on beyond the line. */
const OPEN = /^"(?:[^"]|"")*$/s;
const CELL = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/sy;

/** The cells of a record; null where a quote is still open. */
function cellsOf(text: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(',');
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (let more = true; more;) {
    const at = CELL.lastIndex;
    const match = CELL.exec(text);
    if (match === null && OPEN.test(text.slice(at))) return null;
    if (match === null) throw new InputError('BAD_CSV', `a cell with a quote in it must be quoted whole, got ${JSON.stringify(text.slice(0, 60))}`);
    const [, quoted, plain = '', end] = match;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    more = end === ',';
  }
  return cells;
}

function headerOf(cells: readonly string[]): readonly string[] {
  const twice = cells.find((name, i) => cells.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_CSV', `the header must name every column once, got ${JSON.stringify(twice.slice(0, 60))} twice`);
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
 * @throws {@link InputError} BAD_CSV where the header cannot be read
 * @see RFC 4180.
 */
export function readCsvRecords({ pull, file }: ImportInput, sink: ImportSink, rowOf: RowOf): ImportReading {
  let records = 0;
  let header: readonly string[] | null = null;
  let open: { text: string; row: number } | null = null;
  const rejected = (row: number, why: InputError): void => {
    records += 1;
    sink.reject(row, why);
  };
  const take = (text: string, row: number): void => {
    const cells = cellsOf(text);
    if (cells === null) {
      if (text.length > RECORD_MAX) throw new InputError('BAD_CSV', 'a quoted cell must be closed, got none that closes it');
      open = { text, row };
    } else if (header === null) header = headerOf(cells);
    else {
      sink.row(rowOf(recordOf(header, cells), { file, row }));
      records += 1;
    }
  };
  readLines(pull, {
    line: (raw, number) => {
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (open === null && text === '') return;
      const { text: before, row } = open === null ? { text: null, row: number } : open;
      open = null;
      try {
        take(before === null ? text : `${before}\n${text}`, row);
      } catch (refusal) {
        if (!(refusal instanceof InputError) || header === null) throw refusal;
        rejected(row, refusal);
      }
    },
    bad: rejected,
  });
  const left = open as { text: string; row: number } | null;
  if (left !== null) rejected(left.row, new InputError('BAD_CSV', 'a quoted cell must be closed, got the end of the file'));
  return { records, findings: [], notes: [] };
}
