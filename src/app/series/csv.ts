import { InputError } from '../../errors.js';
import { readCsv, type CsvRecord } from '../../risk/calibrate/csv.js';
import { lineReader, type RecordReader } from './lines.js';
import { fieldsOf, type Fields } from './fields.js';
import type { RecordSink, SeriesColumns } from './record.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(line: Uint8Array, number: number): string {
  try {
    return utf8.decode(line);
  } catch {
    throw new InputError('INVALID_UTF8', `line ${String(number)}: the text is not valid UTF-8`);
  }
}

const quotesIn = (text: string): number => text.split('"').length - 1;

/** The header's names, each once. */
function headerOf({ line, cells }: CsvRecord): readonly string[] {
  const twice = cells.find((name, i) => cells.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_CSV', `line ${String(line)}: the header names the column ${JSON.stringify(twice.slice(0, 80))} twice`);
  return cells;
}

/**
 * Reads comma-separated values with a header: see `readCsv` for the form. An empty line is skipped; a byte order mark is
 * stepped over.
 *
 * @throws {@link InputError} BAD_CSV, INVALID_UTF8 and what `fieldsOf` throws, naming the line
 */
export function csvReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  let header: readonly string[] | null = null;
  let fields: Fields | null = null;
  let index = 0;
  let open = '';
  let openLine = 0;
  const onRecord = (record: CsvRecord): void => {
    if (header === null || fields === null) {
      header = headerOf(record);
      fields = fieldsOf({ names: header, form: 'csv', at: `line ${String(record.line)}` }, columns);
      sink.onStart({ form: 'csv', stream: fields.stream });
      return;
    }
    const { line, cells } = record;
    if (cells.length === 1 && cells[0] === '' && header.length > 1) return;
    if (cells.length !== header.length) throw new InputError('BAD_CSV', `line ${String(line)}: expected ${String(header.length)} cells as in the header, got ${String(cells.length)}`);
    const names = header;
    sink.onRecord(fields.record({ index, line }, (name) => cells[names.indexOf(name)] ?? ''));
    index += 1;
  };
  const lines = lineReader((bytes, number) => {
    const text = decoded(bytes, number);
    if (open === '') openLine = number;
    open += `${number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text}\n`;
    // Inside a quoted cell a line end is part of the cell.
    if (quotesIn(open) % 2 === 1) return;
    const whole = open;
    open = '';
    for (const record of readCsv(whole, { firstLine: openLine, code: 'BAD_CSV' })) onRecord(record);
  });
  return {
    push: lines.push,
    end() {
      lines.end();
      if (open !== '') for (const record of readCsv(open, { firstLine: openLine, code: 'BAD_CSV' })) onRecord(record);
      if (header === null) throw new InputError('EMPTY_INPUT', 'the file is empty: expected a ledger, calls, telemetry or comma-separated values');
    },
  };
}
