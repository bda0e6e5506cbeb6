import { InputError } from '../../errors.js';
import type { ByteSource } from '../../ledger/source.js';
import { after, takeHead } from '../peeked.js';
import { csvReader } from './csv.js';
import { formOfHead, HEAD_BYTES, type SeriesForm } from './form.js';
import { callsReader, telemetryReader } from './json.js';
import { ledgerLinesReader, ledgerReader, readLedgerRecords } from './ledger.js';
import type { RecordReader } from './lines.js';
import type { RecordSink, SeriesColumns } from './record.js';
import { tcpdReader } from './tcpd.js';
import { readTraceRecords } from './trace.js';

const EMPTY = 'the file is empty: expected a ledger, calls, telemetry, comma-separated values or a trace';

const READERS: Readonly<Record<Exclude<SeriesForm, 'trace'>, (columns: SeriesColumns, sink: RecordSink) => RecordReader>> = {
  ledger: ledgerReader,
  'ledger lines': ledgerLinesReader,
  telemetry: telemetryReader,
  calls: callsReader,
  csv: csvReader,
  tcpd: tcpdReader,
};

/** Bytes read at a time. */
const STEP = 1 << 18;

/**
 * Reads observations from a file: a risk ledger (artifact or lines), the host's telemetry artifact, JSON Lines of calls or
 * of times and values, comma-separated values with a header, a series of the Turing Change Point Dataset, or a trace (Arrow stream). Told apart by
 * their content. A ledger is verified whole before its first record is handed over.
 *
 * @param columns - which stream is wanted, and where it is found
 * @param sink - gets what the file turned out to be, then record after record
 * @throws {@link InputError} INVALID_LEDGER, or what makes the file unreadable, naming line or entry, field and value
 */
export function readSeries(source: ByteSource, columns: SeriesColumns, sink: RecordSink): void {
  const head = takeHead(source, HEAD_BYTES);
  if (head.length === 0) throw new InputError('EMPTY_INPUT', EMPTY);
  const form = formOfHead(head, true) ?? 'csv';
  if (form === 'ledger' || form === 'ledger lines') {
    readLedgerRecords(after(head, source), columns, sink);
    return;
  }
  if (form === 'trace') {
    readTraceRecords(after(head, source), columns, sink);
    return;
  }
  const reader = READERS[form](columns, sink);
  reader.push(head);
  const buffer = new Uint8Array(STEP);
  for (let count = source(buffer); count > 0; count = source(buffer)) reader.push(buffer.subarray(0, count));
  reader.end();
}

/**
 * As {@link readSeries} for bytes that come when they come: every record is handed over as soon as its line is there. A
 * ledger of lines is verified entry by entry; artifacts are collected first; a trace is refused, since it is checked as a whole.
 */
export function liveSeriesReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  let reader: RecordReader | null = null;
  let head = new Uint8Array(0);
  const settle = (ended: boolean): RecordReader | null => {
    const form = formOfHead(head, ended || head.length >= HEAD_BYTES);
    if (form === 'trace') throw new InputError('BAD_PARAM', 'a trace is read as a whole, when it has ended');
    if (form !== null) {
      reader = READERS[form](columns, sink);
      reader.push(head);
    }
    return reader;
  };
  return {
    push(bytes) {
      if (reader !== null) reader.push(bytes);
      else {
        head = Uint8Array.from(Buffer.concat([head, bytes]));
        settle(false);
      }
    },
    end() {
      if (head.length === 0) throw new InputError('EMPTY_INPUT', EMPTY);
      (reader ?? settle(true))?.end();
    },
  };
}
