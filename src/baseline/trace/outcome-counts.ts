import { codes, type TraceChunk } from '../../trace/chunk.js';
import type { TraceCodeName } from '../../trace/schema.js';
import { TRACE_OUTCOMES, type TraceOutcome } from '../../trace/words.js';
import { chunksFrom, compareNullable, unitedCodes, type TraceChunks, type UnitedCodes } from './group-codes.js';

/** How calls of a group ended. */
export interface OutcomeCounts {
  /** The group's value of the column; null for rows without one. */
  readonly group: string | null;
  readonly rows: number;
  readonly outcomes: Readonly<Record<TraceOutcome, number>>;
}

function record(of: (outcome: TraceOutcome, code: number) => number): Readonly<Record<TraceOutcome, number>> {
  return Object.fromEntries(TRACE_OUTCOMES.map((outcome, code) => [outcome, of(outcome, code)])) as Record<TraceOutcome, number>;
}

/** Counts rows by group and outcome, chunk by chunk. */
export interface OutcomeCounter {
  readonly add: (chunk: TraceChunk) => void;
  readonly counts: () => OutcomeCounts[];
}

const WIDTH = TRACE_OUTCOMES.length;

/** Starts with no chunk. */
export function outcomeCounter(united: UnitedCodes): OutcomeCounter {
  let counts = new Float64Array(0);
  return {
    add: (chunk) => {
      const groups = united.of(chunk);
      const ended = codes(chunk, 'outcome').codes;
      const needed = (united.size() + 1) * WIDTH;
      if (counts.length < needed) {
        const wider = new Float64Array(2 * needed);
        wider.set(counts);
        counts = wider;
      }
      for (let row = 0; row < chunk.rows; row += 1) {
        const at = ((groups[row] as number) + 1) * WIDTH + (ended[row] as number);
        counts[at] = (counts[at] as number) + 1;
      }
    },
    counts: () => [null, ...united.values().slice(0, united.size())]
      .map((group, at) => {
        const outcomes = record((_, code) => counts[at * WIDTH + code] ?? 0);
        return { group, rows: Object.values(outcomes).reduce((sum, each) => sum + each, 0), outcomes };
      })
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => compareNullable(a.group, b.group)),
  };
}

/**
 * Counts rows by group and outcome.
 *
 * @returns groups that have rows, in order of their text, null first
 * @throws {@link InputError} MISSING_FIELD
 * @remarks O(rows). Counts of parts add up: {@link mergeOutcomes}.
 */
export function outcomeCounts(source: TraceChunks, by: TraceCodeName): OutcomeCounts[] {
  const counter = outcomeCounter(unitedCodes(by));
  for (const chunk of chunksFrom(source)) counter.add(chunk);
  return counter.counts();
}

/** The outcomes of two parts of a trace together. */
export function mergeOutcomes(a: readonly OutcomeCounts[], b: readonly OutcomeCounts[]): OutcomeCounts[] {
  const merged = new Map(a.map((each) => [each.group, each]));
  for (const each of b) {
    const other = merged.get(each.group);
    if (other === undefined) merged.set(each.group, each);
    else merged.set(each.group, { group: each.group, rows: other.rows + each.rows, outcomes: record((outcome) => other.outcomes[outcome] + each.outcomes[outcome]) });
  }
  return [...merged.values()].sort((x, y) => compareNullable(x.group, y.group));
}

/**
 * Share of a group's calls that failed: ended in an error or timed out.
 *
 * @returns null where no call has an outcome that is known and not a refusal: denied and cancelled calls did not get so far
 */
export function errorRate({ outcomes }: OutcomeCounts): number | null {
  const failed = outcomes.error + outcomes.timeout;
  const ended = failed + outcomes.success;
  return ended === 0 ? null : failed / ended;
}
