import { InputError } from '../../errors.js';

/** Which figure of each record is watched. `bytes` are those that a call sent; `capability` is what is called, for models of categories. */
export type StreamKind = 'interval' | 'latency' | 'score' | 'error' | 'bytes' | 'value' | 'capability';

/** Which stream is wanted, and the names of the fields or columns it is made of. */
export interface SeriesColumns {
  /** Left out: `value` where the records have one, else `interval`. */
  readonly stream?: StreamKind;
  /** Left out: the first of `ts_ms`, `time`, `timestamp`. */
  readonly time?: string;
  /** Left out: `value`. */
  readonly value?: string;
  /** Left out: `extension_id`, or `actor`. */
  readonly actor?: string;
  /** Left out: `capability`. */
  readonly capability?: string;
  /** Whether an ISO time without a zone is in UTC, instead of refused. */
  readonly utc?: boolean;
}

/** What a file turned out to be. */
export interface SeriesAbout {
  readonly form: 'ledger' | 'telemetry' | 'calls' | 'csv' | 'tcpd' | 'trace';
  /** The stream wanted, or the default of the form. */
  readonly stream: StreamKind;
}

/** One record of a file. */
export interface SeriesRecord {
  /** From 0 within its file. */
  readonly index: number;
  /** Line of the file, from 1; null in an artifact. */
  readonly line: number | null;
  readonly actor: string | null;
  readonly capability: string | null;
  readonly time: number | null;
  /** Whether `time` is milliseconds since the epoch; otherwise it is in the user's unit. */
  readonly epochMs: boolean;
  /** The stream's figure; null for intervals and capabilities, which are made later, and for a score or a size that a record holds as null. */
  readonly value: number | null;
}

/** Where records go. */
export interface RecordSink {
  /** Called once, before the first record. */
  readonly onStart: (about: SeriesAbout) => void;
  readonly onRecord: (record: SeriesRecord) => void;
  /** Called for a ledger, before the records that it is about: the hash that its first entry names as its predecessor's, and that of its last so far. */
  readonly onChain?: (chain: { readonly firstPrevHash: string | null; readonly lastHash: string | null }) => void;
}

/** Where a record is, for messages. */
export function placeOf({ line, index }: Pick<SeriesRecord, 'line' | 'index'>): string {
  return line === null ? `entry ${String(index)}` : `line ${String(line)}`;
}

const TIME_MAX_MS = 8.64e15;
const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A number's text in decimal, exponent allowed; undefined for any other text. */
export function numberOfText(text: string): number | undefined {
  const value = Number(text);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(value) ? value : undefined;
}

/** A text from outside, short enough to quote. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/**
 * A time: a number, or an ISO 8601 date and time with its zone.
 *
 * @param at - line and field, for the message
 * @param name - the field's name: what ends in `_ms` is milliseconds since the epoch
 * @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE
 */
export function timeOf(text: string, at: string, { name, utc }: { readonly name: string; readonly utc: boolean }): Pick<SeriesRecord, 'time' | 'epochMs'> {
  const number = numberOfText(text);
  if (number !== undefined) {
    if (Math.abs(number) > TIME_MAX_MS) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must be within 8.64e15, got ${text.slice(0, 60)}`);
    return { time: number + 0, epochMs: name.endsWith('_ms') };
  }
  return { time: isoTime(text, at, utc), epochMs: true };
}

function isoTime(text: string, at: string, utc: boolean): number {
  const [, date, clock = '00:00', zone] = ISO.exec(text) ?? [];
  if (date !== undefined && isDay(date)) {
    if (zone === undefined && !utc) throw new InputError('WRONG_TYPE', `${at} must say its zone, such as ${quoted(`${date}T${clock}Z`)}, got ${quoted(text)} (--utc takes times without a zone as UTC)`);
    const time = Date.parse(`${date}T${clock}${zoneText(zone)}`);
    if (!Number.isNaN(time)) return time;
  }
  throw new InputError('WRONG_TYPE', `${at} must be a number or an ISO 8601 time with its zone, such as "2026-01-31T12:00:00Z", got ${quoted(text)}`);
}

/** Whether the calendar has that day: the parser takes 30 February for a day in March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00Z`).getUTCDate() === Number(date.slice(8));
}

function zoneText(zone = 'Z'): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
}
