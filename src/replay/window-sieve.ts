import type { LedgerEntry } from '../ledger/entry.js';
import { windowTest, type ActorRecord, type WindowTest } from './window-evidence.js';

/** Limits of the host's score window. */
const SHORTEST = 8;
const LONGEST = 4096;

/** Which lengths of the host's score window a ledger's figures leave. */
export interface WindowEvidence {
  /** Whether every length is at odds with some entry: whatever the window was, the ledger is not what the host wrote. */
  readonly allExcluded: boolean;
  /** Lengths to try, the likeliest first. If not all are excluded: the ones that are left, ascending. */
  readonly sizes: readonly number[];
  /** Most scores seen of one actor: windows longer than that were never seen full. */
  readonly longestPast: number;
}

/** A sieve being filled, entry by entry, in ledger order. */
export interface WindowSieve {
  readonly add: (entry: LedgerEntry) => void;
  readonly evidence: () => WindowEvidence;
}

/** A second or less of adding up scores. */
const EXACT_ADDITIONS = 2e8;

const ALL: readonly number[] = Array.from({ length: LONGEST - SHORTEST + 1 }, (_, i) => SHORTEST + i);

/**
 * Sieves the lengths that the host's score window can have had. A length is dropped only where an entry cannot have been
 * written under it, so that of a ledger as the host wrote it the true length always stays.
 *
 * @remarks Memory is four of the longest windows an actor. Where none is left, the sieve starts anew with the next entry,
 * for the entry at fault may have come first.
 */
export function windowSieve(): WindowSieve {
  const actors = new Map<string, ActorRecord | null>();
  let [sizes, lastLeft]: [readonly number[], readonly number[] | null] = [ALL, null];
  const budget = { additions: EXACT_ADDITIONS };
  let [fromStart, longestPast]: [boolean | null, number] = [null, 0];
  const keep = (holds: WindowTest): void => {
    const left = sizes.filter(holds);
    if (left.length === 0) lastLeft ??= sizes;
    sizes = left.length === 0 ? ALL : left;
  };
  const add = (entry: LedgerEntry): void => {
    fromStart ??= entry.prev_ledger_hash === null;
    const known = actors.get(entry.extension_id);
    const record = known === undefined ? { scores: [], residuals: [], errors: [], quantile: fromStart ? 0 : null } : known;
    if (record === null) return;
    const holds = windowTest(entry, record, { fromStart, longest: sizes.at(-1) ?? LONGEST, budget });
    actors.set(entry.extension_id, holds && record);
    longestPast = Math.max(longestPast, record.scores.length);
    if (holds !== null) keep(holds);
  };
  return {
    add,
    evidence: () => ({ allExcluded: lastLeft !== null, sizes: lastLeft === null ? sizes : [...sizes.slice(0, 1), ...lastLeft.slice(0, 1)], longestPast }),
  };
}
