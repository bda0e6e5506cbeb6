import { InputError } from '../errors.js';
import { sorted } from '../stats/order.js';
import { positive } from '../stats/sample.js';
import { piMedianOfSorted } from './pi-statistics.js';

/** One of the host's two burst windows. */
export interface BurstWindow {
  readonly windowMs: number;
  /** Events in the window that count as density 1. */
  readonly capacity: number;
}

/** The host's short window: 8 events in a second are density 1. */
export const BURST_1S: BurstWindow = { windowMs: 1000, capacity: 8 };

/** The host's long window: 24 events in ten seconds are density 1. */
export const BURST_10S: BurstWindow = { windowMs: 10_000, capacity: 24 };

/**
 * The host's median burst density: for each event the events from it on within the window, divided by the capacity, at
 * most 1; the median over events.
 *
 * @param timesMs - times of the events in milliseconds, safe integers, any order
 * @param window - {@link BURST_1S} or {@link BURST_10S}
 * @returns a density in [0, 1]; 0 for fewer than two events
 * @throws {@link InputError} UNSAFE_INTEGER naming the time
 * @remarks O(n log n), O(n) for times in order; the host counts each pair, with the same bits.
 * @example
 * ```ts
 * piBurstDensity([0, 1000, 2000], BURST_1S); // => 0.25
 * ```
 */
export function piBurstDensity(timesMs: ArrayLike<number>, window: BurstWindow): number {
  return pooledBurstDensity([sorted(timesMs)], window);
}

/**
 * {@link piBurstDensity} over several records, each with its times in ascending order: an event only counts events of
 * its own record.
 */
export function pooledBurstDensity(records: readonly Float64Array[], { windowMs, capacity }: BurstWindow): number {
  positive(windowMs, 'windowMs');
  positive(capacity, 'capacity');
  const tally = new Float64Array(Math.ceil(capacity) + 1);
  let events = 0;
  for (const times of records) {
    events += times.length;
    addCounts(tally, times, windowMs);
  }
  return events < 2 ? 0 : medianDensity(tally, events, capacity);
}

/** Adds to `tally[c]` the events with c events from them on within the window; more than the last index count there. */
function addCounts(tally: Float64Array, times: Float64Array, windowMs: number): void {
  const most = tally.length - 1;
  let end = 0;
  for (let i = 0; i < times.length; i += 1) {
    const from = times[i] ?? NaN;
    if (!Number.isSafeInteger(from)) throw new InputError('UNSAFE_INTEGER', `time ${String(i)} must be a safe integer of milliseconds, got ${String(from)}`);
    while (end < times.length && (times[end] ?? NaN) - from <= windowMs) end += 1;
    const count = Math.min(end - i, most);
    tally[count] = (tally[count] ?? 0) + 1;
  }
}

/** The median by counting: densities take as few values as the tally has places. */
function medianDensity(tally: Float64Array, events: number, capacity: number): number {
  const at = (index: number): number => {
    let seen = 0;
    for (const [count, times] of tally.entries()) {
      seen += times;
      if (seen > index) return Math.min(count / capacity, 1);
    }
    return 1;
  };
  return piMedianOfSorted(Float64Array.of(at(Math.floor((events - 1) / 2)), at(Math.floor(events / 2))));
}
