import type { TraceRow } from '../row.js';
import type { TraceLabel } from '../words.js';

/** What fitted when labels were joined to rows, and what did not. */
export interface LabelCounts {
  readonly labels: number;
  /** Labels that name no call, and some of them. */
  readonly unmatched: number;
  readonly unmatchedIds: readonly string[];
  readonly labelledRows: number;
  /** Rows that no label names, and some of them by file and line. */
  readonly unlabelledRows: number;
  readonly unlabelled: readonly string[];
}

/** Joins labels to rows by `call_id` as the rows pass. */
export interface LabelJoin {
  readonly row: (row: TraceRow) => TraceRow;
  readonly counts: () => LabelCounts;
}

/** Ids and places named at most. */
const NAMED = 20;

/**
 * Starts a join.
 *
 * @param labels - label of each call_id
 * @remarks A label goes to every row with its call_id, and takes the place of what the source says. Memory is that of the labels.
 */
export function labelJoin(labels: ReadonlyMap<string, TraceLabel>): LabelJoin {
  const waiting = new Set(labels.keys());
  const unlabelled: string[] = [];
  let [labelledRows, unlabelledRows] = [0, 0];
  return {
    row: (row) => {
      const id = row.call_id ?? null;
      const label = id === null ? undefined : labels.get(id);
      if (label === undefined || id === null) {
        unlabelledRows += 1;
        if (unlabelled.length < NAMED) unlabelled.push(`${row.source_file ?? ''}:${String(row.source_row ?? '')}${id === null ? '' : ` (${id})`}`);
        return row;
      }
      labelledRows += 1;
      waiting.delete(id);
      return { ...row, label };
    },
    counts: () => ({ labels: labels.size, unmatched: waiting.size, unmatchedIds: [...waiting].slice(0, NAMED), labelledRows, unlabelledRows, unlabelled }),
  };
}
