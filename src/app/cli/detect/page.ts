import { streamLabel, type StreamName } from '../../series/streams.js';
import { short } from '../calibrate/page.js';
import type { WatchDesign, WatchPromise } from './promise.js';
import { labelsOf, type DetectReport } from './report.js';
import type { DetectAlarm } from './stream.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** Alarms of a stream that are shown; the rest are counted. */
const SHOWN_ALARMS = 20;

const percentage = (x: number | null): string => (x === null ? '?' : `${short(100 * x, 3)} %`);

const large = (x: number | null): string => (x === null ? 'no end' : x.toLocaleString('en-US', { maximumSignificantDigits: 4 }));

const DETECTOR_WORDS: Readonly<Record<WatchDesign['spec']['detector'], string>> = {
  cusum: 'CUSUM',
  'self-starting': 'self-starting CUSUM',
  'e-sr': 'e-detector (mixture Shiryaev-Roberts)',
  'e-cusum': 'e-detector (mixture CUSUM)',
  glr: 'GLR (FOCuS)',
  bocpd: 'Bayesian online change-point detection',
  host: "the host's own detector",
};

function thresholdText({ threshold: { value, down, unit, how } }: WatchPromise): string {
  const both = down === null || down === value ? short(value) : `${short(value)} up, ${short(down)} down`;
  return `${both} ${unit} (${how})`;
}

function showFigures(page: Page, promise: WatchPromise): void {
  const { arl0, conditional, alarmWithin, delays } = promise;
  if (arl0 !== null) page.row('false alarms', `one in ${large(arl0.value)} observations in the mean (${arl0.how})`);
  if (conditional !== null) page.row('', `as the parameters are estimated: one in ${large(conditional.lower)} to ${large(conditional.upper)}, with 90 % confidence (5 % beyond either end)`);
  for (const { n, value, how } of alarmWithin) page.row('', `within ${large(n)} observations: ${percentage(value)} (${how})`);
  for (const { side, change, mean, median } of delays) page.row('delay', `change of ${short(change)} ${side}: median ${large(median)}, mean ${large(mean)} observations`);
}

/** Shows what is promised of a watch. */
export function showPromise(page: Page, { spec: { detector }, promise, transform }: WatchDesign, streams: readonly StreamName[]): void {
  page.verdict('strong', `watching ${labelsOf(streams)}: ${DETECTOR_WORDS[detector]}`);
  page.row('of', `${promise.watches}${transform === 'none' ? '' : `; figures as ${transform}`}`);
  page.row('known from', promise.origin);
  page.row('promise', promise.guarantee ?? 'none: its false alarms are not bounded by anything', promise.guarantee === null ? 'warn' : 'plain');
  page.row('threshold', thresholdText(promise));
  showFigures(page, promise);
  page.row('assumes', promise.assumes, 'quiet');
  for (const note of promise.notes) page.row('note', note, 'warn');
}

function whenText(value: number | string | null): string {
  return value === null ? '' : ` at ${String(value)}`;
}

function delayText({ delay, change }: DetectAlarm, unit: string): string {
  if (delay === null) return 'no change is dated by this detector';
  const time = delay.time === null ? '' : `, ${short(delay.time, 6)}${unit}`;
  const since = change === null ? '' : `changed since entry ${String(change.entry)}${whenText(change.time)}: `;
  return `${since}found after ${counted(delay.observations, 'observation')}${time}`;
}

/**
 * Shows an alarm.
 *
 * @param at - which it is in its stream, from 1
 * @param line - line of the file, where it has lines
 */
export function showAlarm(page: Page, alarm: DetectAlarm, { at, line, epochMs }: { readonly at: number; readonly line: number | null; readonly epochMs: boolean }): void {
  if (at > SHOWN_ALARMS) return;
  const { stream, entry, reason } = alarm;
  page.row('ALARM', `${streamLabel(stream)}${whenText(alarm.time)}, entry ${String(entry)}${line === null ? '' : ` (line ${String(line)})`}`, 'bad');
  page.row('', reason);
  page.row('', `${delayText(alarm, epochMs ? ' ms' : '')}${statisticText(alarm)}`, 'quiet');
}

function statisticText({ side, statistic, threshold }: DetectAlarm): string {
  if (statistic === null) return '';
  return `; statistic ${short(statistic)}${side === null ? '' : ` ${side}`} against ${short(threshold)}`;
}

function verdictOf({ alarmCount, streams, notWatched }: DetectReport): readonly ['bad' | 'good' | 'warn', string] {
  const alarmed = streams.filter(({ alarms }) => alarms > 0).length;
  const watched = streams.length - notWatched.length;
  if (alarmCount > 0) return ['bad', `${counted(alarmCount, 'alarm')} in ${String(alarmed)} of ${counted(watched, 'watched stream')}`];
  if (watched === 0) return ['warn', notWatched.length === 0 ? 'nothing to watch: there are no records' : 'not enough data: no stream could be watched'];
  return ['good', `no alarm in ${counted(watched, 'watched stream')}`];
}

/** Shows the answer in a line. */
export function showVerdict(page: Page, report: DetectReport): void {
  const [tone, text] = verdictOf(report);
  page.verdict(tone, text, report.file);
}

const FORMS: Readonly<Record<NonNullable<DetectReport['form']>, string>> = { ledger: 'a ledger that verifies', telemetry: 'telemetry', calls: 'lines of records', csv: 'comma-separated values', tcpd: 'a series of the Turing Change Point Dataset', trace: 'a trace' };

const STREAMS: Readonly<Record<DetectReport['settings']['stream'], string>> = { interval: 'intervals between calls', latency: 'latencies', score: 'risk scores', error: 'failures', bytes: 'bytes sent by a call', value: 'values', capability: 'capabilities' };

/** Says of which streams alarms were left out. */
function showMany(page: Page, streams: DetectReport['streams']): void {
  const many = streams.filter(({ alarms }) => alarms > SHOWN_ALARMS);
  if (many.length > 0) page.row('more', `of ${many.slice(0, 10).map(({ stream, alarms }) => `${streamLabel(stream)} (${counted(alarms, 'alarm')})`).join(', ')}${many.length > 10 ? ', ...' : ''} the first ${String(SHOWN_ALARMS)} are shown; --json lists all`);
}

/** Shows what became of the streams. */
export function showSummary(page: Page, report: DetectReport): void {
  const { form, settings, records, streams, notWatched, interrupted } = report;
  page.row('read', `${counted(records, 'record')} of ${form === null ? 'nothing' : FORMS[form]}: ${STREAMS[settings.stream]} by ${settings.by}`);
  showMany(page, streams);
  for (const { stream, n, needed, reason } of notWatched.slice(0, 10)) {
    page.row('NOT WATCHED', `${streamLabel(stream)}: ${reason}${needed === null ? '' : ` (there are ${String(n)}, about ${large(needed)} needed)`}`, 'warn');
  }
  if (notWatched.length > 10) page.row('', `and ${counted(notWatched.length - 10, 'more stream')}; --json lists all`);
  const watched = streams.filter(({ design }) => design !== null);
  for (const { stream, notes } of watched.slice(0, 10)) for (const note of notes) page.row('note', `${streamLabel(stream)}: ${note}`, 'warn');
  if (watched.length > 1) page.row('note', `each of the ${String(watched.length)} streams is watched on its own: over all of them false alarms are that many times as frequent`, 'quiet');
  if (interrupted) page.row('interrupted', 'the input was ended from outside; an unfinished last line was not read');
}
