import type { SelfStartingState } from '../../../risk/regime/self-starting.js';
import type { SeriesAbout } from '../../series/record.js';
import { streamLabel, type StreamName } from '../../series/streams.js';
import type { WatchDesign, WatchRefusal } from './promise.js';
import type { DetectState } from './engine.js';
import { COARSE_WORDS, roundingNote } from './notes.js';
import type { DetectSettings } from './settings.js';
import type { StreamState } from './stream.js';

/** A stream that is not watched, and why. */
interface NotWatched extends WatchRefusal {
  readonly stream: StreamName;
}

/** What became of one stream. */
interface StreamReport {
  readonly stream: StreamName;
  /** Observations in all that has been read; the approved ones first. */
  readonly observations: number;
  readonly alarms: number;
  /** Which of the designs watches it; null where none does. */
  readonly design: number | null;
  readonly nullScores: number;
  readonly notes: readonly string[];
}

/** All that is reported beside the alarms. */
export interface DetectReport {
  readonly file: string;
  readonly form: SeriesAbout['form'] | null;
  readonly settings: DetectSettings;
  /** Records read, in all runs of a saved state together. */
  readonly records: number;
  /** Alarms of this run. */
  readonly alarmCount: number;
  readonly designs: readonly (WatchDesign & { readonly streams: readonly StreamName[] })[];
  readonly streams: readonly StreamReport[];
  readonly notWatched: readonly NotWatched[];
  /** Whether the input was ended from outside. */
  readonly interrupted: boolean;
}

/** A stream that has not got all its approved observations yet is not watched yet. */
function learningRefusal({ approved }: StreamState, { learning }: DetectSettings): WatchRefusal | null {
  if (approved === null) return null;
  const n = approved.length;
  if (learning.from === 'first') return { code: 'STILL_LEARNING', reason: `its approved prefix is not complete: ${String(n)} of ${String(learning.count)} observations`, n, needed: learning.count };
  return { code: 'STILL_LEARNING', reason: 'nothing was observed after the approved time', n, needed: null };
}

/** Why a stream is not watched; null where it is. */
function refusalOf(stream: StreamState, settings: DetectSettings): WatchRefusal | null {
  return stream.refusal ?? learningRefusal(stream, settings) ?? unjudgedRefusal(stream);
}

/** Observations before the self-starting detector has something to judge by. */
const SELF_STARTING_NEEDS = 3;

/** A stream that has a design, but of which nothing was judged so far: silence of it would say nothing. */
function unjudgedRefusal({ snapshot, observations }: StreamState): WatchRefusal | null {
  if (snapshot === null) return { code: 'TOO_FEW', reason: 'there is no observation to judge', n: 0, needed: 1 };
  if (snapshot.kind !== 'self-starting-cusum') return null;
  const { n, squares } = snapshot.state as SelfStartingState;
  if (n < SELF_STARTING_NEEDS) return { code: 'TOO_FEW', reason: `each observation is judged by at least ${String(SELF_STARTING_NEEDS - 1)} before it`, n: observations, needed: SELF_STARTING_NEEDS };
  return squares > 0 ? null : { code: 'CONSTANT_BASELINE', reason: `all ${String(n)} observations are equal, which gives no scale to judge by`, n: observations, needed: null };
}

function notesOf({ rounding, observations, nulls }: StreamState, { stream, family }: DetectSettings, design: WatchDesign | undefined): string[] {
  const notes: string[] = [];
  const coarse = stream === 'interval' && family === 'exponential' ? roundingNote({ ...rounding, count: observations }) : null;
  const said = design?.promise.notes.some((note) => note.startsWith(COARSE_WORDS)) ?? false;
  if (coarse !== null && !said) notes.push(coarse);
  if (nulls > 0) notes.push(`${String(nulls)} records without a score (null) were left out.`);
  return notes;
}

/** Gathers what is to be said of all streams. */
export function reportOf(settings: DetectSettings, state: DetectState, run: Pick<DetectReport, 'file' | 'form' | 'alarmCount' | 'interrupted'>): DetectReport {
  const streams = [...state.streams.values()];
  return {
    ...run,
    settings,
    records: state.records,
    designs: state.designs.map((design, at) => ({ ...design, streams: streams.filter((stream) => stream.design === at).map(({ name }) => name) })),
    streams: streams.map((stream) => ({ stream: stream.name, observations: stream.observations, alarms: stream.alarms, design: stream.design, nullScores: stream.nulls, notes: notesOf(stream, settings, stream.design === null ? undefined : state.designs[stream.design]) })),
    notWatched: streams.flatMap((stream) => {
      const refusal = refusalOf(stream, settings);
      return refusal === null ? [] : [{ stream: stream.name, ...refusal }];
    }),
  };
}

/** Names of streams, as many as fit a line. */
export function labelsOf(names: readonly StreamName[]): string {
  const shown = names.slice(0, 5).map(streamLabel).join(', ');
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown;
}
