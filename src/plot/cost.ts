import { areaY, dot, line, type Markish, ruleX, ruleY } from '@observablehq/plot';
import type { OutcomeCosts, ThresholdSweep } from '../risk/calibrate/sweep.js';
import { onSweep, thresholdInWords } from './chosen-threshold.js';
import type { Figure, LegendItem } from './figure.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { rateBand } from './rate-band.js';
import type { ThresholdFigureOptions } from './roc.js';
import { BELOW, numberAxis } from './scale.js';
import { thinCurve } from './thin.js';
import { counted, group, percent, say } from './words.js';

/** How a figure of costs is made. */
export interface CostFigureOptions extends ThresholdFigureOptions {
  /** The sweep's own costs: with them the band of the cost is drawn. */
  readonly costs?: OutcomeCosts;
  /** Unit of the costs. Default `cost units`. */
  readonly unit?: string;
}

/**
 * Cost per labelled call against the threshold, with the cheapest thresholds, the chosen one and the cost of flagging
 * nothing.
 *
 * @param sweep - from `sweepThresholds`, or a calibration's `sweep`
 * @param options - see {@link CostFigureOptions}
 * @throws InputError BAD_PARAM
 * @remarks The band holds the mean cost at every threshold at once with the stated confidence, the share of unsafe calls
 * being what it is here.
 */
export function costFigure(sweep: ThresholdSweep, options: CostFigureOptions = {}): Figure {
  const { costs, unit = 'cost units' } = options;
  const title = 'Cost against threshold';
  const n = sweep.safeCount + sweep.unsafeCount;
  const { thresholds, cost } = sweep.curve;
  // The first threshold is infinite and flags nothing.
  const scores = thresholds.subarray(1).toReversed();
  if (scores.length === 0) return nothingToDraw(title, 'no call has a score');
  const thin = thinCurve(scores, cost.subarray(1).toReversed());
  const y = thin.y.map((total) => total / n);
  const half = costs === undefined ? 0 : bandOf(sweep, costs, options.level);
  const nothing = (cost[0] as number) / n;
  const range = [Math.max(0, Math.min(...y, nothing) - half), Math.max(...y, nothing) + half] as const;
  return {
    title,
    subtitle: `n = ${counted(sweep.unsafeCount, 'unsafe call')}, ${group(sweep.safeCount)} safe; lowest ${say(sweep.lowestCost / n)} ${unit} a call${half > 0 ? `; band at ${percent(options.level ?? 0.95)}` : ''}`,
    legend: legendOf(options, half > 0),
    spec: {
      height: 340,
      marginLeft: 64,
      marginTop: 26,
      marginBottom: 42,
      x: { ...numberAxis('threshold: flag when the score is at least', [scores[0] as number, scores.at(-1) as number], 0.02), ...BELOW, grid: true },
      y: { ...numberAxis(`cost per call (${unit})`, range), grid: true },
      marks: [
        ...(half > 0 ? bandMarks(thin.x, y, half) : []),
        ruleY([nothing], { stroke: PALETTE.grey, strokeWidth: 2, strokeDasharray: '2,3' }),
        line({ length: y.length }, { x: thin.x, y, stroke: PALETTE.blue, strokeWidth: 2, curve: 'step-before' }),
        ...minimumMarks(sweep, n),
        ...chosenMarks(sweep, options.chosen?.threshold ?? null),
      ],
    },
    alternative: inWords(sweep, options, { n, nothing, half }),
  };
}

/** Half-width of the mean cost: what both classes' rates may be off by, at what an error costs. */
function bandOf(sweep: ThresholdSweep, costs: OutcomeCosts, level = 0.95): number {
  const { falseAlarm, miss } = rateBand(sweep, level);
  const n = sweep.safeCount + sweep.unsafeCount;
  const ofMiss = Math.abs(costs.falseNegative - (costs.truePositive ?? 0));
  const ofAlarm = Math.abs(costs.falsePositive - (costs.trueNegative ?? 0));
  return (miss * ofMiss * sweep.unsafeCount + falseAlarm * ofAlarm * sweep.safeCount) / n;
}

function bandMarks(x: Float64Array, y: Float64Array, half: number): Markish[] {
  const [y1, y2] = [y.map((cost) => Math.max(0, cost - half)), y.map((cost) => cost + half)];
  const edge = { stroke: PALETTE.blue, strokeWidth: 1.2, strokeDasharray: '5,4', curve: 'step-before' } as const;
  return [
    areaY({ length: y.length }, { x, y1, y2, fill: PALETTE.blue, fillOpacity: 0.12, curve: 'step-before' }),
    line({ length: y.length }, { x, y: y1, ...edge }),
    line({ length: y.length }, { x, y: y2, ...edge }),
  ];
}

function chosenMarks(sweep: ThresholdSweep, threshold: number | null): Markish[] {
  if (threshold === null) return [];
  return [
    ruleX([threshold], { stroke: PALETTE.vermilion, strokeWidth: 2, strokeDasharray: '8,4' }),
    dot([{ x: threshold, y: onSweep(sweep, threshold).cost }], { x: 'x', y: 'y', r: 6, fill: PALETTE.vermilion }),
  ];
}

/** The cheapest thresholds: both ends of them, where there are many. */
function minimumMarks({ curve, minimisers }: ThresholdSweep, n: number): Markish[] {
  const ends = [...new Set([minimisers[0], minimisers.at(-1)])].filter((at) => at !== undefined && at > 0);
  return [dot(ends.map((at) => ({ x: curve.thresholds[at ?? 0], y: (curve.cost[at ?? 0] as number) / n })), { x: 'x', y: 'y', symbol: 'diamond', r: 6, fill: PALETTE.green })];
}

function legendOf({ chosen = null }: CostFigureOptions, band: boolean): LegendItem[] {
  return [
    { shape: 'line', color: PALETTE.blue, label: 'cost on these calls' },
    ...(band ? [{ shape: 'dashed', color: PALETTE.blue, label: 'band' } as const] : []),
    { shape: 'diamond', color: PALETTE.green, label: 'lowest cost' },
    { shape: 'dotted', color: PALETTE.grey, label: 'flag nothing' },
    ...(chosen === null ? [] : [{ shape: 'dot', color: PALETTE.vermilion, label: chosen.threshold === null ? 'chosen: flag nothing' : `chosen: score \u2265 ${say(chosen.threshold)}` } as const]),
  ];
}

function inWords(sweep: ThresholdSweep, { chosen = null, level = 0.95, unit = 'cost units' }: CostFigureOptions, { n, nothing, half }: { readonly n: number; readonly nothing: number; readonly half: number }): string {
  const best = sweep.curve.thresholds[sweep.safest] as number;
  const where = best === Infinity ? 'by flagging nothing' : `at a threshold of ${say(best)}`;
  const band = half > 0 ? ` With confidence ${percent(level)} the mean cost lies within ${say(half)} of the line at every threshold.` : '';
  const mark = chosen === null ? '' : ` ${thresholdInWords(chosen, onSweep(sweep, chosen.threshold))}`;
  return `${counted(sweep.unsafeCount, 'unsafe call')} and ${group(sweep.safeCount)} safe. The lowest cost, ${say(sweep.lowestCost / n)} ${unit} a call, is reached ${where}; flagging nothing costs ${say(nothing)}.${band} The cost is that on these very calls, which flatters a threshold chosen on them.${mark}`;
}
