import { dot, type Markish, rect, ruleX, ruleY } from '@observablehq/plot';
import type { Baseline } from '../baseline/baseline.js';
import { BINS, binned, type DistributionRow, MOST_ROWS, scoreRow } from './distribution-row.js';
import type { Figure, LegendItem } from './figure.js';
import { shortLabel, widthInEms } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { BELOW } from './scale.js';
import { type ValueAxis, valueAxis } from './value-axis.js';
import { counted, group, percent, say } from './words.js';

/** Several distributions beside each other. */
export interface Distributions {
  /** As `Latency by capability`. */
  readonly title: string;
  /** What is measured, as `latency`. */
  readonly measure: string;
  /** As `ms`; empty for a number without unit. */
  readonly unit: string;
  /** Confidence of each limit. */
  readonly level: number;
  readonly rows: readonly DistributionRow[];
  /** Rows with fewer values that are not among `rows`. Default 0. */
  readonly left?: number;
}

const ROW_HEIGHT = 58;

/**
 * Distributions with their medians, MAD bands and quantiles, each with confidence limits.
 *
 * @param drawn - see {@link Distributions}; rows from `distributionRow`
 * @remarks Histograms are of equal bins of the axis, each as high as its row's fullest. O(n), one pass. A row without a
 * finite value is named, not drawn.
 */
export function distributionFigure(drawn: Distributions): Figure {
  const title = shortLabel(drawn.title, 100);
  const known = drawn.rows.filter(({ n }) => n > 0);
  if (known.length === 0) return nothingToDraw(title, drawn.rows.length === 0 ? 'there are no values' : 'no value is a finite number');
  const rows = known.length <= MOST_ROWS ? known : known.filter((row) => rankOf(row, known) < MOST_ROWS);
  const axis = axisOf(rows);
  const labels = rows.map(({ name, n }) => `${shortLabel(name, 24)}\nn = ${group(n)}`);
  const unit = drawn.unit === '' ? '' : ` (${drawn.unit})`;
  const left = drawn.rows.length - rows.length + (drawn.left ?? 0);
  const more = Math.max(0, drawn.rows.length - 40) + (drawn.left ?? 0);
  const logarithmic = axis.kind === 'logarithmic' ? '; logarithmic axis' : '';
  return {
    title,
    subtitle: `n = ${counted(rows.reduce((sum, { n }) => sum + n, 0), 'value')}; limits at ${percent(drawn.level)}, one at a time${logarithmic}${left > 0 ? `; ${counted(left, 'row')} not drawn` : ''}`,
    legend: legendOf(rows),
    spec: {
      height: 50 + ROW_HEIGHT * rows.length,
      marginLeft: Math.ceil(24 + 11 * Math.max(...labels.flatMap((label) => label.split('\n').map(widthInEms)))),
      marginTop: 8,
      marginBottom: 42,
      x: { domain: axis.domain, ticks: axis.ticks, tickFormat: axis.label, label: `${drawn.measure}${unit}`, ...BELOW, grid: true },
      y: { domain: [rows.length, 0], ticks: rows.map((_, i) => i + 0.5), tickFormat: (place: number) => labels[Math.floor(place)] ?? '', tickSize: 0, label: null },
      marks: rows.flatMap((row, i) => rowMarks(row, i, axis)),
    },
    alternative: `${drawn.measure}${unit}. ${drawn.rows.slice(0, 40).map((row) => rowInWords(row, drawn)).join(' ')}${more > 0 ? ` And ${group(more)} more.` : ''}`,
  };
}

/**
 * Risk scores of a baseline's capabilities.
 *
 * @param baseline - from `fitBaseline`
 */
export function scoreFigure(baseline: Baseline): Figure {
  const rows = baseline.evidence.capabilities.map(scoreRow);
  return distributionFigure({ title: `Risk scores by capability, ${shortLabel(baseline.actor, 40)}`, measure: 'risk score', unit: '', level: baseline.evidence.level, rows });
}

function rankOf(row: DistributionRow, rows: readonly DistributionRow[]): number {
  const at = rows.indexOf(row);
  return rows.filter((other, i) => other.n > row.n || (other.n === row.n && i < at)).length;
}

