import { InputError, type ErrorCode } from '../../errors.js';

/** One record of a CSV text. */
export interface CsvRecord {
  /** Line it starts on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where a text starts in its file, and which code an error in it has. */
export interface CsvReading {
  /** Line of the file that the text starts on. Default 1. */
  readonly firstLine?: number;
  /** Default `BAD_LABELS`. */
  readonly code?: ErrorCode;
}

interface Cursor {
  readonly text: string;
  readonly code: ErrorCode;
  at: number;
  line: number;
}

const fail = ({ code }: Cursor, line: number, what: string): never => {
  throw new InputError(code, `line ${String(line)}: ${what}`);
};

/** Reads the quoted cell whose opening quote is at the cursor. */
function quotedCell(cursor: Cursor): string {
  const { text } = cursor;
  const startLine = cursor.line;
  let value = '';
  for (;;) {
    const close = text.indexOf('"', cursor.at + 1);
    if (close < 0) return fail(cursor, startLine, 'a quoted cell is not closed');
    const part = text.slice(cursor.at + 1, close);
    cursor.line += part.split('\n').length - 1;
    value += part;
    cursor.at = close + 1;
    if (text[cursor.at] !== '"') break;
    value += '"';
  }
  const next = text[cursor.at];
  if (next !== undefined && !',\r\n'.includes(next)) return fail(cursor, cursor.line, 'a quoted cell must be followed by a comma or the end of the line');
  return value;
}

function plainCell(cursor: Cursor): string {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !',\r\n'.includes(cursor.text[cursor.at] ?? '')) cursor.at += 1;
  const value = cursor.text.slice(start, cursor.at);
  if (value.includes('"')) return fail(cursor, cursor.line, 'a cell with a quote in it must be quoted');
  return value;
}

/** Steps over a line end; false where the text has none here. */
function endOfLine(cursor: Cursor): boolean {
  const { text, at } = cursor;
  if (text[at] === '\r' && text[at + 1] !== '\n') return fail(cursor, cursor.line, 'a carriage return must be followed by a line feed');
  const width = text.startsWith('\r\n', at) ? 2 : 1;
  if (at < text.length && text[at + width - 1] !== '\n') return false;
  cursor.at += width;
  cursor.line += 1;
  return true;
}

/**
 * Reads comma-separated values one record at a time: quoted cells may hold commas, line ends and doubled quotes.
 *
 * @param text - the whole text; lines end in LF or CRLF, the last may lack it
 * @param reading - see {@link CsvReading}
 * @returns records in order; an empty line is a record of one empty cell
 * @throws {@link InputError} BAD_LABELS, or the code asked for, with the line
 * @see RFC 4180.
 */
export function* readCsv(text: string, { firstLine = 1, code = 'BAD_LABELS' }: CsvReading = {}): Generator<CsvRecord> {
  const cursor: Cursor = { text, code, at: 0, line: firstLine };
  while (cursor.at < text.length) {
    const { line } = cursor;
    const cells: string[] = [];
    do {
      if (cells.length > 0) cursor.at += 1;
      cells.push(text[cursor.at] === '"' ? quotedCell(cursor) : plainCell(cursor));
    } while (!endOfLine(cursor));
    yield { line, cells };
  }
}
