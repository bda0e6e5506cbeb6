import { InputError } from '../../errors.js';
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

function columnNamed(header: readonly string[], name: string): number {
  const first = header.indexOf(name);
  if (first < 0) throw new InputError('BAD_LABELS', `line 1: the header must name the column ${name}, got ${JSON.stringify(header.join(',').slice(0, 80))}`);
  if (header.lastIndexOf(name) !== first) throw new InputError('BAD_LABELS', `line 1: the header names the column ${name} twice`);
  return first;
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
  const records = readCsv(text.startsWith('\ufeff') ? text.slice(1) : text);
  const first = records.next();
  const header = first.done === true ? [] : first.value.cells;
  const places: Places = { width: header.length, id: columnNamed(header, 'call_id'), label: columnNamed(header, 'label') };
  const labels = new Map<string, Label>();
  for (const record of records) {
    if (record.cells.length === 1 && record.cells[0] === '') continue;
    const [id, label] = readRow(record, places);
    if ((labels.get(id) ?? label) !== label) throw new InputError('BAD_LABELS', `line ${String(record.line)}: call_id ${JSON.stringify(id.slice(0, 80))} is labelled both safe and unsafe`);
    labels.set(id, label);
  }
  return labels;
}

/** Where a row holds what. */
interface Places {
  readonly width: number;
  readonly id: number;
  readonly label: number;
}

function readRow({ line, cells }: CsvRecord, places: Places): readonly [string, Label] {
  if (cells.length !== places.width) throw new InputError('BAD_LABELS', `line ${String(line)}: expected ${String(places.width)} cells as in the header, got ${String(cells.length)}`);
  const id = cells[places.id] ?? '';
  const label = labelOf(cells[places.label], line);
  if (id === '') throw new InputError('BAD_LABELS', `line ${String(line)}: call_id must not be empty`);
  return [id, label];
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
  const times = occurrences(ledgers);
  const scores: number[] = [];
  const unsafe: number[] = [];
  const unlabelled: string[] = [];
  const ambiguous: string[] = [];
  for (const { columns } of ledgers) {
    columns.callIds?.forEach((id, row) => {
      const label = labels.get(id);
      if (label === undefined) unlabelled.push(id);
      else if (times.get(id) !== 1) ambiguous.push(id);
      else {
        scores.push(columns.riskScore[row] ?? NaN);
        unsafe.push(label === 'unsafe' ? 1 : 0);
      }
    });
  }
  const unmatched = [...labels.keys()].filter((id) => !times.has(id));
  return {
    scores: Float64Array.from(scores),
    unsafe: Uint8Array.from(unsafe),
    callCount: scores.length + unlabelled.length + ambiguous.length,
    unlabelledCount: unlabelled.length,
    unmatchedCount: unmatched.length,
    ambiguousCount: ambiguous.length,
    examples: { unlabelled: few(unlabelled), unmatched: few(unmatched), ambiguous: few(ambiguous) },
  };
}
