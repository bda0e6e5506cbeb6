import { InputError } from '../../../errors.js';
import { placeOf, type SeriesAbout, type SeriesRecord } from '../../series/record.js';
import { observationOf, streamKey, streamLabel, streamOf, type StreamName } from '../../series/streams.js';
import { designWatch } from './design.js';
import { transformed, transformOf, type Designed, type Sample, type WatchDesign } from './promise.js';
import { count, newStream, watch, type DetectAlarm, type StreamState, type WatchedStep } from './stream.js';
import type { DetectSettings } from './settings.js';
import { watcherOf, type Watcher } from './watcher.js';

/** All that is kept between two records. Plain JSON but for the map, which is in order of first appearance. */
export interface DetectState {
  /** Records read. */
  records: number;
  /** Whether times are milliseconds since the epoch; null before the first record. */
  epochMs: boolean | null;
  /** Every design in use, in the order made. */
  readonly designs: WatchDesign[];
  /** Designs and refusals of the streams of a baseline file, by stream; designs by their place in the list. */
  readonly prepared: Map<string, { readonly design: number } | { readonly refusal: StreamState['refusal'] }>;
  readonly streams: Map<string, StreamState>;
}

/** What is told while records come. */
export interface DetectEvents {
  /** A stream has begun to be watched. */
  readonly onWatch?: (name: StreamName, design: WatchDesign) => void;
  readonly onAlarm: (alarm: DetectAlarm, line: number | null) => void;
  /** What a watched observation's step showed. */
  readonly onStep?: (step: WatchedStep) => void;
}

/** Detection under way. */
export interface DetectEngine {
  readonly onStart: (about: SeriesAbout) => void;
  readonly onRecord: (record: SeriesRecord) => void;
  /** A record that another share of the work watches: it is counted, so that records have the same numbers in all. */
  readonly onOthers: (record: SeriesRecord) => void;
}

/** A state that has seen nothing. */
export function newState(): DetectState {
  return { records: 0, epochMs: null, designs: [], prepared: new Map(), streams: new Map() };
}

/** Adds a design to the list, or finds the same there. */
export function placeDesign({ designs }: DetectState, design: WatchDesign): number {
  const text = JSON.stringify(design);
  const known = designs.findIndex((other) => JSON.stringify(other) === text);
  return known >= 0 ? known : designs.push(design) - 1;
}

interface Domain {
  readonly of: (settings: DetectSettings) => boolean;
  readonly holds: (value: number) => boolean;
  readonly words: string;
}

/** Observations that a stream, family or detector cannot take. */
const DOMAINS: readonly Domain[] = [
  { of: ({ stream }) => stream === 'latency' || stream === 'bytes', holds: (x) => x >= 0, words: '>= 0' },
  { of: ({ family }) => family === 'bernoulli', holds: (x) => x === 0 || x === 1, words: '0 or 1 for --family bernoulli' },
  { of: ({ family }) => family === 'poisson', holds: (x) => x >= 0 && Number.isSafeInteger(x), words: 'a count, a whole number >= 0, for --family poisson' },
  { of: ({ family }) => family === 'bounded', holds: (x) => x >= 0 && x <= 1, words: 'in [0, 1] for --family bounded' },
  { of: ({ family, detector }) => family === 'exponential' && detector === 'glr', holds: (x) => x > 0, words: 'above 0 for --detector glr, to which a wait of 0 means an infinite rate (cusum and e-sr take it)' },
  { of: ({ family }) => family === 'exponential', holds: (x) => x >= 0, words: '>= 0 for --family exponential' },
  { of: () => true, holds: (x) => Math.abs(x) <= 1e150, words: 'within 1e150' },
];

/** Refuses an observation with its place, before a detector sees it. */
function checkFigure(domains: readonly Domain[], { stream }: DetectSettings, record: SeriesRecord, value: number): void {
  for (const { holds, words } of domains) {
    if (!holds(value)) throw new InputError('NUMBER_OUT_OF_RANGE', `${placeOf(record)}: ${stream === 'interval' ? 'the interval' : stream} must be ${words}, got ${String(value)}`);
  }
}

function isLearned({ learning }: DetectSettings): boolean {
  return learning.from === 'first' || learning.from === 'until';
}

/** Streams about which nothing is to be learned first share one design. */
function commonDesign(settings: DetectSettings, { designs: [design] }: DetectState): Designed {
  return design === undefined ? designWatch(settings, null) : { design };
}

