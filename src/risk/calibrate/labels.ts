import { InputError } from '../../errors.js';
import type { LedgerColumns } from '../../ledger/columns.js';
import type { VerifiedLedger } from '../../ledger/report.js';
import { readCsv, type CsvRecord } from './csv.js';

/** What somebody other than the controller says about a call. */
export type Label = 'safe' | 'unsafe';

/** Calls with their labels, pooled over ledgers, and what did not fit. */
export interface LabelledCalls {
  /** Risk score of each labelled call; NaN where the ledger has none. */
  readonly scores: Float64Array;
  /** 1 for unsafe, 0 for safe, one a score. */
  readonly unsafe: Uint8Array;
  /** Calls in the ledgers, labelled or not. */
  readonly callCount: number;
  /** Calls that no label names; left out. */
  readonly unlabelledCount: number;
  /** Labels that name no call; nothing to do with them. */
  readonly unmatchedCount: number;
  /** Calls left out because their call_id occurs more than once, so a label cannot say which call it means. */
  readonly ambiguousCount: number;
  /** Up to five of each, for a reader to look into. */
  readonly examples: { readonly unlabelled: readonly string[]; readonly unmatched: readonly string[]; readonly ambiguous: readonly string[] };
}

function labelOf(word: string | undefined, line: number): Label {
  if (word === 'safe' || word === 'unsafe') return word;
  throw new InputError('BAD_LABELS', `line ${String(line)}: label must be safe or unsafe, got ${JSON.stringify(word ?? '')}`);
}

function columnNamed(header: readonly string[], name: string, needed: boolean): number {
  const first = header.indexOf(name);
  if (needed && first < 0) throw new InputError('BAD_LABELS', `line 1: the header must name the column ${name}, got ${JSON.stringify(header.join(',').slice(0, 80))}`);
  if (header.lastIndexOf(name) !== first) throw new InputError('BAD_LABELS', `line 1: the header names the column ${name} twice`);
  return first;
}

/** One row of a label file. */
export interface LabelCells {
  readonly line: number;
  readonly id: string;
  readonly label: Label;
  /** Cells of the further columns asked for; null for a column that the file lacks. */
  readonly more: readonly (string | null)[];
}

/**
 * Reads the rows of a label file one at a time.
 *
 * @param text - the file's text, with or without a byte order mark
 * @param further - names of columns that need not be there
 * @throws {@link InputError} BAD_LABELS with the line
 */
export function* readLabelCells(text: string, further: readonly string[]): Generator<LabelCells> {
  const records = readCsv(text.startsWith('\ufeff') ? text.slice(1) : text);
  const first = records.next();
  const header = first.done === true ? [] : first.value.cells;
  const id = columnNamed(header, 'call_id', true);
  const label = columnNamed(header, 'label', true);
  const places: Places = { width: header.length, id, label, more: further.map((name) => columnNamed(header, name, false)) };
  for (const record of records) {
    if (record.cells.length === 1 && record.cells[0] === '') continue;
    yield readRow(record, places);
  }
}

/**
 * Reads a label file: comma-separated values with a header that names `call_id` and `label`; further columns are
 * not looked at, empty lines are skipped, a row repeated with the same label changes nothing.
 *
 * @param text - the file's text; a byte order mark, as spreadsheets write it, is stepped over
 * @returns label of each call_id, in the order of the file
 * @throws {@link InputError} BAD_LABELS with the line: no header, a column missing, a row of the wrong width, an empty
 * call_id, a label other than safe or unsafe, one call_id with both labels
 * @example
 * ```ts
 * [...parseLabels('call_id,label\nc1,safe\nc2,unsafe\n')]; // => [['c1', 'safe'], ['c2', 'unsafe']]
 * ```
 */
export function parseLabels(text: string): Map<string, Label> {
  const labels = new Map<string, Label>();
  for (const { line, id, label } of readLabelCells(text, [])) {
    if ((labels.get(id) ?? label) !== label) throw labelledTwice(line, id, 'labelled both safe and unsafe');
    labels.set(id, label);
  }
  return labels;
}

