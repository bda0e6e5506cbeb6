import { existsSync } from 'node:fs';
import { openAtomic } from '../../atomic-file.js';
import { readBytes, withOpen } from '../../files.js';
import { liveSeriesReader, readSeries } from '../../series/series.js';
import type { RecordSink, SeriesAbout, SeriesColumns, SeriesRecord } from '../../series/record.js';
import { streamKey, streamOf } from '../../series/streams.js';
import { shardOf, type Shard } from '../../shard.js';
import { approvedStreams, type BaselineFile } from './baseline.js';
import { designWatch } from './design.js';
import { detectEngine, newState, placeDesign, type DetectEngine, type DetectEvents, type DetectState } from './engine.js';
import { reportOf, type DetectReport } from './report.js';
import { settingsOf, type Asked, type DetectSettings } from './settings.js';
import { formatState, parseState, requireNext, requireSame, type SavedDetection } from './state.js';
import type { Io, LiveInput } from '../io.js';
import { isTrace } from '../../trace-files/vetted.js';
import { firstBytes, withKept } from './live-trace.js';
import { naming } from '../ledgers.js';

/** What to detect, and in what. */
export interface DetectTask {
  readonly file: string;
  readonly asked: Asked;
  readonly columns: SeriesColumns;
  readonly sort: boolean;
  /** The file of `--baseline`. */
  readonly baseline: BaselineFile | null;
  /** Path of the state. */
  readonly state: string | null;
  /** Streams of which share to watch; null for all. */
  readonly shard: Shard | null;
}

/** A detection, and what it reads its files with. */
interface Work {
  readonly io: Io;
  readonly task: DetectTask;
}

/** The saved detection to go on from. */
function savedOf({ state, asked }: DetectTask): SavedDetection | null {
  if (state === null || !existsSync(state)) return null;
  return naming(state, () => {
    const saved = parseState(readBytes(state));
    requireSame(saved.settings, asked);
    return saved;
  });
}

/** Designs for the streams of the baseline file, or for those of the share; they come before all others, in the file's order. */
function prepareDesigns({ io, task }: Work, settings: DetectSettings, state: DetectState, places: Places): void {
  const { baseline, columns, sort, shard } = task;
  if (baseline === null) return;
  naming(baseline.path, () => {
    const streams = [...approvedStreams(io, baseline, settings, { ...columns, sort })];
    for (const [i, { name, sample }] of streams.entries()) {
      const key = streamKey(name);
      if (shard !== null && shardOf(key, shard.count) !== shard.index) continue;
      const made = designWatch(settings, sample);
      state.prepared.set(key, 'refusal' in made ? made : { design: placeDesign(state, made.design) });
      if ('design' in made) note(places.designs, JSON.stringify(made.design), i - streams.length);
    }
  });
}

/** Where streams and designs came up. */
interface Places {
  readonly streams: Map<string, number>;
  /** By the design's JSON. */
  readonly designs: Map<string, number>;
}

/** Notes the place of what comes up first. */
function note(places: Map<string, number>, key: string, at: number): void {
  if (!places.has(key)) places.set(key, at);
}

/** The engine that a file's records go to; it can start only when the file has shown what it holds. */
function session({ io, task }: Work, given: DetectEvents): { readonly sink: RecordSink; readonly columns: SeriesColumns; readonly found: () => Found } {
  const places: Places = { streams: new Map(), designs: new Map() };
  const saved = savedOf(task);
  const state = saved?.state ?? newState();
  let [lastHash, begun] = [saved?.lastHash ?? null, false];
  let settings = saved?.settings ?? null;
  let about: SeriesAbout | null = null;
  let engine: DetectEngine | null = null;
  const events: DetectEvents = {
    ...given,
    onWatch: (name, design) => {
      note(places.designs, JSON.stringify(design), state.records);
      given.onWatch?.(name, design);
    },
  };
  const begin = (found: SeriesAbout): DetectSettings => {
    about = found;
    if (settings !== null) return settings;
    settings = settingsOf(task.asked, found.stream);
    prepareDesigns({ io, task }, settings, state, places);
    return settings;
  };
  const sink: RecordSink = {
    onChain: (chain) => {
      if (!begun) requireNext(lastHash, chain.firstPrevHash);
      [lastHash, begun] = [chain.lastHash, true];
    },
    onStart: (found) => {
      engine = detectEngine(begin(found), state, events);
      engine.onStart(found);
    },
    onRecord: (record) => {
      if (task.shard === null || settings === null) {
        engine?.onRecord(record);
        return;
      }
      const key = streamKey(streamOf(record, settings.by));
      if (shardOf(key, task.shard.count) === task.shard.index) {
        note(places.streams, key, state.records);
        engine?.onRecord(record);
      } else engine?.onOthers(record);
    },
  };
  const columns = settings === null ? task.columns : { ...task.columns, stream: settings.stream };
  return { sink, columns, found: () => ({ settings: settings ?? settingsOf(task.asked, task.columns.stream ?? 'value'), state, lastHash, form: about?.form ?? null, places }) };
}

