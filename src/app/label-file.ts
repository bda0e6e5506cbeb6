import { InputError } from '../errors.js';
import { readCsv, type CsvRecord } from '../risk/calibrate/csv.js';
import { labelledTwice } from '../risk/calibrate/labels.js';
import { LABEL_WORDS, labelOfWord } from '../trace/import/meanings.js';
import type { TraceLabel } from '../trace/words.js';

function bad(line: number, what: string): InputError {
  return new InputError('BAD_LABELS', `line ${String(line)}: ${what}`);
}

function placeOf(header: readonly string[], name: string): number {
  const place = header.indexOf(name);
  if (place < 0 || header.lastIndexOf(name) !== place) throw bad(1, `the header must name the column ${name} once, got ${JSON.stringify(header.join(',').slice(0, 80))}`);
  return place;
}

function labelOf(word: string | undefined, line: number): TraceLabel {
  const label = labelOfWord(word ?? '');
  if (label === null) throw bad(line, `label must be one of ${LABEL_WORDS.join(', ')}, got ${JSON.stringify((word ?? '').slice(0, 60))}`);
  return label;
}

function widthMatters({ cells, line }: CsvRecord, width: number): void {
  if (cells.length !== width) throw bad(line, `expected ${String(width)} cells as in the header, got ${String(cells.length)}`);
}

/**
 * Reads a label file: comma-separated values with a header that names `call_id` and `label`; further columns are not looked at.
 *
 * @param text - the file's text, with or without a byte order mark
 * @returns label of each call_id, in the trace table's words
 * @throws {@link InputError} BAD_LABELS with the line
 */
export function parseTraceLabels(text: string): ReadonlyMap<string, TraceLabel> {
  const records = readCsv(text.startsWith('\ufeff') ? text.slice(1) : text);
  const first = records.next();
  const header = first.done === true ? [] : first.value.cells;
  const [id, label] = [placeOf(header, 'call_id'), placeOf(header, 'label')];
  const labels = new Map<string, TraceLabel>();
  for (const record of records) {
    const { cells, line } = record;
    if (cells.length === 1 && cells[0] === '') continue;
    widthMatters(record, header.length);
    const name = cells[id] ?? '';
    if (name === '') throw bad(line, 'call_id must not be empty');
    const own = labelOf(cells[label], line);
    if ((labels.get(name) ?? own) !== own) throw labelledTwice(line, name, `labelled both ${String(labels.get(name))} and ${own}`);
    labels.set(name, own);
  }
  return labels;
}