/** The error of a call that the rows of a file contradict each other about. */
export function labelledTwice(line: number, id: string, what: string): InputError {
  return new InputError('BAD_LABELS', `line ${String(line)}: call_id ${JSON.stringify(id.slice(0, 80))} is ${what}`);
}

/** Where a row holds what. */
interface Places {
  readonly width: number;
  readonly id: number;
  readonly label: number;
  readonly more: readonly number[];
}

function readRow({ line, cells }: CsvRecord, places: Places): LabelCells {
  if (cells.length !== places.width) throw new InputError('BAD_LABELS', `line ${String(line)}: expected ${String(places.width)} cells as in the header, got ${String(cells.length)}`);
  const id = cells[places.id] ?? '';
  const label = labelOf(cells[places.label], line);
  if (id === '') throw new InputError('BAD_LABELS', `line ${String(line)}: call_id must not be empty`);
  return { line, id, label, more: places.more.map((at) => cells[at] ?? null) };
}

/** How often each call_id occurs over all ledgers. */
function occurrences(ledgers: readonly VerifiedLedger[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { columns } of ledgers) {
    if (columns.callIds === null) throw new InputError('BAD_PARAM', 'ledgers must be read with their call ids for labels to be matched');
    for (const id of columns.callIds) times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}

const few = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].slice(0, 5);

/** What did and did not fit when labels were joined to calls. */
export type Matching = Omit<LabelledCalls, 'scores' | 'unsafe'>;

/**
 * Finds the calls that labels name.
 *
 * @param ledgers - verified ledgers read with their call ids
 * @param labels - what is known of each call_id
 * @param take - gets each call that has a label, in order of the ledgers
 * @throws {@link InputError} BAD_PARAM if a ledger was read without its call ids
 */
export function matchCalls<T>(ledgers: readonly VerifiedLedger[], labels: ReadonlyMap<string, T>, take: (label: T, columns: LedgerColumns, row: number) => void): Matching {
  const times = occurrences(ledgers);
  const unlabelled: string[] = [];
  const ambiguous: string[] = [];
  let taken = 0;
  for (const { columns } of ledgers) {
    columns.callIds?.forEach((id, row) => {
      const label = labels.get(id);
      if (label === undefined) unlabelled.push(id);
      else if (times.get(id) !== 1) ambiguous.push(id);
      else {
        taken += 1;
        take(label, columns, row);
      }
    });
  }
  const unmatched = [...labels.keys()].filter((id) => !times.has(id));
  return {
    callCount: taken + unlabelled.length + ambiguous.length,
    unlabelledCount: unlabelled.length,
    unmatchedCount: unmatched.length,
    ambiguousCount: ambiguous.length,
    examples: { unlabelled: few(unlabelled), unmatched: few(unmatched), ambiguous: few(ambiguous) },
  };
}

/**
 * Joins labels to the calls of one or more ledgers by call_id.
 *
 * @param ledgers - verified ledgers read with their call ids
 * @param labels - label of each call_id, as from {@link parseLabels}
 * @returns scores and labels of the calls that have one, and counts of all that did not fit
 * @throws {@link InputError} BAD_PARAM if a ledger was read without its call ids
 * @remarks A call_id that occurs twice, in one ledger or in two, is left out: its label could mean either call.
 */
export function labelCalls(ledgers: readonly VerifiedLedger[], labels: ReadonlyMap<string, Label>): LabelledCalls {
  const scores: number[] = [];
  const unsafe: number[] = [];
  const matching = matchCalls(ledgers, labels, (label, columns, row) => {
    scores.push(columns.riskScore[row] ?? NaN);
    unsafe.push(label === 'unsafe' ? 1 : 0);
  });
  return { scores: Float64Array.from(scores), unsafe: Uint8Array.from(unsafe), ...matching };
}