function axisOf(rows: readonly DistributionRow[]): ValueAxis {
  let [least, greatest, smallest] = [Infinity, -Infinity, Infinity];
  for (const { law: { values } } of rows) {
    least = Math.min(least, values[0] as number);
    greatest = Math.max(greatest, values[values.length - 1] as number);
    for (let i = 0; i < values.length; i += 1) {
      const x = values[i] as number;
      if (x <= 0) continue;
      smallest = Math.min(smallest, x);
      break;
    }
  }
  return valueAxis({ least, greatest, smallest });
}

/** Histogram above, band and limits below, within the row from i to i + 1. */
function rowMarks(row: DistributionRow, i: number, axis: ValueAxis): Markish[] {
  const shares = binned(row, axis.at, axis.domain, BINS);
  const fullest = Math.max(...shares);
  const wide = (axis.domain[1] - axis.domain[0]) / BINS;
  const bars = Array.from(shares, (share, k) => ({ x1: axis.domain[0] + k * wide, x2: axis.domain[0] + (k + 1) * wide, y1: i + 0.58 - 0.5 * (share / fullest), y2: i + 0.58, share })).filter(({ share }) => share > 0);
  const median = row.quantiles.find(({ p }) => p === 0.5);
  const band = median === undefined || row.mad === null ? [] : [{ x1: axis.at(median.value - row.mad), x2: axis.at(median.value + row.mad) }];
  const limits = row.quantiles.map(({ p, value, lower, upper }) => ({ p, x: axis.at(value), x1: axis.at(lower ?? value), x2: axis.at(upper ?? value), y: i + (p === 0.5 ? 0.7 : 0.84), color: p === 0.5 ? PALETTE.vermilion : PALETTE.green, open: lower === null || upper === null }));
  return [
    rect(bars, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: PALETTE.grey, insetLeft: 0.3, insetRight: 0.3 }),
    rect(band, { x1: 'x1', x2: 'x2', y1: i + 0.61, y2: i + 0.93, fill: PALETTE.blue, fillOpacity: 0.2, stroke: PALETTE.blue }),
    ruleY(limits, { x1: 'x1', x2: 'x2', y: 'y', stroke: 'color', strokeWidth: 3 }),
    ruleX(limits.filter(({ p }) => p !== 0.5), { x: 'x', y1: i + 0.76, y2: i + 0.92, stroke: PALETTE.green, strokeWidth: 2 }),
    dot(limits.filter(({ p }) => p === 0.5), { x: 'x', y: 'y', symbol: 'diamond', r: 4, fill: PALETTE.vermilion }),
    dot(limits.filter(({ open }) => open), { x: 'x', y: i + 0.84, symbol: 'times', r: 3.5, stroke: PALETTE.purple, strokeWidth: 2 }),
    ruleX([axis.domain[0]], { y1: i + 0.06, y2: i + 0.94, strokeOpacity: 0.5 }),
  ];
}

function legendOf(rows: readonly DistributionRow[]): LegendItem[] {
  const open = rows.some(({ quantiles }) => quantiles.some(({ lower, upper }) => lower === null || upper === null));
  return [
    { shape: 'bar', color: PALETTE.grey, label: 'share of values' },
    { shape: 'diamond', color: PALETTE.vermilion, label: 'median and limits' },
    { shape: 'band', color: PALETTE.blue, label: 'median \u00b1 MAD' },
    { shape: 'tick', color: PALETTE.green, label: '5 % and 95 % quantile and limits' },
    ...(open ? [{ shape: 'cross', color: PALETTE.purple, label: 'too few values for a limit' } as const] : []),
  ];
}

function rowInWords({ name, n, notFinite, quantiles, mad }: DistributionRow, { unit }: Distributions): string {
  const of = unit === '' ? '' : ` ${unit}`;
  const missing = notFinite > 0 ? `, ${group(notFinite)} without a finite value` : '';
  if (n === 0) return `${shortLabel(name)}: no finite value${missing}.`;
  const parts = quantiles.map(({ p, value, lower, upper }) => `${p === 0.5 ? 'median' : `${percent(p)} quantile`} ${say(value)}${of} (${lower === null ? 'no lower limit' : say(lower)} to ${upper === null ? 'no upper limit' : say(upper)})`);
  return `${shortLabel(name)}, n = ${group(n)}${missing}: ${parts.join(', ')}, MAD ${mad === null ? 'none' : say(mad)}${of}.`;
}
