import { createHash } from 'node:crypto';
import type { AlarmFinding, Detection, NotWatched } from '../../../report/changes.js';
import type { Answer, ReportInput } from '../../../report/report.js';
import { readBytes } from '../../files.js';
import type { StreamKind } from '../../series/record.js';
import { streamLabel } from '../../series/streams.js';
import type { DetectReport } from '../detect/report.js';
import { detect } from '../detect/run.js';
import type { DetectAlarm } from '../detect/stream.js';
import type { Io } from '../io.js';
import { attemptAsync, without } from './attempt.js';
import { isSealed } from './compare.js';
import type { GivenFile } from './given.js';
import type { RowCollector } from './rows.js';

/** What is watched. Scores are compared by the drift tests; a design for other figures takes seconds a stream. */
const WATCHED: readonly (readonly [StreamKind, string])[] = [['error', 'Failures by capability']];

/** Observations to a false alarm, in the mean, at least. */
const ARL0 = 1000;

interface Watch {
  readonly given: GivenFile;
  readonly input: number;
  readonly kind: StreamKind;
  readonly words: string;
  readonly baseline: GivenFile;
}

/** The approved file that goes with an input: of its own kind, or one that was fitted. */
function baselineFor({ kind }: GivenFile, baselines: readonly GivenFile[]): GivenFile | undefined {
  return baselines.find((each) => each.kind === kind) ?? (kind === 'ledger' ? baselines.find((each) => each.kind === 'baseline') : undefined);
}

function alarmOf({ stream, entry, time, change, delay, reason }: DetectAlarm, input: number, rows: RowCollector): AlarmFinding {
  const text = (at: number | string | null): string | null => (at === null ? null : String(at).replace('T', ' '));
  return {
    stream: streamLabel(stream), row: rows.rowOf(input, entry), record: entry, time: text(time), reason,
    change: change === null ? null : { record: change.entry, row: rows.rowOf(input, change.entry), time: text(change.time) },
    delay: delay?.observations ?? null,
  };
}

/** Alarms to be expected by chance, where every design promises something. */
function expectedOf({ streams, designs }: DetectReport): number | null {
  let sum = 0;
  for (const { observations, design } of streams) {
    if (design === null) continue;
    const arl0 = designs[design]?.promise.arl0?.value ?? null;
    if (arl0 === null) return null;
    sum += observations / arl0;
  }
  return sum;
}

const distinct = (texts: readonly (string | null)[]): string[] => [...new Set(texts.filter((text) => text !== null))];

function detectionOf({ given, words }: Watch, report: DetectReport, alarms: readonly AlarmFinding[]): Detection {
  const notWatched: NotWatched[] = report.notWatched.map(({ stream, reason, n, needed }) => ({ stream: streamLabel(stream), reason, n, needed }));
  const watched = report.streams.filter(({ design }) => design !== null);
  const used = report.designs.filter(({ streams }) => streams.length > 0).map(({ promise }) => promise);
  return {
    input: given.file.name, watches: words, streams: watched.length, alarms, notWatched,
    observations: watched.reduce((sum, { observations }) => sum + observations, 0),
    expected: watched.length === 0 ? null : expectedOf(report),
    promises: distinct(used.map(({ guarantee }) => guarantee)).slice(0, 3),
    assumes: distinct(used.map(({ assumes }) => assumes)).slice(0, 3),
    notes: distinct([...used.flatMap(({ notes }) => notes), ...report.streams.flatMap(({ notes }) => notes)]).slice(0, 5),
    refused: null,
  };
}

const refusal = ({ given, words }: Watch, why: string): Detection => ({ input: given.file.name, watches: words, streams: 0, observations: 0, alarms: [], expected: null, promises: [], assumes: [], notes: [], notWatched: [], refused: why });

async function watch(io: Io, one: Watch, rows: RowCollector): Promise<Detection> {
  const { given, input, kind, baseline, words } = one;
  const bytes = readBytes(baseline.path);
  const alarms: AlarmFinding[] = [];
  const learning = { from: 'baseline', sha256: createHash('sha256').update(bytes).digest('hex') } as const;
  const task = { file: given.path, asked: { stream: kind, by: 'capability', target: { arl0: ARL0 }, learning }, columns: { stream: kind }, sort: true, baseline: { path: baseline.path, bytes }, state: null, shard: null } as const;
  const answer = await attemptAsync(() => detect(io, task, { onAlarm: (alarm) => { alarms.push(alarmOf(alarm, input, rows)); } }));
  if (answer.found === null) return refusal(one, answer.why.replaceAll(baseline.path, baseline.file.name).replaceAll(given.path, given.file.name));
  for (const { row, change, stream, reason } of alarms) {
    rows.mark(row, 'alarm', `alarm of ${words.toLowerCase()}, ${stream}: ${reason}`);
    if (change !== null) rows.mark(change.row, 'change', `${words.toLowerCase()}, ${stream}: changed here, by the alarm`);
  }
  return detectionOf(one, answer.found, alarms);
}

/** Whether an input's order and outcomes may be relied on; what is a ledger's too is watched there. */
export function isWatchable(input: ReportInput | undefined): boolean {
  if (input === undefined || input.unreadable !== null || input.rowCount === 0) return false;
  return input.isLedger ? isSealed(input) : input.joinedCount === 0;
}

/** Watches the inputs with detectors designed from approved files of their own kind. */
export async function watchInputs(io: Io, given: readonly GivenFile[], inputs: readonly ReportInput[], { baselines, rows }: { readonly baselines: readonly GivenFile[]; readonly rows: RowCollector }): Promise<Answer<readonly Detection[]>> {
  if (baselines.length === 0) return without('no approved calls were given to design detectors from (--baseline)');
  const watches = given.flatMap((file, input): Watch[] => {
    const baseline = baselineFor(file, baselines);
    if (baseline === undefined || !isWatchable(inputs[input])) return [];
    return WATCHED.map(([kind, words]) => ({ given: file, input, kind, words, baseline }));
  });
  if (watches.length === 0) return without('no approved file is of the kind of an input that can be watched');
  const found: Detection[] = [];
  for (const each of watches) found.push(await watch(io, each, rows));
  return { found };
}
