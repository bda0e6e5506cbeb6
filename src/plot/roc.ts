import { dot, line, link, type Markish, ruleX, ruleY } from '@observablehq/plot';
import type { PerRate } from '../risk/calibrate/calibrated-threshold.js';
import type { ThresholdSweep } from '../risk/calibrate/sweep.js';
import { normalQuantile } from '../stats/normal.js';
import { type ChosenThreshold, onSweep, thresholdInWords } from './chosen-threshold.js';
import type { Figure, LegendItem } from './figure.js';
import { PALETTE } from './palette.js';
import { rateBand } from './rate-band.js';
import { BELOW } from './scale.js';
import { thinCurve } from './thin.js';
import { counted, group, percent, say } from './words.js';

/** How a threshold figure is made. */
export interface ThresholdFigureOptions {
  /** The threshold chosen, marked with its promise. */
  readonly chosen?: ChosenThreshold | null;
  /** Confidence of the band, in (0, 1). Default 0.95. */
  readonly level?: number;
}

/** Where points are put: rates as they are, or their normal deviates. */
interface Axes {
  readonly x: (falseAlarm: number) => number;
  readonly y: (miss: number) => number;
}

/**
 * ROC curve with a band that holds it whole, the chosen threshold, what it promises and its rates on other calls.
 *
 * @param sweep - from `sweepThresholds`, or a calibration's `sweep`
 * @param options - see {@link ThresholdFigureOptions}
 * @throws InputError BAD_PARAM
 * @remarks The band holds the whole curve with the stated confidence for independent calls, whatever their scores' law.
 * @see Fawcett (2006), Pattern Recognition Letters 27, 861-874; Massart (1990), Annals of Probability 18, 1269-1283.
 */
export function rocFigure(sweep: ThresholdSweep, { chosen = null, level = 0.95 }: ThresholdFigureOptions = {}): Figure {
  const axes: Axes = { x: (falseAlarm) => falseAlarm, y: (miss) => 1 - miss };
  return {
    title: 'ROC: unsafe calls caught against safe calls flagged',
    subtitle: `${classes(sweep)}; area ${say(sweep.auc)}; band at ${percent(level)} for the whole curve`,
    legend: [...legendOf(chosen), { shape: 'dotted', color: PALETTE.grey, label: 'scores that tell nothing' }],
    spec: {
      height: 460,
      marginLeft: 60,
      marginBottom: 42,
      x: { domain: [0, 1], label: 'safe calls flagged (share)', ...BELOW, grid: true },
      y: { domain: [0, 1], label: 'unsafe calls caught (share)', labelArrow: 'none', grid: true },
      marks: [link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: PALETTE.grey, strokeDasharray: '2,3' }), ...curveMarks(sweep, axes, level), ...chosenMarks(sweep, chosen, axes)],
    },
    alternative: inWords(sweep, chosen, level),
  };
}

const SHARES = [0.0001, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 0.9999];

/**
 * Detection error trade-off: misses against false alarms on normal-deviate axes, where small rates are told apart.
 *
 * @param sweep - from `sweepThresholds`, or a calibration's `sweep`
 * @param options - see {@link ThresholdFigureOptions}
 * @throws InputError BAD_PARAM
 * @remarks Rates of 0 and 1 have no deviate: they are drawn half a call inside, at the edge.
 * @see Martin et al. (1997), Eurospeech, 1895-1898.
 */
export function detFigure(sweep: ThresholdSweep, { chosen = null, level = 0.95 }: ThresholdFigureOptions = {}): Figure {
  const deviate = (n: number) => (rate: number): number => normalQuantile(Math.min(1 - 0.5 / n, Math.max(0.5 / n, rate)));
  const axes: Axes = { x: deviate(sweep.safeCount), y: deviate(sweep.unsafeCount) };
  const scale = (at: (rate: number) => number, label: string, place: object) => {
    const domain = [at(0), at(1)] as const;
    const shares = SHARES.filter((share) => normalQuantile(share) > domain[0] && normalQuantile(share) < domain[1]);
    return { domain, ticks: shares.map(normalQuantile), tickFormat: (_: number, i: number) => percent(shares[i] ?? 0), label, labelArrow: 'none', grid: true, ...place } as const;
  };
  return {
    title: 'DET: unsafe calls missed against safe calls flagged',
    subtitle: `${classes(sweep)}; normal-deviate axes; band at ${percent(level)} for the whole curve`,
    legend: legendOf(chosen),
    spec: { height: 460, marginLeft: 64, marginBottom: 42, x: scale(axes.x, 'safe calls flagged', BELOW), y: scale(axes.y, 'unsafe calls missed', {}), marks: [...curveMarks(sweep, axes, level), ...chosenMarks(sweep, chosen, axes)] },
    alternative: inWords(sweep, chosen, level),
  };
}

function classes({ unsafeCount, safeCount }: ThresholdSweep): string {
  return `n = ${counted(unsafeCount, 'unsafe call')}, ${group(safeCount)} safe`;
}