/** Starts or goes on with detection; `state` is changed in place. */
export function detectEngine(settings: DetectSettings, state: DetectState, events: DetectEvents): DetectEngine {
  const watchers: (Watcher | undefined)[] = [];
  const domains = DOMAINS.filter(({ of }) => of(settings));
  const watcherAt = (at: number, design: WatchDesign): Watcher => (watchers[at] ??= watcherOf(design.spec));
  checkSnapshots(state, watcherAt);
  const settle = (stream: StreamState, made: Designed): void => {
    stream.approved = null;
    if ('refusal' in made) stream.refusal = made.refusal;
    else {
      stream.design = placeDesign(state, made.design);
      events.onWatch?.(stream.name, made.design);
    }
  };
  const begin = (name: StreamName, key: string): StreamState => {
    const stream = newStream(name, isLearned(settings));
    state.streams.set(key, stream);
    if (settings.learning.from === 'baseline') prepare(stream, state, key, events);
    else if (!isLearned(settings)) settle(stream, commonDesign(settings, state));
    return stream;
  };
  const learn = (stream: StreamState, record: SeriesRecord, value: number): boolean => {
    if (stream.approved === null) return false;
    const approved = isApproved(settings, stream.approved, record);
    if (approved) {
      count(stream, value);
      stream.approved.push(transformed(transformOf(settings), value));
    }
    if (!approved || isComplete(settings, stream.approved)) settle(stream, designWatch(settings, approvedSample(settings, stream)));
    return approved;
  };
  const judge = (stream: StreamState, record: SeriesRecord, value: number): void => {
    const observation = stream.observations;
    count(stream, value);
    const design = stream.design === null ? undefined : state.designs[stream.design];
    if (stream.design === null || design === undefined) return;
    // A changed wait began when the one before it ended.
    const time = record.time === null || settings.stream !== 'interval' ? record.time : record.time - value;
    const seen = { value, entry: state.records - 1, time: record.time, since: time, epochMs: record.epochMs };
    const alarm = watch(stream, { design, watcher: watcherAt(stream.design, design), kind: settings.stream, onStep: events.onStep }, seen, observation);
    if (alarm !== null) events.onAlarm(alarm, record.line);
  };
  return {
    onStart: ({ stream }) => {
      if (stream !== settings.stream) throw new InputError('SNAPSHOT_MISMATCH', `the records hold ${stream}, expected ${settings.stream}`);
    },
    onOthers: (record) => { countRecord(state, record); },
    onRecord: (record) => {
      countRecord(state, record);
      const name = streamOf(record, settings.by);
      const key = streamKey(name);
      const stream = state.streams.get(key) ?? begin(name, key);
      const { value } = observationOf(record, settings.stream, stream.lastTime);
      stream.lastTime = record.time;
      if (value === null && settings.stream === 'score') stream.nulls += 1;
      if (value === null) return;
      checkFigure(domains, settings, record, value);
      if (!learn(stream, record, value)) judge(stream, record, value);
    },
  };
}

/** A saved snapshot goes with the detector of its design, or is refused. */
function checkSnapshots(state: DetectState, watcherAt: (at: number, design: WatchDesign) => Watcher): void {
  for (const { design, snapshot } of state.streams.values()) {
    const found = design === null ? undefined : state.designs[design];
    if (design !== null && found !== undefined && snapshot !== null) watcherAt(design, found).check(snapshot);
  }
}

/** Counts a record. Times of one stream are in one unit, over all its files. */
function countRecord(state: DetectState, record: SeriesRecord): void {
  state.epochMs ??= record.epochMs;
  if (record.epochMs !== state.epochMs) throw new InputError('WRONG_TYPE', `${placeOf(record)}: time must be in the unit of the records before, ${state.epochMs ? 'milliseconds since the epoch' : 'a plain number'}`);
  state.records += 1;
}

function isComplete({ learning }: DetectSettings, approved: readonly number[]): boolean {
  return learning.from === 'first' && approved.length === learning.count;
}

function isApproved({ learning }: DetectSettings, approved: readonly number[], record: SeriesRecord): boolean {
  if (learning.from === 'first') return approved.length < learning.count;
  if (learning.from !== 'until') return false;
  if (record.time === null) throw new InputError('MISSING_FIELD', `${placeOf(record)}: there is no time, which --approved-until needs`);
  return record.time <= learning.time;
}

function approvedSample({ learning }: DetectSettings, { approved, name }: StreamState): Sample {
  const values = approved ?? [];
  const which = learning.from === 'first' ? 'the first' : 'the approved';
  return { values, origin: `${which} ${String(values.length)} observations of ${streamLabel(name)}`, ordered: true };
}

/** A stream that the baseline file knows is watched as designed from it. */
function prepare(stream: StreamState, state: DetectState, key: string, events: DetectEvents): void {
  const prepared = state.prepared.get(key);
  if (prepared === undefined) {
    stream.refusal = { code: 'NO_BASELINE', reason: 'the baseline holds no such stream', n: 0, needed: null };
    return;
  }
  if ('refusal' in prepared) stream.refusal = prepared.refusal;
  else {
    const design = state.designs[prepared.design];
    stream.design = prepared.design;
    if (design !== undefined) events.onWatch?.(stream.name, design);
  }
}
