import { InputError } from '../../errors.js';
import type { TraceRow } from '../row.js';
import type { ImportInput, ImportReading, ImportSink, JsonRecord } from './importer.js';
import { jsonWindow, nextCharacter, takeJson, type JsonWindow } from './json-window.js';
import { LINE_BYTES_MAX } from './lines.js';
import { recordOfText, type RecordPlace } from './line-records.js';

/**
 * Makes the row of one call of a run.
 *
 * @throws {@link InputError} where the call is none that it knows
 */
export type CallRow = (place: RecordPlace) => TraceRow;

/**
 * Finds the calls of a run, in order.
 *
 * @param at - where the run is in its file, to put before the names of its fields
 * @throws {@link InputError} where the run as a whole cannot be read
 */
export type CallsOf = (run: JsonRecord, at: string) => Iterable<CallRow>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a run; null stands for one that its file ends within. */
function textOf(bytes: Uint8Array | null): string {
  if (bytes === null) throw new InputError('BAD_JSON', 'the run must be whole, got the end of the file within it');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new InputError('INVALID_UTF8', 'the run must be UTF-8, got other bytes', { cause });
  }
}

/** Whether the runs end here as they should; null where one more follows. */
function endOfRuns(window: JsonWindow, listed: boolean): boolean | null {
  const next = nextCharacter(window);
  if (next === '') return !listed;
  return listed && next === ']' ? true : null;
}

/** Reads every JSON object of a text that is one object, a list of them, or one after another. Returns whether its end was found. */
function readRuns(input: ImportInput, onRun: (take: () => JsonRecord, at: string) => void): boolean {
  const window = jsonWindow(input.pull, LINE_BYTES_MAX);
  const listed = nextCharacter(window) === '[';
  if (listed) window.at += 1;
  for (let run = 0; ; run += 1) {
    const end = endOfRuns(window, listed);
    if (end !== null) return end;
    const bytes = takeJson(window);
    onRun(() => recordOfText(textOf(bytes), 'the run', input.parse), listed || run > 0 ? `[${String(run)}].` : '');
    if (bytes === null) return false;
    if (listed && nextCharacter(window) === ',') window.at += 1;
  }
}

/**
 * Reads runs that hold several calls each: a JSON object, a list of objects, or objects one after another. A run that cannot be
 * read is one record; else every call is one, counted through the file from 1.
 */
export function readNestedRecords(input: ImportInput, sink: ImportSink, callsOf: CallsOf): ImportReading {
  let records = 0;
  let runs = 0;
  const attempt = (use: () => void, failed: () => number): void => {
    try {
      use();
    } catch (refusal) {
      if (!(refusal instanceof InputError)) throw refusal;
      sink.reject(failed(), refusal);
    }
  };
  const whole = readRuns(input, (take, at) => {
    runs += 1;
    attempt(() => {
      for (const row of callsOf(take(), at)) {
        records += 1;
        attempt(() => { sink.row(row({ file: input.file, row: records })); }, () => records);
      }
    }, () => (records += 1));
  });
  return {
    records,
    findings: whole ? [] : ['the file breaks off: what follows its last run, if anything, cannot be told apart'],
    notes: runs > 1 ? [`runs: ${String(runs)}`] : [],
  };
}