/** The curve and its band: better and worse by both half-widths at every threshold. */
function curveMarks(sweep: ThresholdSweep, axes: Axes, level: number): Markish[] {
  const { falsePositives, truePositives } = sweep.curve;
  const thin = thinCurve(falsePositives, truePositives);
  // "Flag everything" is a threshold too, where calls without a score keep the sweep from reaching it.
  const falseAlarms = [...thin.x, sweep.safeCount].map((count) => count / sweep.safeCount);
  const misses = [...thin.y, sweep.unsafeCount].map((count) => 1 - count / sweep.unsafeCount);
  const band = rateBand(sweep, level);
  const inUnit = (rate: number): number => Math.min(1, Math.max(0, rate));
  // Both edges begin and end in the curve's own corners.
  const [first, last] = [[axes.x(0), axes.y(1)], [axes.x(1), axes.y(0)]] as const;
  const shifted = (sign: 1 | -1) => [first, ...falseAlarms.map((rate, i) => [axes.x(inUnit(rate + sign * band.falseAlarm)), axes.y(inUnit((misses[i] ?? NaN) + sign * band.miss))] as const), last];
  const [better, worse] = [shifted(-1), shifted(1)];
  const edge = { stroke: PALETTE.blue, strokeWidth: 1.2, strokeDasharray: '5,4' };
  return [
    line([...better, ...worse.toReversed()], { fill: PALETTE.blue, fillOpacity: 0.12, stroke: 'none' }),
    line(better, edge),
    line(worse, edge),
    line(falseAlarms.map((rate, i) => [axes.x(rate), axes.y(misses[i] ?? NaN)] as const), { stroke: PALETTE.blue, strokeWidth: 2 }),
  ];
}

function chosenMarks(sweep: ThresholdSweep, chosen: ChosenThreshold | null, { x, y }: Axes): Markish[] {
  if (chosen === null) return [];
  const { falseAlarm, miss } = onSweep(sweep, chosen.threshold);
  const promised = { stroke: PALETTE.green, strokeWidth: 2, strokeDasharray: '8,3,2,3' };
  const { confirmed, alpha } = chosen;
  return [
    ruleX(alpha.falseAlarm === null ? [] : [x(alpha.falseAlarm)], promised),
    ruleY(alpha.miss === null ? [] : [y(alpha.miss)], promised),
    ...(confirmed === null ? [] : confirmedMarks(confirmed, { x, y })),
    dot([{ x: x(falseAlarm), y: y(miss) }], { x: 'x', y: 'y', r: 6, fill: PALETTE.vermilion }),
  ];
}

/** Rates on other calls, with both limits as a cross of lines. */
function confirmedMarks({ miss, falseAlarm }: NonNullable<ChosenThreshold['confirmed']>, { x, y }: Axes): Markish[] {
  if (miss.rate === null || falseAlarm.rate === null) return [];
  const [cx, cy] = [x(falseAlarm.rate), y(miss.rate)];
  const limits = [
    { x1: x(falseAlarm.lower ?? falseAlarm.rate), x2: x(falseAlarm.upper ?? falseAlarm.rate), y1: cy, y2: cy },
    { x1: cx, x2: cx, y1: y(miss.lower ?? miss.rate), y2: y(miss.upper ?? miss.rate) },
  ];
  return [
    link(limits, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', stroke: PALETTE.purple, strokeWidth: 2 }),
    dot([{ x: cx, y: cy }], { x: 'x', y: 'y', r: 5, stroke: PALETTE.purple, strokeWidth: 2 }),
  ];
}

function legendOf(chosen: ChosenThreshold | null): LegendItem[] {
  const items: LegendItem[] = [
    { shape: 'line', color: PALETTE.blue, label: 'on these calls' },
    { shape: 'dashed', color: PALETTE.blue, label: 'band' },
  ];
  if (chosen === null) return items;
  items.push({ shape: 'dot', color: PALETTE.vermilion, label: chosen.threshold === null ? 'chosen: flag nothing' : `chosen: score \u2265 ${say(chosen.threshold)}` });
  if (chosen.confirmed !== null && chosen.confirmed.miss.rate !== null && chosen.confirmed.falseAlarm.rate !== null) items.push({ shape: 'ring', color: PALETTE.purple, label: 'on other calls, with limits' });
  if (chosen.alpha.miss !== null || chosen.alpha.falseAlarm !== null) items.push({ shape: 'dashed', color: PALETTE.green, label: `promised: ${promisedText(chosen.alpha)}` });
  return items;
}

function promisedText({ miss, falseAlarm }: PerRate): string {
  return [...(miss === null ? [] : [`misses \u2264 ${percent(miss)}`]), ...(falseAlarm === null ? [] : [`false alarms \u2264 ${percent(falseAlarm)}`])].join(', ');
}

function inWords(sweep: ThresholdSweep, chosen: ChosenThreshold | null, level: number): string {
  const { falseAlarm, miss } = rateBand(sweep, level);
  const { unscored } = sweep;
  const none = unscored.safe + unscored.unsafe > 0 ? ` ${counted(unscored.safe + unscored.unsafe, 'call')} without a score cannot be flagged.` : '';
  const mark = chosen === null ? '' : ` ${thresholdInWords(chosen, onSweep(sweep, chosen.threshold))}`;
  return `${counted(sweep.unsafeCount, 'unsafe call')} and ${group(sweep.safeCount)} safe; area under the ROC curve ${say(sweep.auc)}. With confidence ${percent(level)} all true rates lie within ${percent(falseAlarm)} (false alarms) and ${percent(miss)} (misses) of those drawn.${none}${mark}`;
}