interface Found {
  readonly settings: DetectSettings;
  readonly state: DetectState;
  readonly lastHash: string | null;
  readonly form: SeriesAbout['form'] | null;
  readonly places: Places;
}

/** Hands over records in order of time. */
function sorting(sink: RecordSink): { readonly sink: RecordSink; readonly flush: () => void } {
  const records: SeriesRecord[] = [];
  return {
    sink: { ...sink, onRecord: (record) => records.push(record) },
    flush: () => { for (const record of records.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0))) sink.onRecord(record); },
  };
}

function readFile({ io, task: { file, sort } }: Work, columns: SeriesColumns, sink: RecordSink): void {
  const sorted = sort ? sorting(sink) : null;
  naming(file, () => {
    withOpen(io.open(file), ({ source }) => { readSeries(source, columns, sorted?.sink ?? sink); });
    sorted?.flush();
  });
}

async function readLive(input: LiveInput, columns: SeriesColumns, sink: RecordSink): Promise<void> {
  const chunks = input.chunks[Symbol.asyncIterator]();
  const head = await firstBytes(chunks);
  if (isTrace(head)) {
    await withKept(head, chunks, (open) => { naming('-', () => { withOpen(open(), ({ source }) => { readSeries(source, columns, sink); }); }); });
    return;
  }
  const reader = liveSeriesReader(columns, sink);
  naming('-', () => { reader.push(head); });
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    const { value } = next;
    naming('-', () => { reader.push(value); });
  }
  // What was cut off within a line is left for the next run.
  if (!input.interrupted()) naming('-', reader.end);
}

function save(path: string, saved: SavedDetection): void {
  const file = openAtomic(path);
  try {
    file.append(Buffer.from(formatState(saved)));
    file.commit();
  } finally {
    file.abandon();
  }
}

/**
 * Watches the streams of a file, or of the standard input as it comes, and saves the state where one is named. The state is
 * saved only when all has been read, or the input was ended from outside: after an error nothing has happened.
 *
 * @throws {@link InputError} naming the file, and what is wrong where
 */
export async function detect(io: Io, task: DetectTask, events: DetectEvents): Promise<DetectReport> {
  return (await detectPart(io, task, events)).report;
}

/** A report and where in the input its streams and designs come from, by which reports on other streams can be put beside it. */
export interface DetectPlaces {
  readonly report: DetectReport;
  /** First record of each stream of the report. */
  readonly streams: readonly number[];
  /** Record at which each design came to be used; below 0 for one made beforehand. */
  readonly designs: readonly number[];
}

/** {@link detect}, with the places of what is reported. */
export async function detectPart(io: Io, task: DetectTask, events: DetectEvents): Promise<DetectPlaces> {
  let alarmCount = 0;
  const { sink, columns, found } = session({ io, task }, { ...events, onAlarm: (alarm, line) => {
    alarmCount += 1;
    events.onAlarm(alarm, line);
  } });
  let interrupted = false;
  if (task.file === '-') {
    const input = io.live();
    await readLive(input, columns, sink);
    interrupted = input.interrupted();
  } else readFile({ io, task }, columns, sink);
  const { settings, state, lastHash, form, places } = found();
  if (task.state !== null) save(task.state, { settings, state, lastHash });
  return {
    report: reportOf(settings, state, { file: task.file, form, alarmCount, interrupted }),
    streams: [...state.streams.keys()].map((key) => places.streams.get(key) ?? 0),
    designs: state.designs.map((design) => places.designs.get(JSON.stringify(design)) ?? -1),
  };
}
