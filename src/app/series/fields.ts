import { InputError } from '../../errors.js';
import { numberOfText, placeOf, quoted, timeOf, type SeriesAbout, type SeriesColumns, type SeriesRecord, type StreamKind } from './record.js';

/** A field's value as read: null is JSON's null, undefined is absent, and a text may be a number's. */
export type FieldValue = string | null | undefined;

/** Reads records by the names of their fields. */
export interface Fields {
  readonly stream: StreamKind;
  /** @throws {@link InputError} naming line, field, value and what was expected */
  readonly record: (place: Pick<SeriesRecord, 'index' | 'line'>, field: (name: string) => FieldValue) => SeriesRecord;
}

/** What a file's first record or header names. */
export interface FieldNames {
  readonly names: readonly string[];
  readonly form: SeriesAbout['form'];
  /** Where they are named, for messages. */
  readonly at: string;
}

const TIMES = ['ts_ms', 'time', 'timestamp'];
const ACTORS = ['extension_id', 'actor'];

/** The field that holds the figure of each stream. */
const SOURCES: Readonly<Record<StreamKind, string | null>> = {
  interval: null,
  latency: 'latency_ms',
  score: 'risk_score',
  error: 'outcome_error_code',
  bytes: 'bytes_in',
  value: 'value',
  capability: null,
};

/** Streams of which a record may hold null; it is passed over. */
const MAY_BE_NULL: readonly StreamKind[] = ['score', 'bytes'];

/** The one name asked for, which must be there, or the first known one that is. */
function nameOf(asked: string | undefined, known: readonly string[], { names, at, form }: FieldNames): string | null {
  if (asked === undefined) return known.find((name) => names.includes(name)) ?? null;
  if (names.includes(asked)) return asked;
  const what = form === 'csv' ? 'the header must name the column' : 'a record must have the field';
  throw new InputError('MISSING_FIELD', `${at}: ${what} ${JSON.stringify(asked)}, got ${quoted(names.join(', '))}`);
}

function needed(name: string | null, what: string, { names, at, form }: FieldNames): string {
  if (name !== null) return name;
  throw new InputError('MISSING_FIELD', `${at}: there is no ${form === 'csv' ? 'column' : 'field'} ${what}, only ${quoted(names.join(', '))}`);
}

function streamOf({ names }: FieldNames, { stream, value }: SeriesColumns): StreamKind {
  if (stream !== undefined) return stream;
  return value !== undefined || names.includes('value') ? 'value' : 'interval';
}

/** The figure of a record. */
function valueOf(stream: StreamKind, text: FieldValue, at: string): number | null {
  if (stream === 'error') return text === null || text === '' ? 0 : 1;
  if (text === null && MAY_BE_NULL.includes(stream)) return null;
  const number = typeof text === 'string' ? numberOfText(text) : undefined;
  if (number !== undefined) return number + 0;
  throw new InputError('WRONG_TYPE', `${at} must be a finite number, got ${text === null || text === undefined ? String(text) : quoted(text)}`);
}

/**
 * Finds a stream's fields among the names of a file.
 *
 * @throws {@link InputError} MISSING_FIELD where the stream needs one that is not there
 */
export function fieldsOf(there: FieldNames, columns: SeriesColumns): Fields {
  const stream = streamOf(there, columns);
  const time = nameOf(columns.time, TIMES, there);
  if (stream === 'interval') needed(time, `of times (${TIMES.join(', ')}; or name it with --time), which intervals need`, there);
  const actor = nameOf(columns.actor, ACTORS, there);
  const capability = nameOf(columns.capability, ['capability'], there);
  if (stream === 'capability') needed(capability, 'named capability', there);
  const source = stream === 'value' ? nameOf(columns.value, ['value'], there) : nameOf(undefined, [SOURCES[stream] ?? ''], there);
  const valueName = SOURCES[stream] === null ? null : needed(source, `named ${SOURCES[stream] ?? ''}${stream === 'value' ? ' (or name it with --value)' : ''}`, there);
  let epoch: boolean | null = null;
  return {
    stream,
    record(place, field) {
      const at = (name: string): string => `${placeOf(place)}: ${name}`;
      const text = (name: string | null): string | null => {
        if (name === null) return null;
        const value = field(name);
        if (typeof value !== 'string') throw new InputError(value === undefined ? 'MISSING_FIELD' : 'WRONG_TYPE', `${at(name)} must be a text, got ${value === null ? 'null' : 'nothing'}`);
        return value;
      };
      const present = (name: string): FieldValue => {
        const value = field(name);
        if (value === undefined) throw new InputError('MISSING_FIELD', `${at(name)} is missing`);
        return value;
      };
      const timed = time === null ? { time: null, epochMs: false } : timeOf(text(time) ?? '', at(time), { name: time, utc: columns.utc ?? false });
      epoch ??= timed.epochMs;
      if (time !== null && timed.epochMs !== epoch) throw new InputError('WRONG_TYPE', `${at(time)} must be ${epoch ? 'an ISO 8601 time' : 'a number'} as in the lines before, got ${quoted(text(time) ?? '')}`);
      const value = valueName === null ? null : valueOf(stream, present(valueName), at(valueName));
      return { ...place, actor: text(actor), capability: text(capability), ...timed, value };
    },
  };
}
