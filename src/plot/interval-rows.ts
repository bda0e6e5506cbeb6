import { dot, link, type Markish, ruleX, ruleY, text } from '@observablehq/plot';
import type { Figure, LegendItem } from './figure.js';
import { shortLabel, widthInEms } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { BELOW } from './scale.js';
import { valueAxis } from './value-axis.js';

/** A value with limits, drawn in its row. */
interface IntervalItem {
  /** Which of the figure's series it belongs to. */
  readonly series: number;
  /** null: only the limits are drawn. */
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** A row: a name, a second line, its intervals, and a note at its right end. */
export interface IntervalRow {
  readonly name: string;
  readonly detail: string;
  readonly items: readonly IntervalItem[];
  readonly note: string;
}

/** How one series is drawn. */
export interface IntervalSeries {
  readonly color: string;
  readonly symbol: 'circle' | 'diamond' | 'square';
  readonly filled: boolean;
  readonly label: string;
}

/** A figure of values with limits by name. */
export interface IntervalFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly label: string;
  readonly series: readonly IntervalSeries[];
  readonly rows: readonly IntervalRow[];
  readonly alternative: string;
}

const MOST_ROWS = 30;

/** Values with limits, a row a name. Rows beyond the thirtieth are counted, not drawn. */
export function intervalFigure({ title, subtitle, label, series, rows: all, alternative }: IntervalFigure): Figure {
  const rows = all.slice(0, MOST_ROWS);
  const ends = rows.flatMap(({ items }) => items.flatMap(({ value, lower, upper }) => [value, lower, upper])).filter((x): x is number => x !== null && Number.isFinite(x));
  if (ends.length === 0) return nothingToDraw(title, 'there is no value to show');
  const axis = valueAxis({ least: Math.min(...ends), greatest: Math.max(...ends), smallest: Infinity });
  const labels = rows.map(({ name, detail }) => `${shortLabel(name, 24)}\n${detail}`);
  const height = Math.max(40, 16 * series.length + 14);
  return {
    title,
    subtitle: rows.length < all.length ? `${subtitle}; ${String(all.length - rows.length)} more rows not drawn` : subtitle,
    legend: [...series.map(({ color, filled, symbol, label: text }): LegendItem => ({ shape: symbol === 'diamond' ? 'diamond' : symbol === 'square' ? 'square' : filled ? 'dot' : 'ring', color, label: text })), ...(rows.some(({ items }) => items.some(isOpen)) ? [{ shape: 'cross', color: PALETTE.purple, label: 'too few values for a limit' } as const] : [])],
    spec: {
      height: 50 + height * rows.length,
      marginLeft: Math.ceil(24 + 11 * Math.max(...labels.flatMap((line) => line.split('\n').map(widthInEms)))),
      marginRight: Math.ceil(24 + 11 * Math.max(0, ...rows.map(({ note }) => widthInEms(note)))),
      marginTop: 8,
      marginBottom: 42,
      x: { domain: axis.domain, ticks: axis.ticks, tickFormat: axis.label, label, ...BELOW, grid: true },
      y: { domain: [rows.length, 0], ticks: rows.map((_, i) => i + 0.5), tickFormat: (place: number) => labels[Math.floor(place)] ?? '', tickSize: 0, label: null },
      marks: [
        ruleY(rows.slice(1).map((_, i) => i + 1), { strokeOpacity: 0.15 }),
        ...series.flatMap((one, k) => seriesMarks(rows, { ...one, at: axis.at, k, place: (k + 1) / (series.length + 1) })),
        text(rows, { x: axis.domain[1], y: (_: IntervalRow, i: number) => i + 0.5, text: 'note', textAnchor: 'start', dx: 8, fontSize: 11 }),
      ],
    },
    alternative,
  };
}

/** Whether a limit is missing. */
function isOpen({ value, lower, upper }: IntervalItem): boolean {
  return value !== null && (lower === null || upper === null);
}

function seriesMarks(rows: readonly IntervalRow[], { color, symbol, filled, at, k, place }: IntervalSeries & { readonly at: (x: number) => number; readonly k: number; readonly place: number }): Markish[] {
  const items = rows.flatMap((row, i) => row.items.filter(({ series }) => series === k).map((item) => ({ ...item, y: i + place })));
  const limits = items.flatMap(({ lower, upper, value, y }) => {
    const [from, to] = [lower ?? value, upper ?? value];
    return from === null || to === null ? [] : [{ x1: at(from), x2: at(to), y }];
  });
  const values = items.flatMap(({ value, y }) => (value === null ? [] : [{ x: at(value), y }]));
  return [
    link(limits, { x1: 'x1', x2: 'x2', y1: 'y', y2: 'y', stroke: color, strokeWidth: 2.5 }),
    ruleX(limits.flatMap(({ x1, x2, y }) => [{ x: x1, y }, { x: x2, y }]), { x: 'x', y1: ({ y }: { y: number }) => y - 0.1, y2: ({ y }: { y: number }) => y + 0.1, stroke: color, strokeWidth: 2 }),
    dot(items.filter(isOpen).map(({ value, y }) => ({ x: at(value ?? 0), y })), { x: 'x', y: 'y', dx: 12, symbol: 'times', r: 3.5, stroke: PALETTE.purple, strokeWidth: 2 }),
    dot(values, { x: 'x', y: 'y', symbol, r: 4.5, stroke: color, strokeWidth: 2, ...(filled ? { fill: color } : {}) }),
  ];
}
