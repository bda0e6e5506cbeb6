import { dot, line, type Markish, rect, ruleX, ruleY } from '@observablehq/plot';
import type { MapSegmentation } from '../risk/regime/map-segmentation.js';
import type { RegimeLevel } from '../risk/regime/regime-level.js';
import type { Figure, LegendItem } from './figure.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { indexAxis, numberAxis } from './scale.js';
import { thinLine } from './thin.js';
import { counted, group, listed, say } from './words.js';

/** A change as it is drawn: its index, and its interval where one is known. */
export interface DrawnChange {
  /** First observation of the new regime, from 0. */
  readonly index: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Chance of a change in the interval; null where none is known. */
  readonly probability: number | null;
}

/** A regime as it is drawn. */
export interface DrawnRegime {
  /** First and last observation, from 0. */
  readonly from: number;
  readonly to: number;
  readonly level: Pick<RegimeLevel, 'mean' | 'lower' | 'upper'>;
}

/** A series cut into regimes. */
export interface Segments {
  readonly title: string;
  /** What is measured and its unit, as `latency (ms)`. */
  readonly label: string;
  readonly values: ArrayLike<number>;
  readonly regimes: readonly DrawnRegime[];
  readonly changes: readonly DrawnChange[];
  /** What an observation is. Default `observation`. */
  readonly observation?: string;
}

/**
 * A series with the regimes it was cut into: each one's mean with its limits, and where the changes are thought to be.
 *
 * @param drawn - see {@link Segments}
 * @remarks A long series is drawn by the extremes of each pixel column. O(n).
 */
export function segmentationFigure(drawn: Segments): Figure {
  const { values, regimes, changes, label, observation = 'observation' } = drawn;
  const title = shortLabel(drawn.title, 100);
  const points = thinLine(values);
  if (Number.isNaN(points.least)) return nothingToDraw(title, values.length === 0 ? 'there are no observations' : 'no value is a finite number');
  const gaps = points.notFinite > 0 ? `; ${counted(points.notFinite, 'value')} not finite, left out` : '';
  return {
    title,
    subtitle: `n = ${counted(values.length, observation)}, ${counted(regimes.length, 'regime')}${points.thinned ? '; extremes of each pixel column' : ''}${gaps}`,
    legend: legendOf(drawn),
    spec: {
      height: 300,
      marginLeft: 64,
      marginTop: 26,
      marginBottom: 42,
      x: indexAxis(values.length, `${observation} (from 0)`),
      y: { ...numberAxis(label, [points.least, points.greatest]), grid: true },
      marks: [
        rect(changes.filter(({ lower, upper }) => lower !== null && upper !== null), { x1: (d: DrawnChange) => (d.lower ?? 0) - 0.5, x2: (d: DrawnChange) => (d.upper ?? 0) + 0.5, fill: PALETTE.green, fillOpacity: 0.2, stroke: PALETTE.green, strokeWidth: 0.6 }),
        ruleX(changes, { x: (d: DrawnChange) => d.index - 0.5, stroke: PALETTE.green, strokeWidth: 2, strokeDasharray: '2,3' }),
        ...seriesMarks(points),
        ...regimeMarks(regimes),
      ],
    },
    alternative: `${label}, ${counted(values.length, observation)}, from ${say(points.least)} to ${say(points.greatest)}${gaps}. ${inWords(drawn)}`,
  };
}

function seriesMarks({ x, y }: { readonly x: Float64Array; readonly y: Float64Array }): Markish[] {
  const few = y.length <= 200;
  return [
    line({ length: x.length }, { x, y, stroke: PALETTE.grey, strokeWidth: 1 }),
    ...(few ? [dot({ length: x.length }, { x, y, r: 2, fill: PALETTE.grey })] : []),
  ];
}

