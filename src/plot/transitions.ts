import { barX, cell, dot, ruleX, text } from '@observablehq/plot';
import type { TransitionEvidence } from '../baseline/transition-evidence.js';
import type { Figure } from './figure.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { FULLEST_CELL, PALETTE } from './palette.js';
import { BELOW } from './scale.js';
import { counted, percent, say } from './words.js';

/** Whose figures these are. */
export interface About {
  /** Named in the title. */
  readonly actor?: string;
}

/** ` of NAME`, or nothing. */
function ofActor({ actor }: About): string {
  return actor === undefined ? '' : ` of ${shortLabel(actor, 40)}`;
}

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly visits: number;
  readonly count: number;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Heat map of transition probabilities: each cell shows the posterior mean, its interval and the count it rests on.
 *
 * @param evidence - from a baseline (`baseline.evidence.transitions`)
 * @param about - see {@link About}
 * @remarks Cells of a state never left have a cross, since its figures are the prior's alone.
 */
export function transitionFigure(evidence: TransitionEvidence, about: About = {}): Figure {
  const title = `Transitions between risk states${ofActor(about)}`;
  const cells = cellsOf(evidence);
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return nothingToDraw(title, 'no transition was seen');
  const order = evidence.states.map(String);
  const unseen = cells.filter(({ visits }) => visits === 0);
  return {
    title,
    subtitle: `n = ${counted(total, 'transition')}; posterior mean, ${percent(evidence.level)} interval of each cell, and count; Dirichlet prior ${say(evidence.prior)}`,
    legend: [
      { shape: 'band', color: PALETTE.blue, label: 'the fuller, the likelier' },
      ...(unseen.length > 0 ? [{ shape: 'cross', color: PALETTE.vermilion, label: 'state never left: the prior alone' } as const] : []),
    ],
    spec: {
      height: 60 + 76 * order.length,
      marginLeft: 112,
      marginTop: 44,
      marginBottom: 12,
      x: { domain: order, label: 'to', axis: 'top', tickFormat: (s: string) => shortLabel(s, 14), tickSize: 0 },
      y: { domain: order, label: 'from', tickFormat: (s: string) => shortLabel(s, 14), tickSize: 0 },
      marks: [
        cell(cells, { x: 'to', y: 'from', fill: PALETTE.blue, fillOpacity: (d: Cell) => FULLEST_CELL * d.mean, stroke: PALETTE.blue, strokeWidth: 1, inset: 1 }),
        text(cells, { x: 'to', y: 'from', dy: -16, text: (d: Cell) => shareText(d.mean), fontSize: 14, fontWeight: 'bold' }),
        text(cells, { x: 'to', y: 'from', dy: 2, text: (d: Cell) => `${shareText(d.lower)}\u2013${shareText(d.upper)}`, fontSize: 11 }),
        text(cells, { x: 'to', y: 'from', dy: 18, text: (d: Cell) => `${say(d.count)} of ${say(d.visits)}`, fontSize: 11 }),
        dot(unseen, { x: 'to', y: 'from', dx: -31, dy: -16, symbol: 'times', stroke: PALETTE.vermilion, strokeWidth: 2, r: 4 }),
      ],
      opacity: { type: 'identity' },
    },
    alternative: `${counted(total, 'transition')} between ${order.join(', ')}; ${percent(evidence.level)} intervals in brackets. ${rowsInWords(evidence)}`,
  };
}

/** Three decimals, which never make a chance look impossible or certain. */
function shareText(p: number): string {
  if (p > 0 && p < 0.0005) return '<0.001';
  return p < 1 && p >= 0.9995 ? '>0.999' : p.toFixed(3);
}

function cellsOf({ states, rows, counts }: TransitionEvidence): Cell[] {
  return rows.flatMap((row, i) =>
    states.map((to, j) => ({
      from: row.from,
      to,
      visits: row.visits,
      count: counts[i]?.[j] ?? 0,
      mean: row.mean[j] ?? NaN,
      lower: row.lower[j] ?? NaN,
      upper: row.upper[j] ?? NaN,
    })),
  );
}

function rowsInWords({ states, rows }: TransitionEvidence): string {
  return rows
    .map(({ from, visits, mean, lower, upper }) => {
      const parts = states.map((to, j) => `${to} ${say(mean[j] ?? NaN)} (${say(lower[j] ?? NaN)} to ${say(upper[j] ?? NaN)})`);
      return `From ${from}, left ${counted(visits, 'time')}: ${parts.join(', ')}.`;
    })
    .join(' ');
}

/**
 * Stationary law of the risk states: the share of time each would hold in the long run.
 *
 * @param evidence - from a baseline (`baseline.evidence.transitions`)
 * @param about - see {@link About}
 */
export function stationaryFigure(evidence: TransitionEvidence, about: About = {}): Figure {
  const title = `Stationary law of the risk states${ofActor(about)}`;
  const bars = evidence.states.flatMap((state, i) => {
    const share = evidence.stationary[i];
    return share === undefined ? [] : [{ state, share, visits: evidence.rows[i]?.visits ?? 0 }];
  });
  const total = bars.reduce((sum, { visits }) => sum + visits, 0);
  if (bars.length === 0) return nothingToDraw(title, 'the chain has no single stationary law');
  if (total === 0) return nothingToDraw(title, 'no transition was seen');
  return {
    title,
    subtitle: `from the posterior means of n = ${counted(total, 'transition')}; no interval is known for it`,
    spec: {
      height: 56 + 34 * bars.length,
      marginLeft: 110,
      marginRight: 60,
      marginBottom: 42,
      x: { domain: [0, 1], label: 'long-run share of time', ...BELOW, grid: true },
      y: { domain: bars.map(({ state }) => state), label: null, tickSize: 0, tickFormat: (s: string) => shortLabel(s, 14) },
      marks: [
        barX(bars, { x: 'share', y: 'state', fill: PALETTE.blue, insetTop: 4, insetBottom: 4 }),
        text(bars, { x: 'share', y: 'state', text: (d: { share: number }) => say(d.share), textAnchor: 'start', dx: 6, fontSize: 12 }),
        ruleX([0]),
      ],
    },
    alternative: `Long-run shares of time: ${bars.map(({ state, share }) => `${state} ${percent(share)}`).join(', ')}; from ${counted(total, 'transition')}.`,
  };
}
