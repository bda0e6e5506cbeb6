import { existsSync } from 'node:fs';
import { openAtomic } from '../atomic-file.js';
import { readBytes, withSource } from '../files.js';
import { liveSeriesReader, readSeries } from '../series.js';
import type { RecordSink, SeriesAbout, SeriesColumns, SeriesRecord } from '../series-record.js';
import { streamKey } from '../series-streams.js';
import { approvedStreams } from './detect-baseline.js';
import { designWatch } from './detect-design.js';
import { detectEngine, newState, placeDesign, type DetectEngine, type DetectEvents, type DetectState } from './detect-engine.js';
import { reportOf, type DetectReport } from './detect-report.js';
import { settingsOf, type Asked, type DetectSettings } from './detect-settings.js';
import { formatState, parseState, requireSame, type SavedDetection } from './detect-state.js';
import type { Io, LiveInput } from './io.js';
import { naming } from './ledgers.js';

/** What to detect, and in what. */
export interface DetectTask {
  readonly file: string;
  readonly asked: Asked;
  readonly columns: SeriesColumns;
  readonly sort: boolean;
  /** Path and bytes of the file of `--baseline`. */
  readonly baseline: { readonly path: string; readonly bytes: Uint8Array } | null;
  /** Path of the state. */
  readonly state: string | null;
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

/** Designs for every stream of the baseline file. */
function prepareDesigns(task: DetectTask, settings: DetectSettings, state: DetectState): void {
  const { baseline, columns, sort } = task;
  if (baseline === null) return;
  naming(baseline.path, () => {
    for (const { name, sample } of approvedStreams(baseline.path, baseline.bytes, settings, { ...columns, sort })) {
      const made = designWatch(settings, sample);
      state.prepared.set(streamKey(name), 'refusal' in made ? made : { design: placeDesign(state, made.design) });
    }
  });
}

/** The engine that a file's records go to; it can start only when the file has shown what it holds. */
function session(task: DetectTask, events: DetectEvents): { readonly sink: RecordSink; readonly columns: SeriesColumns; readonly found: () => Found } {
  const saved = savedOf(task);
  const state = saved?.state ?? newState();
  let settings = saved?.settings ?? null;
  let about: SeriesAbout | null = null;
  let engine: DetectEngine | null = null;
  const begin = (found: SeriesAbout): DetectSettings => {
    about = found;
    if (settings !== null) return settings;
    settings = settingsOf(task.asked, found.stream);
    prepareDesigns(task, settings, state);
    return settings;
  };
  const sink: RecordSink = {
    onStart: (found) => {
      engine = detectEngine(begin(found), state, events);
      engine.onStart(found);
    },
    onRecord: (record) => { engine?.onRecord(record); },
  };
  const columns = settings === null ? task.columns : { ...task.columns, stream: settings.stream };
  return { sink, columns, found: () => ({ settings: settings ?? settingsOf(task.asked, task.columns.stream ?? 'value'), state, form: about?.form ?? null }) };
}

interface Found {
  readonly settings: DetectSettings;
  readonly state: DetectState;
  readonly form: SeriesAbout['form'] | null;
}

/** Hands over records in order of time. */
function sorting(sink: RecordSink): { readonly sink: RecordSink; readonly flush: () => void } {
  const records: SeriesRecord[] = [];
  return {
    sink: { onStart: sink.onStart, onRecord: (record) => records.push(record) },
    flush: () => { for (const record of records.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0))) sink.onRecord(record); },
  };
}

function readFile({ file, sort }: DetectTask, columns: SeriesColumns, sink: RecordSink): void {
  const sorted = sort ? sorting(sink) : null;
  naming(file, () => {
    withSource(file, (source) => { readSeries(source, columns, sorted?.sink ?? sink); });
    sorted?.flush();
  });
}

async function readLive(input: LiveInput, columns: SeriesColumns, sink: RecordSink): Promise<void> {
  const reader = liveSeriesReader(columns, sink);
  for await (const chunk of input.chunks) naming('-', () => { reader.push(chunk); });
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
  let alarmCount = 0;
  const { sink, columns, found } = session(task, { ...events, onAlarm: (alarm, line) => {
    alarmCount += 1;
    events.onAlarm(alarm, line);
  } });
  let interrupted = false;
  if (task.file === '-') {
    const input = io.live();
    await readLive(input, columns, sink);
    interrupted = input.interrupted();
  } else readFile(task, columns, sink);
  const { settings, state, form } = found();
  if (task.state !== null) save(task.state, { settings, state });
  return reportOf(settings, state, { file: task.file, form, alarmCount, interrupted });
}