function regimeMarks(regimes: readonly DrawnRegime[]): Markish[] {
  const ends = (d: DrawnRegime): { readonly x1: number; readonly x2: number } => ({ x1: d.from - 0.5, x2: d.to + 0.5 });
  const bands = regimes.flatMap((regime) => (regime.level.lower === null || regime.level.upper === null ? [] : [{ ...ends(regime), y1: regime.level.lower, y2: regime.level.upper }]));
  return [
    rect(bands, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: PALETTE.blue, fillOpacity: 0.25, stroke: PALETTE.blue, strokeWidth: 0.6 }),
    ruleY(regimes.map((regime) => ({ ...ends(regime), y: regime.level.mean })), { x1: 'x1', x2: 'x2', y: 'y', stroke: PALETTE.blue, strokeWidth: 2.5 }),
  ];
}

function legendOf({ changes, regimes }: Segments): LegendItem[] {
  return [
    { shape: 'line', color: PALETTE.grey, label: 'series' },
    { shape: 'line', color: PALETTE.blue, label: 'regime mean' },
    ...(regimes.some(({ level }) => level.lower !== null) ? [{ shape: 'band', color: PALETTE.blue, label: 'its limits' } as const] : []),
    ...(changes.length > 0 ? [{ shape: 'dotted', color: PALETTE.green, label: 'change' } as const] : []),
    ...(changes.some(({ lower }) => lower !== null) ? [{ shape: 'band', color: PALETTE.green, label: 'its interval' } as const] : []),
  ];
}

function inWords({ regimes, changes }: Segments): string {
  const means = regimes.map(({ from, to, level }) => `${group(from)} to ${group(to)}: mean ${say(level.mean)}${level.lower === null || level.upper === null ? '' : ` (${say(level.lower)} to ${say(level.upper)})`}`);
  const at = changes.map(({ index, lower, upper, probability }) => `${group(index)}${lower === null || upper === null ? '' : ` (between ${group(lower)} and ${group(upper)})`}${probability === null ? '' : `, probability ${say(probability)}`}`);
  return `${counted(regimes.length, 'regime')}: ${listed(means, 8)}. ${at.length === 0 ? 'No change.' : `${counted(at.length, 'change')}: at ${listed(at, 8)}.`}`;
}

/**
 * Chance of a change at each observation, from the exact posterior, with the changes of the likeliest segmentation.
 *
 * @param found - from `mapSegmentation`
 * @param options - a title, and what an observation is
 */
export function changeProbabilityFigure(found: Pick<MapSegmentation, 'n' | 'changes' | 'changeProbability'>, { title = 'Chance of a change at each observation', observation = 'observation' }: { readonly title?: string; readonly observation?: string } = {}): Figure {
  const { n, changes } = found;
  // At 0 a segment always begins: that is no change.
  const chances = found.changeProbability.map((p, i) => (i === 0 ? 0 : p));
  const points = thinLine(chances);
  const peak = chances.reduce((best, p, i) => (p > (chances[best] ?? 0) ? i : best), 0);
  return {
    title: shortLabel(title, 100),
    subtitle: `n = ${counted(n, observation)}; ${counted(changes.length, 'change')} in the likeliest segmentation`,
    legend: [
      { shape: 'line', color: PALETTE.blue, label: 'P(change)' },
      ...(changes.length > 0 ? [{ shape: 'triangle', color: PALETTE.green, label: 'change of the likeliest segmentation' } as const] : []),
    ],
    spec: {
      height: 256,
      marginLeft: 64,
      // The axis' name stands above the marks of the changes.
      marginTop: 44,
      marginBottom: 42,
      x: indexAxis(n, `${observation} (from 0)`),
      y: { domain: [0, 1], label: 'P(change | series)', labelArrow: 'none', grid: true },
      marks: [
        ruleX({ length: points.x.length }, { x: points.x, y1: 0, y2: points.y, stroke: PALETTE.blue, strokeWidth: 1.5 }),
        dot(changes, { x: 'index', y: 1, dy: -9, symbol: 'triangle', r: 5, fill: PALETTE.green }),
        ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
    alternative: `${counted(n, observation)}; the likeliest place of a change is ${group(peak)}, probability ${say(chances[peak] ?? NaN)}. ${changes.length === 0 ? 'The likeliest segmentation has no change.' : `The likeliest segmentation changes at ${listed(changes.map(({ index, lower, upper, expectedChanges }) => `${group(index)} (between ${group(lower)} and ${group(upper)}, ${say(expectedChanges)} changes expected there)`), 8)}.`}`,
  };
}
