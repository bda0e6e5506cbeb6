import { InputError } from '../../errors.js';
import type { ByteSource } from '../../ledger/source.js';
import { readSeries } from './series.js';
import { placeOf, type SeriesAbout, type SeriesColumns, type SeriesRecord, type StreamKind } from './record.js';

/** Which records make a stream: those of one actor, of one capability, of both, or all. */
export type StreamBy = 'actor' | 'capability' | 'actor,capability' | 'none';

/** What a stream is named by; null where that does not tell it apart, or where the records do not say. */
export interface StreamName {
  readonly actor: string | null;
  readonly capability: string | null;
}

/** A record's figure in its stream. */
export interface Observation {
  readonly record: SeriesRecord;
  /** The figure; null where the record has none: the first of a stream of intervals, or a null score. */
  readonly value: number | null;
}

/** The stream that a record belongs to. */
export function streamOf({ actor, capability }: SeriesRecord, by: StreamBy): StreamName {
  return { actor: by.startsWith('actor') ? actor : null, capability: by.endsWith('capability') ? capability : null };
}

/** A text that differs for different streams; in it nothing is lost. */
export function streamKey({ actor, capability }: StreamName): string {
  return JSON.stringify([actor, capability]);
}

/** A stream's name for people. */
export function streamLabel({ actor, capability }: StreamName): string {
  const parts = [actor, capability].filter((part) => part !== null);
  return parts.length === 0 ? 'all records' : parts.join(' ');
}

/**
 * Checks that time does not go back in a stream, and makes the record's figure.
 *
 * @param last - time of the stream's record before this one; null for its first
 * @throws {@link InputError} DECREASING_TIME naming line and both times
 */
export function observationOf(record: SeriesRecord, kind: StreamKind, last: number | null): Observation {
  const { time } = record;
  if (time !== null && last !== null && time < last) {
    throw new InputError('DECREASING_TIME', `${placeOf(record)}: time goes back within a stream, from ${timeText(last, record.epochMs)} to ${timeText(time, record.epochMs)}: expected records in order of time (calls that overlap end out of order; choose smaller streams with --by, or --sort)`);
  }
  if (kind !== 'interval') return { record, value: record.value };
  return { record, value: time === null || last === null ? null : time - last };
}

/** A time for people: ISO where it is milliseconds since the epoch. */
export function timeText(time: number, epochMs: boolean): string {
  return epochMs ? new Date(time).toISOString() : String(time);
}

/** A whole stream, one entry an observation. */
export interface CollectedStream extends StreamName {
  readonly values: number[];
  /** Time of each; for an interval, of its end. Null where the records have none. */
  readonly times: (number | null)[];
  /** Record of each, from 0 within the file. */
  readonly indices: number[];
  /** Capability called at each; for models of categories. */
  readonly capabilities: (string | null)[];
  /** Time of the stream's first record. */
  readonly startTime: number | null;
  readonly epochMs: boolean;
  /** Records whose score is null. */
  nullCount: number;
}

/** All streams of a file. */
export interface CollectedSeries {
  readonly about: SeriesAbout;
  /** In order of first appearance. */
  readonly streams: readonly CollectedStream[];
  readonly recordCount: number;
}

/**
 * Reads a whole file into its streams.
 *
 * @param by - which records make a stream
 * @param sort - put records in order of time first, instead of refusing times that go back
 * @throws {@link InputError} as `readSeries`; DECREASING_TIME
 */
export function collectSeries(source: ByteSource, columns: SeriesColumns, { by, sort = false }: { readonly by: StreamBy; readonly sort?: boolean }): CollectedSeries {
  let about: SeriesAbout = { form: 'csv', stream: 'value' };
  const records: SeriesRecord[] = [];
  readSeries(source, columns, { onStart: (found) => { about = found; }, onRecord: (record) => records.push(record) });
  const streams = new Map<string, CollectedStream>();
  const lastTimes = new Map<string, number | null>();
  for (const record of sort ? records.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0)) : records) {
    const name = streamOf(record, by);
    const key = streamKey(name);
    let stream = streams.get(key);
    if (stream === undefined) {
      stream = { ...name, values: [], times: [], indices: [], capabilities: [], startTime: record.time, epochMs: record.epochMs, nullCount: 0 };
      streams.set(key, stream);
    }
    addTo(stream, observationOf(record, about.stream, lastTimes.get(key) ?? null), about.stream);
    lastTimes.set(key, record.time);
  }
  return { about, recordCount: records.length, streams: [...streams.values()] };
}

function addTo(stream: CollectedStream, { record, value }: Observation, kind: StreamKind): void {
  if (value === null && kind !== 'capability') {
    if (kind === 'score') stream.nullCount += 1;
    return;
  }
  stream.values.push(value ?? NaN);
  stream.times.push(record.time);
  stream.indices.push(record.index);
  stream.capabilities.push(record.capability);
}
