import { dot, line, type Markish, ruleX, ruleY } from '@observablehq/plot';
import type { Figure, LegendItem } from './figure.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { indexAxis, numberAxis } from './scale.js';
import { thinLine, type LinePoints, thinMarks } from './thin.js';
import { counted, group, listed, say } from './words.js';

/** One statistic of a detector over the observations, and the threshold at which it alarms. */
export interface StatisticTrace {
  /** As `up`; the only one may be named after the detector. */
  readonly name: string;
  /** After each observation. */
  readonly values: ArrayLike<number>;
  /** null where it has none. */
  readonly threshold: number | null;
}

/** An alarm and the change it points at. */
export interface AlarmMark {
  /** Observation that raised it, from 0. */
  readonly index: number;
  /** First observation the change is thought to touch, from 0; null where the detector does not say. */
  readonly changeIndex?: number | null;
}

/** What a detector showed over a series. */
export interface DetectorTrace {
  /** As `CUSUM of latency`. */
  readonly title: string;
  readonly statistics: readonly StatisticTrace[];
  /** null where the statistics raise none, as limits do not. */
  readonly alarms: readonly AlarmMark[] | null;
  /** Observation of the first value, where those before were not watched. Default 0. */
  readonly start?: number;
  /** The statistic's unit, as `sd` or `nats`. */
  readonly unit: string;
  /** What an observation is. Default `observation`. */
  readonly observation?: string;
  /** The false-alarm promise in a few words; stands below the title. */
  readonly promise?: string;
}

/** More changes than this are short marks at the foot: whole lines would hide the statistic. */
const MANY = 150;

/** Colour and dash of the first, second, ... statistic. */
const LINES = [
  { color: PALETTE.blue, dash: undefined, shape: 'line' },
  { color: PALETTE.purple, dash: '6,3', shape: 'dashed' },
  { color: PALETTE.green, dash: '2,3', shape: 'dotted' },
] as const;

/**
 * A detector's statistic over the observations with its threshold, its alarms and the changes they point at.
 *
 * @param trace - see {@link DetectorTrace}
 * @remarks Long series are drawn by the extremes of each pixel column; every alarm keeps a mark in its column. O(n).
 */
export function detectorFigure(trace: DetectorTrace): Figure {
  const start = trace.start ?? 0;
  const n = start + Math.max(0, ...trace.statistics.map(({ values }) => values.length));
  const title = shortLabel(trace.title, 100);
  const lines = trace.statistics.map(({ values }) => thinLine(values, start));
  if (lines.every(({ least }) => Number.isNaN(least))) return nothingToDraw(title, n === start ? 'there are no watched observations' : 'no value of the statistic is a finite number');
  const range = rangeOf(trace, lines);
  const unit = trace.observation ?? 'observation';
  const extremes = lines.some(({ thinned }) => thinned) ? '; extremes of each pixel column' : '';
  const promise = trace.promise === undefined ? '' : `; ${trace.promise}`;
  return {
    title,
    subtitle: `n = ${counted(n - start, unit)}${start > 0 ? ` after ${group(start)} not watched` : ''}${trace.alarms === null ? '' : `, ${counted(trace.alarms.length, 'alarm')}`}${promise}${extremes}`,
    legend: legendOf(trace),
    spec: {
      height: 300,
      marginLeft: 64,
      marginTop: 26,
      marginBottom: 42,
      x: indexAxis(n, `${unit} (from 0)`),
      y: { ...numberAxis(`statistic (${trace.unit})`, range), grid: true },
      marks: marksOf(trace, lines, { n, bottom: range[0], top: range[1] }),
    },
    alternative: inWords(trace, lines, n),
  };
}

function rangeOf({ statistics }: DetectorTrace, lines: readonly LinePoints[]): readonly [number, number] {
  const finite = [...lines.flatMap(({ least, greatest }) => [least, greatest]), ...statistics.map(({ threshold }) => threshold ?? NaN)].filter(Number.isFinite);
  return [Math.min(0, ...finite), Math.max(...finite)];
}

