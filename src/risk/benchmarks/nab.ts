import { InputError } from '../../errors.js';
import { itemsOf, objectOfText, refuse } from './json.js';

/** A series of the Numenta Anomaly Benchmark. */
export interface NabSeries {
  /** Milliseconds since 1970, the file's times taken as UTC; they may repeat. */
  readonly tsMs: Float64Array;
  readonly values: Float64Array;
}

/** A window of time in which something is anomalous, both ends in it. */
export interface NabWindow {
  readonly startMs: number;
  readonly endMs: number;
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?$/;

/** A time without a zone, taken as UTC. */
function timeOf(text: unknown, field: string): number {
  const [, date = '', clock = '', fraction = ''] = typeof text === 'string' ? (TIME.exec(text.trim()) ?? []) : [];
  const ms = Date.parse(`${date}T${clock}Z`);
  if (Number.isNaN(ms) || new Date(`${date}T00:00Z`).getUTCDate() !== Number(date.slice(8))) refuse(field, text, 'a time as 2014-04-01 00:00:00');
  return ms + Number(`0.${fraction === '' ? '0' : fraction}`) * 1000;
}

/**
 * Reads a series of the Numenta Anomaly Benchmark: `data/GROUP/NAME.csv` of its repository, with the columns timestamp and value.
 *
 * @param text - CSV
 * @throws {@link InputError} BAD_CSV, WRONG_TYPE naming line, field and value
 * @see Lavin & Ahmad (2015), ICMLA, 38-44; Ahmad et al. (2017), Neurocomputing 262, 134-147.
 * @example
 * ```ts
 * [...parseNabSeries('timestamp,value\n1970-01-01 00:00:01,2.5\n').tsMs]; // => [1000]
 * ```
 */
export function parseNabSeries(text: string): NabSeries {
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (header.trim() !== 'timestamp,value') throw new InputError('BAD_CSV', `line 1: the header must be timestamp,value, got ${JSON.stringify(header.slice(0, 60))}`);
  const tsMs: number[] = [];
  const values: number[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const at = `line ${String(i + 2)}`;
    const [time, value = '', ...more] = line.split(',');
    if (more.length > 0) throw new InputError('BAD_CSV', `${at}: a line must have 2 cells, got ${String(2 + more.length)}`);
    const number = value.trim() === '' ? NaN : Number(value);
    if (!Number.isFinite(number)) refuse(`${at}: value`, value, 'a finite number');
    tsMs.push(timeOf(time, `${at}: timestamp`));
    values.push(number);
  });
  return { tsMs: Float64Array.from(tsMs), values: Float64Array.from(values) };
}

function windowOf(given: unknown, at: string): NabWindow {
  const ends = itemsOf(given, at);
  if (ends.length !== 2) throw new InputError('WRONG_TYPE', `${at} must be a start and an end, got ${String(ends.length)} values`);
  const window = { startMs: timeOf(ends[0], `${at}[0]`), endMs: timeOf(ends[1], `${at}[1]`) };
  if (window.endMs < window.startMs) throw new InputError('WRONG_TYPE', `${at} must not end before it starts, got ${String(ends[1])}`);
  return window;
}

/**
 * Reads the labels of the Numenta Anomaly Benchmark: its `labels/combined_windows.json`.
 *
 * @param text - JSON: file below `data/` to list of windows
 * @throws {@link InputError} BAD_JSON, WRONG_TYPE naming file and window
 * @example
 * ```ts
 * parseNabWindows('{"a/b.csv":[["1970-01-01 00:00:01.000000","1970-01-01 00:00:02.500000"]]}').get('a/b.csv'); // => [{ startMs: 1000, endMs: 2500 }]
 * ```
 */
export function parseNabWindows(text: string): ReadonlyMap<string, readonly NabWindow[]> {
  const file = objectOfText(text, 'labels');
  return new Map(Object.entries(file).map(([name, windows]) => [name, itemsOf(windows, name).map((each, k) => windowOf(each, `${name}[${String(k)}]`))]));
}
