import { binomialCdf } from '../../src/index.js';
import type { DataShape } from './envelopes-shapes.js';

/** Sample sizes of every table. */
export const SIZES: readonly number[] = [10, 20, 40, 100, 300, 2000];

/** How much is drawn: 1 for the whole table, less for a quick look. */
export type Effort = number;

/** What is promised of a figure. */
export interface Promised {
  readonly how: 'at least' | 'at most' | 'equal';
  readonly value: number;
}

/** A figure with its standard error, 0 where it is computed and not drawn, and whether the promise on it is kept. */
export interface Cell {
  readonly value: number;
  readonly error: number;
  readonly kept: boolean;
}

/** One method on one kind of data: a figure a sample size. */
export interface Line {
  readonly method: string;
  readonly data: string;
  /** What is promised, in short; what somebody else claims in parentheses; '-' where nothing is. */
  readonly promise: string;
  /** Whether the promise is ours, and to be kept; false for the host's claims, null where nothing is promised. */
  readonly ours: boolean | null;
  readonly cells: readonly (Cell | null)[];
}

/** Draws a line. */
export type LineMaker = (seed: number) => Line;

/** The chance beyond three standard errors of a normal law. */
const TAIL = 0.00135;

/** A share of independent trials; the promise is held to exact binomial tails, as likely as three standard errors. */
export function shareCell(hits: number, trials: number, promised: Promised | null): Cell {
  const share = hits / trials;
  const p = (hits + 0.5) / (trials + 1);
  return { value: share, error: Math.sqrt((p * (1 - p)) / trials), kept: promised === null || keepsShare(hits, trials, promised) };
}

function keepsShare(hits: number, trials: number, { how, value }: Promised): boolean {
  const tooMany = 1 - binomialCdf(hits - 1, trials, value) < TAIL;
  const tooFew = binomialCdf(hits, trials, value) < TAIL;
  return !((how !== 'at least' && tooMany) || (how !== 'at most' && tooFew));
}

/** A mean of independent figures; the promise is held to three of its standard errors. */
export function meanCell(values: readonly number[], promised: Promised | null): Cell {
  const n = values.length;
  const value = values.reduce((sum, x) => sum + x, 0) / n;
  const error = Math.sqrt(values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1) / n);
  return { value, error, kept: keeps(value, 3 * error, promised) };
}

/** A figure that is computed, not drawn. */
export const exactCell = (value: number, promised: Promised | null): Cell => ({ value, error: 0, kept: keeps(value, 0, promised) });

function keeps(value: number, room: number, promised: Promised | null): boolean {
  if (promised === null) return true;
  const off = value - promised.value;
  return (promised.how === 'at most' || off >= -room - 1e-9) && (promised.how === 'at least' || off <= room + 1e-9);
}

const SIGNS = { 'at least': '>= ', 'at most': '<= ', equal: '= ' } as const;

/** '>= 0.900'; in parentheses where it is the host that says so. */
export function promiseText(promised: Promised | null, ours = true): string {
  if (promised === null) return '-';
  const text = `${SIGNS[promised.how]}${promised.value.toFixed(3)}`;
  return ours ? text : `(${text})`;
}

/** What a line asks of its cells: our own promise, the host's claim, or nothing on data whose law moves. */
export interface Asked {
  readonly promised: Promised;
  /** False for a claim of the host's; null where nobody promises anything. */
  readonly by: boolean | null;
}

/** A line whose cells are drawn size by size. */
export function lineOf({ method, shape, asked }: { readonly method: string; readonly shape: DataShape; readonly asked: Asked }, cellAt: (n: number, promised: Promised | null) => Cell | null): Line {
  const ours = asked.by === true && !shape.exchangeable ? null : asked.by;
  const promised = ours === null ? null : asked.promised;
  return { method, data: shape.name, promise: promiseText(promised, ours === true), ours, cells: SIZES.map((n) => cellAt(n, promised)) };
}

/** Whether no cell breaks what the line says. */
export const isKept = ({ cells }: Line): boolean => cells.every((cell) => cell === null || cell.kept);

/** Hundreds of figures lie close to their promise: by chance alone one or two are outside. */
const AGAIN = 1_000_000_007;

/** A line that counts, and the one before it: one of ours that is outside is drawn once more from another seed. */
export function judgedLine(make: LineMaker, seed: number): { readonly line: Line; readonly outside: Line | null } {
  const line = make(seed);
  return line.ours !== true || isKept(line) ? { line, outside: null } : { line: make(seed + AGAIN), outside: line };
}

/** Runs at a sample size: fewer of the largest, which are dear. */
export const runsAt = (n: number, effort: Effort, base = 2000): number => Math.max(20, Math.round(base * effort * (n > 1000 ? 0.15 : 1)));

/** A figure, with its standard error where it has one. */
export function cellText(cell: Cell | null): string {
  if (cell === null) return '-'.padStart(WIDTH);
  const { value, error } = cell;
  const digits = value >= 10 ? 1 : Math.max(value, error) < 0.01 && value > 0 || error > 0 && error < 0.001 ? 4 : 3;
  return `${value.toFixed(digits)}${error === 0 ? '' : `+-${error.toFixed(digits).replace(/^0/, '')}`}`.padStart(WIDTH);
}

/** Columns of a figure. */
export const WIDTH = 15;
