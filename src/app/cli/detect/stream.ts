import type { Json, Snapshot } from '../../../detector.js';
import type { StreamName } from '../../series/streams.js';
import { transformed, type WatchDesign, type WatchRefusal } from './promise.js';
import { reasonOf } from './reason.js';
import type { StreamKind } from '../../series/record.js';
import type { Watcher } from './watcher.js';

/** An observation that a change may be traced back to: its number in the stream, its record, its time, and the sum before it. */
type Place = readonly [observation: number, entry: number, time: number | null, sumBefore: number];

/** All that is kept of a stream between two observations. Plain JSON. */
export interface StreamState {
  readonly name: StreamName;
  /** Time of its last record. */
  lastTime: number | null;
  /** Figures so far, the approved ones included. */
  observations: number;
  /** Records whose score is null. */
  nulls: number;
  /** Waits of 0, the sum of all, and whether all are whole. */
  rounding: { zeros: number; sum: number; whole: boolean };
  /** Approved figures, transformed, while they are collected; null once they are used. */
  approved: number[] | null;
  /** Which design watches it, by its place in the list of designs; null where none does. */
  design: number | null;
  refusal: WatchRefusal | null;
  snapshot: Snapshot<Json> | null;
  /** Sum of the watched figures, transformed. */
  sum: number;
  places: Place[];
  alarms: number;
}

/** A change that an alarm is traced back to. */
interface EstimatedChange {
  readonly observation: number;
  readonly entry: number;
  /** For an interval, when it began. */
  readonly time: number | string | null;
}

/** An alarm, as it is reported. */
export interface DetectAlarm {
  readonly stream: StreamName;
  /** Observation of the stream that raised it, from 0, approved ones counted. */
  readonly observation: number;
  /** Record that raised it, from 0, over all that has been read. */
  readonly entry: number;
  /** ISO where times are milliseconds since the epoch. */
  readonly time: number | string | null;
  readonly value: number;
  readonly side: 'up' | 'down' | null;
  /** Null where the detector does not show it. */
  readonly statistic: number | null;
  readonly threshold: number;
  /** The first observation that the change is thought to touch; null where the detector names none. */
  readonly change: EstimatedChange | null;
  /** Observations since the change, the alarm's included, and the time between the two. */
  readonly delay: { readonly observations: number; readonly time: number | null } | null;
  readonly reason: string;
}

/** One step of a watched stream: its statistics before any restart. */
export interface WatchedStep {
  readonly stream: StreamName;
  readonly design: WatchDesign;
  /** Names of what is shown. */
  readonly names: readonly string[];
  readonly shown: readonly number[];
  /** Observation of the stream, from 0, approved ones counted. */
  readonly observation: number;
}

/** The state of a stream that has just begun. */
export function newStream(name: StreamName, learns: boolean): StreamState {
  return { name, lastTime: null, observations: 0, nulls: 0, rounding: { zeros: 0, sum: 0, whole: true }, approved: learns ? [] : null, design: null, refusal: null, snapshot: null, sum: 0, places: [], alarms: 0 };
}

/** Where and when a figure was observed. */
export interface Seen {
  readonly value: number;
  readonly entry: number;
  readonly time: number | null;
  /** When it began: an interval began at the record before. */
  readonly since: number | null;
  readonly epochMs: boolean;
}

function shownTime(time: number | null, epochMs: boolean): number | string | null {
  return time !== null && epochMs ? new Date(time).toISOString() : time;
}

/** Counts what the notes on a stream are made of. */
export function count(stream: StreamState, value: number): void {
  const { rounding } = stream;
  stream.observations += 1;
  rounding.sum += value;
  if (value === 0) rounding.zeros += 1;
  if (!Number.isInteger(value)) rounding.whole = false;
}

/**
 * Watches one figure of a stream.
 *
 * @param observation - its number in the stream
 * @returns the alarm, if it raised one
 */
export function watch(stream: StreamState, { design, watcher, kind, onStep }: { readonly design: WatchDesign; readonly watcher: Watcher; readonly kind: StreamKind; readonly onStep?: ((step: WatchedStep) => void) | undefined }, seen: Seen, observation: number): DetectAlarm | null {
  const x = transformed(design.transform, seen.value);
  const { snapshot, sighting, shown } = watcher.step(stream.snapshot ?? watcher.start(), x);
  onStep?.({ stream: stream.name, design, names: watcher.names, shown, observation });
  stream.places.push([observation, seen.entry, seen.since, stream.sum]);
  stream.sum += x;
  const alarm = sighting === null || (stream.alarms > 0 && latches(design)) ? null : alarmOf(stream, { sighting, design, kind }, seen, observation);
  stream.snapshot = snapshot;
  const kept = new Set(watcher.reach(snapshot).map((back) => observation + 1 - back));
  stream.places = stream.places.filter(([at]) => kept.has(at));
  if (alarm !== null) stream.alarms += 1;
  return alarm;
}

function latches({ spec }: WatchDesign): boolean {
  return 'afterAlarm' in spec.params && spec.params.afterAlarm === 'latch';
}

interface Raised {
  readonly sighting: NonNullable<ReturnType<Watcher['step']>['sighting']>;
  readonly design: WatchDesign;
  readonly kind: StreamKind;
}

function alarmOf(stream: StreamState, { sighting, design, kind }: Raised, { value, entry, time, epochMs }: Seen, observation: number): DetectAlarm {
  const { side, statistic, threshold, back } = sighting;
  const place = back === null ? undefined : stream.places.find(([at]) => at === observation + 1 - back);
  const mean = place === undefined || back === null ? null : (stream.sum - place[3]) / back;
  const from = place?.[2] ?? null;
  return {
    stream: stream.name,
    observation,
    entry,
    time: shownTime(time, epochMs),
    value,
    side,
    statistic,
    threshold,
    change: place === undefined ? null : { observation: place[0], entry: place[1], time: shownTime(from, epochMs) },
    delay: back === null ? null : { observations: back, time: time === null || from === null ? null : time - from },
    reason: reasonOf({ kind, design, side, since: mean, count: back, epochMs }),
  };
}
