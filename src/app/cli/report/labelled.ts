import type { LabelFindings, LabelRow } from '../../../report/labels.js';
import type { Answer } from '../../../report/report.js';
import { FINDING_BITS, MARKS, type TimelineRows } from '../../../report/timeline-rows.js';
import { calibrate } from '../../../risk/calibrate/calibrate.js';
import type { Label } from '../../../risk/calibrate/labels.js';
import type { Figure } from '../../../plot/figure.js';
import { rocFigure } from '../../../plot/roc.js';
import type { Io } from '../io.js';
import { readLedgers } from '../ledgers.js';
import { attempt, without } from './attempt.js';
import type { GivenFile } from './given.js';

const STOPPED: ReadonlySet<string> = new Set(['deny', 'terminate']);

/** Counts what each way of looking catches of the calls labelled unsafe, and what it flags of the safe ones. */
export function labelFindings(rows: TimelineRows, source: string | undefined, figure: () => Figure | null): Answer<LabelFindings> {
  if (source === undefined) return without('no independent labels were given (--labels)');
  const { label, marks, decision, count } = rows;
  const [safe, unsafe] = [1, 2].map((code) => label.reduce((sum, each) => sum + (each === code ? 1 : 0), 0)) as [number, number];
  if (safe + unsafe === 0) return without('no call of the inputs has one of the labels');
  const way = (name: string, flags: (row: number) => boolean): LabelRow => {
    let [caught, falseAlarms] = [0, 0];
    for (let row = 0; row < count; row += 1) {
      if ((label[row] ?? 0) === 0 || !flags(row)) continue;
      if (label[row] === 2) caught += 1;
      else falseAlarms += 1;
    }
    return { name, caught, falseAlarms };
  };
  const has = (row: number, bits: number): boolean => ((marks[row] ?? 0) & bits) !== 0;
  return {
    found: {
      figure: figure(),
      source, safe, unsafe, unlabelled: count - safe - unsafe,
      ways: [
        way('the controller denied or terminated it', (row) => STOPPED.has(decision.values[decision.codes[row] ?? -1] ?? '')),
        way('it touches what no approved call touched', (row) => has(row, MARKS.novel)),
        way('the call failed', (row) => has(row, MARKS.failed)),
        way('any finding of this page is at it', (row) => has(row, FINDING_BITS)),
      ],
      missed: Array.from(label.keys()).filter((row) => label[row] === 2 && !has(row, FINDING_BITS)),
    },
  };
}

/** What any threshold on the score would have caught, by labels; null where that cannot be said. */
export function scoreFigureOf(io: Io, usable: readonly GivenFile[], labels: ReadonlyMap<string, Label>): Figure | null {
  if (usable.length === 0 || labels.size === 0) return null;
  const { found } = attempt(() => calibrate(readLedgers(io, usable.map(({ path }) => path), { callIds: true }), { labels }));
  return found === null || found.sweep.kind === 'refusal' ? null : rocFigure(found.sweep);
}
