import { dot, line, type Markish, ruleX, ruleY } from '@observablehq/plot';
import type { LedgerColumns } from '../ledger/columns.js';
import { ACTIONS } from '../ledger/entry.js';
import type { Figure } from './figure.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { indexAxis } from './scale.js';
import { thinLine, type LinePoints, markColumns } from './thin.js';
import { counted, group, listed, say, tick } from './words.js';

/** The decisions of a ledger, and what a replay found. */
export interface Timeline {
  readonly title: string;
  /** Of the ledger. */
  readonly columns: Pick<LedgerColumns, 'count' | 'tsMs' | 'riskScore' | 'action'>;
  /** From a recomputation. */
  readonly mismatches: readonly { readonly index: number; readonly field: string }[];
}

/** Height of a lane in units of the score, and the gap above the lanes. */
const [LANE, GAP] = [0.13, 0.1];
/** More mismatches than this have no line up to their scores: lines would hide them. */
const MANY = 150;
const LANES = [...ACTIONS, 'mismatch'] as const;

/**
 * The decisions of a ledger in order: scores above, one lane for each action below, and the entries whose recorded
 * decision is not what its own evidence gives.
 *
 * @param timeline - see {@link Timeline}
 * @remarks Lanes keep a mark in every pixel column that has one; scores are drawn by the extremes of each column. O(n).
 */
export function timelineFigure({ title: whole, columns, mismatches }: Timeline): Figure {
  const title = shortLabel(whole, 100);
  if (columns.count === 0) return nothingToDraw(title, 'the ledger is empty');
  const scores = thinLine(columns.riskScore);
  const lanes = lanesOf(columns, mismatches);
  const top = Math.max(1, Number.isNaN(scores.greatest) ? 1 : scores.greatest);
  const bottom = Math.min(0, Number.isNaN(scores.least) ? 0 : scores.least);
  const unit = top - bottom;
  const place = (lane: number): number => bottom - (GAP + (lane + 0.5) * LANE) * unit;
  const names = LANES.map((name, i) => `${name} (${group(lanes[i]?.total ?? 0)})`);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => bottom + share * unit);
  return {
    title,
    subtitle: `n = ${counted(columns.count, 'decision')}, ${counted(mismatches.length, 'mismatch', 'mismatches')}${span(columns.tsMs)}${scores.thinned ? '; extremes of each pixel column' : ''}`,
    legend: [
      { shape: 'line', color: PALETTE.blue, label: 'risk score' },
      { shape: 'bar', color: PALETTE.grey, label: 'a decision in its lane' },
      ...(mismatches.length > 0 ? [{ shape: 'cross', color: PALETTE.vermilion, label: 'recomputed otherwise' } as const] : []),
    ],
    spec: {
      height: 360,
      marginLeft: 130,
      marginTop: 12,
      marginBottom: 42,
      x: indexAxis(columns.count, 'entry (from 0)'),
      y: {
        domain: [place(LANES.length - 0.5), top],
        ticks: [...ticks, ...LANES.map((_, i) => place(i))],
        tickFormat: (_: number, i: number) => (i < ticks.length ? `${i === ticks.length - 1 ? 'risk score ' : ''}${tick(Number((ticks[i] ?? 0).toPrecision(6)))}` : (names[i - ticks.length] ?? '')),
        tickSize: 0,
        label: null,
      },
      marks: [
        ruleY(ticks, { strokeOpacity: 0.12 }),
        ...LANES.flatMap((name, i) => laneMarks(lanes[i]?.marks ?? [], { y: place(i), height: 0.35 * LANE * unit, mismatch: name === 'mismatch', top })),
        ...scoreMarks(scores),
      ],
    },
    alternative: inWords({ title: whole, columns, mismatches }, lanes, scores),
  };
}

type Lane = ReturnType<ReturnType<typeof markColumns>['lane']>;

/** A lane an action and one for the mismatches, each entry once. */
function lanesOf({ count, action }: Timeline['columns'], mismatches: Timeline['mismatches']): Lane[] {
  const lanes = LANES.map(() => markColumns(count));
  // What is no action, such as a decision that a trace does not say, is in no lane.
  for (let i = 0; i < count; i += 1) if ((action[i] as number) < ACTIONS.length) lanes[action[i] as number]?.add(i);
  let last = -1;
  for (const index of Float64Array.from(mismatches, (mismatch) => mismatch.index).sort()) {
    if (index !== last) lanes.at(-1)?.add(index);
    last = index;
  }
  return lanes.map(({ lane }) => lane());
}

function laneMarks(marks: Lane['marks'], { y, height, mismatch, top }: { readonly y: number; readonly height: number; readonly mismatch: boolean; readonly top: number }): Markish[] {
  if (!mismatch) return [ruleX(marks, { x: 'index', y1: y - height, y2: y + height, stroke: PALETTE.grey, strokeWidth: 1.2 })];
  return [
    ruleX(marks.length > MANY ? [] : marks, { x: 'index', y1: y, y2: top, stroke: PALETTE.vermilion, strokeOpacity: 0.35 }),
    dot(marks, { x: 'index', y, symbol: 'times', r: 5, stroke: PALETTE.vermilion, strokeWidth: 2.2 }),
  ];
}

function scoreMarks({ x, y }: LinePoints): Markish[] {
  const few = x.length <= 200;
  return [
    line({ length: x.length }, { x, y, stroke: PALETTE.blue, strokeWidth: 1.2 }),
    ...(few ? [dot({ length: x.length }, { x, y, r: 2.2, fill: PALETTE.blue })] : []),
  ];
}

/** When it was, where the times can be dates. */
function span(tsMs: Float64Array): string {
  const [from, to] = [tsMs[0] ?? NaN, tsMs[tsMs.length - 1] ?? NaN];
  const most = 8.64e15;
  if (!(Math.abs(from) <= most && Math.abs(to) <= most)) return '';
  return `; ${new Date(from).toISOString().slice(0, 19)}Z to ${new Date(to).toISOString().slice(0, 19)}Z`;
}

function inWords({ columns, mismatches }: Timeline, lanes: readonly Lane[], { least, greatest, notFinite }: LinePoints): string {
  const actions = ACTIONS.map((name, i) => `${name} ${group(lanes[i]?.total ?? 0)}`).join(', ');
  const said = lanes.slice(0, ACTIONS.length).reduce((sum, { total }) => sum + total, 0);
  const unsaid = said < columns.count ? `, not said ${group(columns.count - said)}` : '';
  const scores = Number.isNaN(least) ? 'No entry has a score.' : `Scores from ${say(least)} to ${say(greatest)}${notFinite > 0 ? `, ${group(notFinite)} entries without one` : ''}.`;
  const found = mismatches.map(({ index, field }) => `entry ${group(index)} (${shortLabel(field, 60)})`);
  return `${counted(columns.count, 'decision')}${span(columns.tsMs)}: ${actions}${unsaid}. ${scores} ${mismatches.length === 0 ? 'Every value that could be recomputed is as recorded.' : `${counted(mismatches.length, 'mismatch', 'mismatches')}: ${listed(found, 8)}.`}`;
}
