import { thresholdName } from '../../../risk/policy/part-names.js';
import type { Policy, PolicyThreshold } from '../../../risk/policy/policy.js';
import { readTrace } from './approve-trace.js';
import { streamsOfFiles } from '../envelope/streams.js';
import type { Io } from '../io.js';
import { counted } from '../ledger/verify-page.js';

/** What the ledgers that a threshold was chosen on say of its counts. */
export interface CountCheck {
  readonly part: string;
  /** Calls in those ledgers, all of them, that score so much, and that do not. */
  readonly flagged: number;
  readonly passed: number;
  /** How the counts of labelled calls contradict that; null where they may be right. */
  readonly contradiction: string | null;
}

function countsIn(io: Io, paths: readonly string[], threshold: number): Pick<CountCheck, 'flagged' | 'passed'> {
  const streams = streamsOfFiles(io, paths, { stream: 'score', by: 'none' }).flatMap((file) => file.streams);
  const all = streams.reduce((sum, { values, nullCount }) => sum + values.length + nullCount, 0);
  const flagged = streams.reduce((sum, { values }) => sum + values.filter((score) => score >= threshold).length, 0);
  return { flagged, passed: all - flagged };
}

function compared(io: Io, part: PolicyThreshold, paths: readonly string[]): CountCheck[] {
  const { threshold: { threshold, observed } } = part;
  if (observed === null) return [];
  const counts = countsIn(io, paths, threshold ?? Infinity);
  const { miss, falseAlarm } = observed;
  const [flagged, passed] = [miss.n - miss.errors + falseAlarm.errors, miss.errors + falseAlarm.n - falseAlarm.errors];
  const over = ([[flagged, counts.flagged, 'flagged'], [passed, counts.passed, 'passed']] as const).find(([said, there]) => said > there);
  const contradiction = over === undefined ? null : `it says that ${counted(over[0], 'labelled call')} ${over[0] === 1 ? 'was' : 'were'} ${over[2]}, and in the ledgers that it was chosen on ${counted(over[1], 'call')} in all would be`;
  return [{ part: thresholdName(part), ...counts, contradiction }];
}

/**
 * Compares the counts of thresholds with the ledgers that they were chosen on, where all of them are at hand: which calls
 * were labelled how the policy does not hold, but no more can have been flagged than there are to flag.
 */
export function checkCounts(io: Io, { thresholds }: Policy, files: readonly string[]): CountCheck[] {
  if (thresholds.length === 0) return [];
  const pathOf = new Map(files.map((path) => [readTrace(io, path).source.dataHash, path]));
  return thresholds.flatMap((part) => {
    const paths = part.threshold.sourceDataHashes.map((hash) => pathOf.get(hash)).filter((path) => path !== undefined);
    return paths.length < part.threshold.sourceDataHashes.length ? [] : compared(io, part, paths);
  });
}
