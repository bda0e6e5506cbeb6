import { line, type Markish, rect } from '@observablehq/plot';
import { bocpd, type BocpdParams } from '../risk/regime/bocpd.js';
import { InputError } from '../errors.js';
import type { Figure } from './figure.js';
import { shortLabel } from './label.js';
import { FULLEST_CELL, PALETTE } from './palette.js';
import { indexAxis } from './scale.js';
import { thinLine } from './thin.js';
import { counted, group, listed, say, tick } from './words.js';

/** The law of the run length over a whole series, in cells, and its mode after each observation. */
export interface RunLengthGrid {
  readonly n: number;
  /** Observations a cell covers, and run lengths a cell covers. */
  readonly observationsPerCell: number;
  readonly lengthsPerCell: number;
  /** Rows of cells, shortest runs first; [row * columns + column] is the mean posterior probability of those run lengths. */
  readonly mass: Float64Array;
  readonly columns: number;
  readonly rows: number;
  /** Likeliest run length after each observation. */
  readonly mapRunLength: Int32Array;
  /** Observations after which the alarm rule held. */
  readonly alarms: readonly number[];
}

/** Cells at most, each way. */
const [MOST_COLUMNS, MOST_ROWS] = [180, 70];

/**
 * Runs Bayesian online change-point detection over a series, keeping the law of the run length in cells.
 *
 * @param params - as for `bocpd`
 * @param xs - observations in order, at least one
 * @throws InputError TOO_FEW, and as `bocpd`
 * @remarks O(n R) for R runs told apart; memory does not grow with the runs.
 * @see Adams & MacKay (2007), arXiv:0710.3742.
 */
export function runLengthGrid(params: BocpdParams, xs: ArrayLike<number>): RunLengthGrid {
  const n = xs.length;
  if (n === 0) throw new InputError('TOO_FEW', 'xs must hold at least one observation, got none');
  const observationsPerCell = Math.ceil(n / MOST_COLUMNS);
  const lengthsPerCell = Math.ceil((n + 1) / MOST_ROWS);
  const [columns, rows] = [Math.ceil(n / observationsPerCell), Math.ceil((n + 1) / lengthsPerCell)];
  const mass = new Float64Array(columns * rows);
  const mapRunLength = new Int32Array(n);
  const alarms: number[] = [];
  const detector = bocpd(params);
  let state = detector.init();
  for (let t = 0; t < n; t += 1) {
    const next = detector.step(state, xs[t] ?? NaN);
    state = next.state;
    const { posterior, mapRunLength: mode, alarm } = next.out;
    mapRunLength[t] = mode;
    if (alarm) alarms.push(t);
    const column = Math.floor(t / observationsPerCell);
    // The last column may be of fewer observations.
    const share = 1 / (Math.min(n, (column + 1) * observationsPerCell) - column * observationsPerCell);
    posterior.length.forEach((length, k) => {
      const cell = Math.floor(length / lengthsPerCell) * columns + column;
      mass[cell] = (mass[cell] as number) + share * (posterior.probability[k] ?? 0);
    });
  }
  return { n, observationsPerCell, lengthsPerCell, mass, columns, rows, mapRunLength, alarms };
}

/** Cells emptier than this are not drawn. */
const FAINT = 1e-4;

/**
 * The posterior of the run length over a series: the darker, the likelier; its mode as a line that falls where a change
 * is found.
 *
 * @param grid - from {@link runLengthGrid}
 * @param options - a title, and what an observation is
 */
export function runLengthFigure(grid: RunLengthGrid, { title = 'Run length since the last change', observation = 'observation' }: { readonly title?: string; readonly observation?: string } = {}): Figure {
  const { n, mapRunLength, alarms } = grid;
  const longest = mapRunLength.reduce((most, length) => Math.max(most, length), 1);
  const mode = thinLine(mapRunLength);
  const drops = fallsOf(mapRunLength);
  const coarse = grid.observationsPerCell > 1 ? `; a cell is ${String(grid.observationsPerCell)} by ${String(grid.lengthsPerCell)}` : '';
  return {
    title: shortLabel(title, 100),
    subtitle: `n = ${counted(n, observation)}; P(run length | data so far), on a logarithmic scale from ${say(FAINT)}${coarse}`,
    legend: [
      { shape: 'band', color: PALETTE.blue, label: 'the fuller, the likelier' },
      { shape: 'line', color: PALETTE.vermilion, label: 'likeliest run length' },
    ],
    spec: {
      height: 320,
      marginLeft: 64,
      marginTop: 26,
      marginBottom: 42,
      x: indexAxis(n, `${observation} (from 0)`),
      y: { domain: [0, longest * 1.05], label: `run length (${observation}s)`, labelArrow: 'none', tickFormat: tick },
      opacity: { type: 'identity' },
      marks: [cellMarks(grid, longest * 1.05), line({ length: mode.x.length }, { x: mode.x, y: mode.y, stroke: PALETTE.vermilion, strokeWidth: 1.6 })],
    },
    alternative: `${counted(n, observation)}. The likeliest run length after the last one is ${group(mapRunLength[n - 1] ?? 0)}; at most it was ${group(longest)}. ${drops.length === 0 ? 'It never falls: no change stands out.' : `It falls ${counted(drops.length, 'time')}: after ${listed(drops.map(({ at, from, to }) => `${group(at)} (from ${group(from)} to ${group(to)})`), 8)}.`} The alarm rule held after ${counted(alarms.length, observation)}${alarms.length === 0 ? '' : `, first after ${group(alarms[0] ?? 0)}`}.`,
  };
}

function cellMarks({ mass, columns, rows, observationsPerCell: wide, lengthsPerCell: high }: RunLengthGrid, top: number): Markish {
  const cells = Array.from({ length: columns * rows }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns), p: mass[i] ?? 0 })).filter(({ p, row }) => p >= FAINT && row * high < top);
  return rect(
    cells.map(({ column, row, p }) => ({ x1: column * wide - 0.5, x2: (column + 1) * wide - 0.5, y1: row * high - 0.5, y2: Math.min(top, (row + 1) * high - 0.5), opacity: FULLEST_CELL * (1 - Math.log10(p) / Math.log10(FAINT)) })),
    { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: PALETTE.blue, fillOpacity: 'opacity', clip: true },
  );
}

/** Where the likeliest run length falls by more than half. */
function fallsOf(lengths: Int32Array): { readonly at: number; readonly from: number; readonly to: number }[] {
  const falls: { at: number; from: number; to: number }[] = [];
  for (let t = 1; t < lengths.length; t += 1) {
    const [from, to] = [lengths[t - 1] ?? 0, lengths[t] ?? 0];
    if (from >= 8 && to < from / 2) falls.push({ at: t, from, to });
  }
  return falls;
}
