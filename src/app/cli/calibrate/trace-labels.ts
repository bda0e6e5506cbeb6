import { traceLabels } from '../../../baseline/trace/trace-labels.js';
import type { LabelRow } from '../../../risk/calibrate/label-rows.js';
import { readArrowStream } from '../../../trace/arrow-stream-read.js';
import type { Io } from '../io.js';
import { withLedger } from '../ledgers.js';

/** Labels that traces have themselves, by the places of their calls. */
export interface TraceLabels {
  readonly rows: ReadonlyMap<string, LabelRow>;
  /** Who says so, where the traces tell. */
  readonly source: string | null;
}

/** The labels in the column `label` of the traces among files; null where no call has one. */
export function labelsInTraces(io: Io, paths: readonly string[]): TraceLabels | null {
  const rows = new Map<string, LabelRow>();
  const sources = new Set<string>();
  for (const path of new Set(paths)) {
    withLedger(io, path, (source, _, trace) => {
      if (trace?.about.columns.includes('label') !== true) return;
      for (const [name, { label, session }] of traceLabels(readArrowStream(source).chunks, trace.sha256)) rows.set(name, { label, session, source: null, weight: 1 });
      const { label_source: named } = trace.about.metadata;
      if (named !== undefined) sources.add(named);
    });
  }
  return rows.size === 0 ? null : { rows, source: sources.size === 0 ? null : [...sources].join(', ') };
}
