import { InputError } from '../../errors.js';
import { sortInPlace } from '../../stats/order.js';
import { radixSort } from '../../stats/radix-sort.js';
import { integerIn } from '../../stats/sample.js';
import type { TraceCodeName } from '../../trace/schema.js';
import type { TraceChunks } from './group-codes.js';
import { groupValues, type GroupValues } from './group-values.js';

/** When the rows of a stream happened. */
export interface StreamTimes {
  /** The stream's value of the column; null for rows without one. */
  readonly group: string | null;
  /** Microseconds, ascending; rows without a time are left out. */
  readonly timesUs: Float64Array;
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i += 1) if (!((values[i - 1] as number) <= (values[i] as number))) return false;
  return true;
}

/** Times that were collected, put in order within each stream: in the same memory where that can be. */
export function timesInOrder(collected: readonly GroupValues[]): StreamTimes[] {
  return collected.map(({ group, values }) => {
    const timesUs = isAscending(values) ? values : values.length < 4096 ? sortInPlace(values) : radixSort(values);
    const [first, last] = [timesUs[0] ?? 0, timesUs.at(-1) ?? 0];
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw new InputError('UNSAFE_INTEGER', `ts must be within 2^53 microseconds, got ${String(Number.isSafeInteger(first) ? last : first)}`);
    return { group, timesUs };
  });
}

/**
 * Times of the rows by stream, put in order.
 *
 * @throws {@link InputError} MISSING_FIELD, UNSAFE_INTEGER where a time is beyond 2^53 microseconds
 * @remarks O(rows) and 8 bytes a row. Calls that overlap are recorded in the order of their ends in some sources: sorting puts
 * them in that of their stamps.
 */
export function streamTimes(source: TraceChunks, by: TraceCodeName): StreamTimes[] {
  return timesInOrder(groupValues(source, { by, measure: 'ts' }));
}

/** Times between neighbours of each stream in microseconds: one fewer than its times; see {@link summariesOfValues}. */
export function interArrivals(streams: readonly StreamTimes[]): GroupValues[] {
  return streams.map(({ group, timesUs }) => {
    const values = new Float64Array(Math.max(0, timesUs.length - 1));
    for (let i = 0; i < values.length; i += 1) values[i] = (timesUs[i + 1] as number) - (timesUs[i] as number);
    return { group, rows: timesUs.length, values };
  });
}

/** How many rows of a stream have `within` rows, themselves counted, from them on within the window. */
export interface BurstCount {
  readonly group: string | null;
  /** At most the limit asked for, which stands for more too. */
  readonly within: number;
  readonly rows: number;
}

/**
 * Counts, for each row of a stream, the rows from it on within a window, and how often each count comes.
 *
 * @param windowUs - length of the window in microseconds, both ends in it
 * @param most - counts above it are counted as it
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(rows). Of rows at one time the first counts the others. Counts of parts that share no stream add up: {@link mergeBursts}.
 */
export function burstCounts(streams: readonly StreamTimes[], windowUs: number, most: number): BurstCount[] {
  integerIn(windowUs, 1, Number.MAX_SAFE_INTEGER, 'windowUs');
  integerIn(most, 1, 1_000_000, 'most');
  return streams.flatMap(({ group, timesUs }) => {
    const tally = new Float64Array(most + 1);
    let end = 0;
    for (let i = 0; i < timesUs.length; i += 1) {
      const limit = (timesUs[i] as number) + windowUs;
      while (end < timesUs.length && (timesUs[end] as number) <= limit) end += 1;
      const within = end - i < most ? end - i : most;
      tally[within] = (tally[within] as number) + 1;
    }
    return [...tally].map((rows, within) => ({ group, within, rows })).filter(({ rows }) => rows > 0);
  });
}

/** The burst counts of two parts that share no stream, counted with the same window and limit. */
export function mergeBursts(a: readonly BurstCount[], b: readonly BurstCount[]): BurstCount[] {
  const merged = new Map<string, BurstCount>();
  for (const each of [...a, ...b]) {
    const name = JSON.stringify([each.group, each.within]);
    merged.set(name, { ...each, rows: each.rows + (merged.get(name)?.rows ?? 0) });
  }
  return [...merged.values()].sort((x, y) => compareGroups(x, y) || x.within - y.within);
}

function compareGroups({ group: a }: BurstCount, { group: b }: BurstCount): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}
