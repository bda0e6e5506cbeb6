import { InputError } from '../../errors.js';
import { sha256 } from '../../ledger/hash.js';
import { labelledTwice, readLabelCells, type Label, type LabelCells } from './labels.js';

/** What a label file says of a call. */
export interface LabelRow {
  readonly label: Label;
  /** 1 over the chance that this call had of being labelled; 1 where the file does not say. */
  readonly weight: number;
  /** Who labelled it; null where the file does not say. */
  readonly source: string | null;
  /** The session it belongs to; null where the file does not say. */
  readonly session: string | null;
}

const COLUMNS = ['weight', 'probability', 'source', 'session'] as const;

function numberIn(text: string, line: number, name: string): number {
  const value = Number(text);
  const plain = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text);
  if (plain && Number.isFinite(value)) return value;
  throw new InputError('BAD_LABELS', `line ${String(line)}: ${name} must be a number, got ${JSON.stringify(text)}`);
}

function weightOf(weight: string | null, probability: string | null, line: number): number {
  if (weight !== null && probability !== null) throw new InputError('BAD_LABELS', 'line 1: the header names both weight and probability, which are each other\'s inverse: keep one');
  if (weight !== null) {
    const value = numberIn(weight, line, 'weight');
    if (value < 1) throw new InputError('BAD_LABELS', `line ${String(line)}: weight must be at least 1 (it is 1 over a chance), got ${weight}`);
    return value;
  }
  if (probability === null) return 1;
  const value = numberIn(probability, line, 'probability');
  if (!(value > 0 && value <= 1)) throw new InputError('BAD_LABELS', `line ${String(line)}: probability must be in (0, 1], got ${probability}`);
  return 1 / value;
}

function rowOf({ label, line, more }: LabelCells): LabelRow {
  const [weight = null, probability = null, source = null, session = null] = more;
  if (session === '') throw new InputError('BAD_LABELS', `line ${String(line)}: session must not be empty`);
  return { label, weight: weightOf(weight, probability, line), source, session };
}

const sameRow = (a: LabelRow, b: LabelRow): boolean => a.label === b.label && a.weight === b.weight && a.source === b.source && a.session === b.session;

/**
 * Reads a label file with what calibration can use beside the label: the columns `weight` or `probability` (the chance
 * that this call was sent to review), `source` (who labelled it) and `session`, none of which need be there.
 *
 * @param text - comma-separated values with the columns `call_id` and `label`; otherwise as `parseLabels`
 * @returns a row for each call_id, in the order of the file
 * @throws {@link InputError} BAD_LABELS with the line
 * @example
 * ```ts
 * parseLabelRows('call_id,label,probability\nc1,unsafe,0.1\n').get('c1').weight; // => 10
 * ```
 */
export function parseLabelRows(text: string): Map<string, LabelRow> {
  const rows = new Map<string, LabelRow>();
  for (const cells of readLabelCells(text, COLUMNS)) {
    const row = rowOf(cells);
    const before = rows.get(cells.id);
    if (before !== undefined && before.label !== row.label) throw labelledTwice(cells.line, cells.id, 'labelled both safe and unsafe');
    if (before !== undefined && !sameRow(before, row)) throw labelledTwice(cells.line, cells.id, 'there twice, with another weight, source or session');
    rows.set(cells.id, row);
  }
  return rows;
}

/**
 * SHA-256 of a set of labels: of its rows as JSON, one a line, sorted by call_id in code units. Order and layout of the
 * file they came from do not matter.
 *
 * @param rows - as from {@link parseLabelRows}
 * @returns 64 hexadecimal digits
 */
export function labelSetHash(rows: ReadonlyMap<string, LabelRow>): string {
  const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([id, { label, weight, source, session }]) => `${JSON.stringify([id, label, weight, source, session])}\n`);
  return sha256(lines.join(''));
}