function marksOf({ statistics, alarms: raised }: DetectorTrace, lines: readonly LinePoints[], { n, bottom, top }: { readonly n: number; readonly bottom: number; readonly top: number }): Markish[] {
  const alarms = raised ?? [];
  const changes = alarms.flatMap(({ changeIndex }) => (changeIndex === undefined || changeIndex === null ? [] : [changeIndex]));
  const thresholds = [...new Set(statistics.flatMap(({ threshold }) => (threshold === null || !Number.isFinite(threshold) ? [] : [threshold])))];
  return [
    ruleY([0], { strokeOpacity: 0.4 }),
    ruleX(thinMarks(changes, n), { x: 'index', stroke: PALETTE.green, strokeWidth: 2, ...(changes.length > MANY ? { y1: bottom, y2: bottom + 0.08 * (top - bottom) } : { strokeDasharray: '2,3' }) }),
    ...lines.map(({ x, y }, k) => {
      const { color, dash } = LINES[k % LINES.length] ?? LINES[0];
      return line({ length: x.length }, { x, y, stroke: color, strokeWidth: 1.4, ...(dash === undefined ? {} : { strokeDasharray: dash }) });
    }),
    ruleY(thresholds, { stroke: PALETTE.vermilion, strokeWidth: 1.8, strokeDasharray: '8,4' }),
    dot(thinMarks(alarms.map(({ index }) => index), n), { x: 'index', y: top, dy: -10, symbol: 'triangle', r: 5, fill: PALETTE.vermilion }),
  ];
}

function legendOf({ statistics, alarms: raised, unit }: DetectorTrace): LegendItem[] {
  const alarms = raised ?? [];
  const thresholds = [...new Set(statistics.flatMap(({ threshold }) => (threshold === null ? [] : [say(threshold)])))];
  return [
    ...statistics.map(({ name }, k): LegendItem => {
      const { color, shape } = LINES[k % LINES.length] ?? LINES[0];
      return { shape, color, label: name };
    }),
    ...(thresholds.length > 0 ? [{ shape: 'dashed', color: PALETTE.vermilion, label: `threshold ${thresholds.join(' and ')} ${unit}` } as const] : []),
    ...(alarms.length > 0 ? [{ shape: 'triangle', color: PALETTE.vermilion, label: 'alarm' } as const] : []),
    ...(alarms.some(({ changeIndex }) => changeIndex !== undefined && changeIndex !== null) ? [{ shape: 'dotted', color: PALETTE.green, label: 'estimated change' } as const] : []),
  ];
}

function inWords({ statistics, alarms, unit, start = 0, observation = 'observation', promise }: DetectorTrace, lines: readonly LinePoints[], n: number): string {
  const traces = statistics.map(({ name, threshold }, k) => {
    const { least = NaN, greatest = NaN, notFinite = 0 } = lines[k] ?? {};
    const gaps = notFinite > 0 ? `, ${counted(notFinite, 'value')} not finite and left out` : '';
    return `Statistic ${shortLabel(name)} runs from ${say(least)} to ${say(greatest)} ${unit}${threshold === null ? '' : `, threshold ${say(threshold)}`}${gaps}.`;
  });
  const marks = (alarms ?? []).map(({ index, changeIndex }) => `${group(index)}${changeIndex === undefined || changeIndex === null ? '' : ` (change estimated at ${group(changeIndex)})`}`);
  const found = alarms === null ? '' : alarms.length === 0 ? ' No alarm.' : ` ${counted(alarms.length, 'alarm')}: at ${listed(marks, 10)}.`;
  const unwatched = start > 0 ? `, the first ${group(start)} not watched` : '';
  return `${counted(n, observation)}${unwatched}. ${traces.join(' ')}${found}${promise === undefined ? '' : ` Promise: ${promise}.`}`;
}
