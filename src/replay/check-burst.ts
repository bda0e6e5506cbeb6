import type { LedgerEntry } from '../ledger/entry.js';
import { BURST_CALLS } from '../risk/pi/actor-state.js';
import { burstDensity, WEIGHTS } from '../risk/pi/score.js';
import type { RecomputeState } from './known-past.js';

/** Which burst counts the outcome times of an actor's earlier calls allow. */
export interface PossibleBursts {
  /** Counts for which some start of the call exists that is not after its end. */
  readonly likely: readonly number[];
  /** Counts that need a start after the call's end: the host's clock went back during the call. */
  readonly odd: readonly number[];
}

/**
 * The burst of a call counts earlier outcomes up to a second before its *start*, which no ledger holds. A start bounds
 * the count all the same: it must be within a second of every outcome counted, and more than that from the next.
 *
 * @returns null where an outcome time does not fit a double
 */
export function possibleBursts({ pi, fromStart }: RecomputeState, entry: LedgerEntry): PossibleBursts | null {
  const endMs = Number(entry.ts_ms);
  const times = pi.outcomeMs;
  if (!Number.isSafeInteger(endMs) || times.includes(null)) return null;
  const newestFirst = (times as readonly number[]).toReversed();
  const likely: number[] = [];
  const odd: number[] = [];
  let latest = Infinity; // latest start that still counts all outcomes so far
  for (let count = 0; count <= BURST_CALLS; count += 1) {
    const next = newestFirst[count];
    const earliest = next === undefined ? -Infinity : next + 1001;
    if (earliest <= Math.min(latest, endMs)) likely.push(count);
    else if (earliest <= latest) odd.push(count);
    if (next !== undefined) latest = Math.min(latest, next + 1000);
    else if (fromStart) break;
  }
  return { likely, odd };
}

/** The score's term for a burst count, as the host writes it. */
export function burstTerm(count: number): number {
  return WEIGHTS.burst1s * burstDensity(count);
}

/** The burst count behind a term; null if no count gives it. */
export function burstCountOf(term: number): number | null {
  for (let count = 0; count <= BURST_CALLS; count += 1) if (Object.is(burstTerm(count), term)) return count;
  return null;
}
