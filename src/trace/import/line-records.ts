import { InputError } from '../../errors.js';
import type { TraceRow } from '../row.js';
import type { ImportInput, ImportReading, ImportSink, JsonRecord } from './importer.js';
import { readLines } from './lines.js';
import { isRecord } from './record.js';

/** Where a record is: file, and line or number from 1. */
export interface RecordPlace {
  readonly file: string;
  readonly row: number;
}

/**
 * Makes the row of one record.
 *
 * @throws {@link InputError} where the record is none that it knows
 */
export type RowOf = (record: JsonRecord, place: RecordPlace) => TraceRow;

/** A text from outside, short enough to quote. */
function start(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/**
 * The object that the JSON text of a record is.
 *
 * @throws {@link InputError} BAD_JSON, WRONG_TYPE, or what `parse` throws
 */
export function recordOfText(text: string, what: string, parse: ImportInput['parse']): JsonRecord {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('BAD_JSON', `${what} must be JSON, got ${start(text)}`, { cause });
  }
  if (!isRecord(value)) throw new InputError('WRONG_TYPE', `${what} must be a JSON object, got ${start(text)}`);
  return value;
}

/** Whether a line is white space alone. */
function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0d) return false;
  }
  return true;
}

/** Reads JSON Lines of which each is a row; a line of white space is none. */
export function readLineRecords({ pull, file, parse }: ImportInput, sink: ImportSink, rowOf: RowOf): ImportReading {
  let records = 0;
  readLines(pull, {
    line: (text, number, whole) => {
      if (isBlank(text)) return;
      records += 1;
      try {
        sink.row(rowOf(recordOfText(text, whole ? 'the line' : 'the last line, which has no line feed,', parse), { file, row: number }));
      } catch (refusal) {
        if (!(refusal instanceof InputError)) throw refusal;
        sink.reject(number, refusal);
      }
    },
    bad: (number, why) => {
      records += 1;
      sink.reject(number, why);
    },
  });
  return { records, findings: [], notes: [] };
}
