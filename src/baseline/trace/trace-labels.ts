import { codes, textAt, type TraceChunk } from '../../trace/chunk.js';
import type { TraceLabel } from '../../trace/words.js';
import { traceCallName } from './trace-ledger.js';

/** What a trace's own labels say of a call. */
export interface TraceCallLabel {
  readonly label: 'safe' | 'unsafe';
  readonly session: string | null;
}

/** Ground truth that says whether a call was harmful; of a call that an attack reached and failed in, and of one nobody knows about, it does not. */
const MEANINGS: Readonly<Record<TraceLabel, TraceCallLabel['label'] | null>> = {
  benign: 'safe',
  attack_failed: null,
  attack_succeeded: 'unsafe',
  direct_attack: 'unsafe',
  unknown: null,
};

/**
 * The labels of a trace's calls, from its column `label`: benign calls are safe, those of an attack that succeeded or of a direct
 * attack unsafe; all others have no label.
 *
 * @returns by `traceCallName`, for the same hash
 */
export function traceLabels(chunks: Iterable<TraceChunk>, dataHash: string): Map<string, TraceCallLabel> {
  const found = new Map<string, TraceCallLabel>();
  let place = 0;
  for (const chunk of chunks) {
    const phases = codes(chunk, 'phase');
    for (let row = 0; row < chunk.rows; row += 1) {
      if (phases.values[phases.codes[row] ?? -1] !== 'call') continue;
      const word = textAt(chunk, 'label', row) as TraceLabel | null;
      const label = word === null ? null : MEANINGS[word];
      if (label !== null) found.set(traceCallName(dataHash, place), { label, session: textAt(chunk, 'session', row) });
      place += 1;
    }
  }
  return found;
}
