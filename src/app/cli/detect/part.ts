import type { Shard } from '../../shard.js';
import type { StreamName } from '../../series/streams.js';
import { detectPart, type DetectTask } from './run.js';
import type { DetectReport } from './report.js';
import type { DetectAlarm } from './stream.js';
import { EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { reportJson } from '../json.js';
import type { Output } from '../output.js';
import { partWriter, type PartItem } from '../shard/part.js';

const SCHEMA = 'hindcast.detect.v1';

/** The exit code of a report. */
export function detectCode({ alarmCount, streams, notWatched }: Pick<DetectReport, 'alarmCount' | 'streams' | 'notWatched'>): ExitCode {
  if (alarmCount > 0) return EXIT.mismatch;
  return streams.length > notWatched.length ? EXIT.holds : EXIT.notEnough;
}

/** The JSON of a report, alarms first, each as it comes. */
export function detectJson(put: (text: string) => void): { readonly alarm: (alarm: DetectAlarm) => void; readonly end: (rest: object) => string } {
  let separator = '\n';
  put(`{\n  "schema": ${JSON.stringify(SCHEMA)},\n  "alarms": [`);
  return {
    alarm: (alarm) => {
      put(`${separator}    ${JSON.stringify(alarm)}`);
      separator = ',\n';
    },
    end: (rest) => `${separator === '\n' ? '' : '\n  '}],\n  ${reportJson(rest).slice(1).trim()}\n`,
  };
}

/** What a part holds: alarms, designs and streams by their places in the input. */
type DetectItem =
  | { readonly alarm: DetectAlarm }
  | { readonly design: DetectReport['designs'][number] }
  | { readonly stream: DetectReport['streams'][number]; readonly notWatched: DetectReport['notWatched'][number] | null };

const sameStream = (a: StreamName, b: StreamName): boolean => a.actor === b.actor && a.capability === b.capability;

/** Watches the streams of a share and writes a part; streams belong to shares by the hash of their name. */
export async function writeDetectPart(io: Io, task: DetectTask & { readonly shard: Shard }, output: Output): Promise<DetectReport> {
  const alarms: DetectAlarm[] = [];
  const { report, streams, designs } = await detectPart(io, task, { onAlarm: (alarm) => alarms.push(alarm) });
  const { file, form, settings, records } = report;
  const part = partWriter(output, { command: 'detect', shard: task.shard, asked: { file, form, settings, records } });
  const item = (at: number, value: DetectItem): void => { part.item({ at, value }); };
  report.designs.forEach((design, i) => { item(designs[i] ?? -1, { design: { ...design, streams: [] } }); });
  report.streams.forEach((stream, i) => { item(streams[i] ?? 0, { stream, notWatched: report.notWatched.find((other) => sameStream(other.stream, stream.stream)) ?? null }); });
  for (const alarm of alarms) item(alarm.entry, { alarm });
  part.end(detectCode(report));
  return report;
}

/** Items of a kind in the order of their places; those of one place in the order in which they were written. */
function ofKind<K extends 'alarm' | 'design' | 'stream'>(parts: readonly (readonly PartItem[])[], kind: K): { readonly at: number; readonly part: number; readonly value: Extract<DetectItem, Record<K, unknown>> }[] {
  const found = parts.flatMap((items, part) => items.filter(({ value }) => Object.hasOwn(value as object, kind)).map(({ at, value }) => ({ at, part, value: value as Extract<DetectItem, Record<K, unknown>> })));
  return found.sort((a, b) => a.at - b.at);
}

/** What `hindcast detect --json` would have written of the whole, and its exit code. */
export function mergeDetection(asked: object, parts: readonly (readonly PartItem[])[]): { readonly text: string; readonly exit: ExitCode } {
  const { file, form, settings, records } = asked as Pick<DetectReport, 'file' | 'form' | 'settings' | 'records'>;
  const known = new Map<string, number>();
  const designs: DetectReport['designs'][number][] = [];
  // Which design of the whole each part's are, in the order in which the part has them.
  const placed = parts.map((): number[] => []);
  for (const { part, value: { design } } of ofKind(parts, 'design')) {
    const text = JSON.stringify(design);
    const at = known.get(text) ?? designs.push(design) - 1;
    known.set(text, at);
    placed[part]?.push(at);
  }
  const streams = ofKind(parts, 'stream').map(({ part, value: { stream, notWatched } }) => ({ stream: { ...stream, design: stream.design === null ? null : (placed[part]?.[stream.design] ?? null) }, notWatched }));
  const alarms = ofKind(parts, 'alarm').map(({ value: { alarm } }) => alarm);
  const report: DetectReport = {
    file,
    form,
    alarmCount: alarms.length,
    interrupted: false,
    settings,
    records,
    designs: designs.map((design, at) => ({ ...design, streams: streams.filter(({ stream }) => stream.design === at).map(({ stream }) => stream.stream) })),
    streams: streams.map(({ stream }) => stream),
    notWatched: streams.flatMap(({ notWatched }) => (notWatched === null ? [] : [notWatched])),
  };
  const texts: string[] = [];
  const json = detectJson((text) => { texts.push(text); });
  for (const alarm of alarms) json.alarm(alarm);
  texts.push(json.end(report));
  return { text: texts.join(''), exit: detectCode(report) };
}
