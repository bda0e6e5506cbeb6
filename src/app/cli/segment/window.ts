import { timeOf } from '../../series/record.js';
import { usageError } from '../exit.js';

/** Where a change is asked for: between two observations' indices, or between two times in milliseconds since the epoch. */
export interface SegmentWindow {
  readonly unit: 'index' | 'ms';
  readonly from: number;
  readonly to: number;
}

/** Whole numbers from here on are times: no series is as long. */
const FIRST_TIME = 1e11;

function end(text: string): Pick<SegmentWindow, 'unit'> & { readonly at: number } | null {
  if (/^\d+$/.test(text)) {
    const at = Number(text);
    return Number.isSafeInteger(at) ? { unit: at < FIRST_TIME ? 'index' : 'ms', at } : null;
  }
  try {
    const { time } = timeOf(text, 'window', { name: 'time_ms', utc: false });
    return time === null || !/[T:]/.test(text) ? null : { unit: 'ms', at: time };
  } catch {
    return null;
  }
}

/** Reads FROM:TO, where an ISO time has colons of its own. */
export function windowArgument(text: string): SegmentWindow {
  for (let i = text.indexOf(':'); i >= 0; i = text.indexOf(':', i + 1)) {
    const [from, to] = [end(text.slice(0, i)), end(text.slice(i + 1))];
    if (from === null || to?.unit !== from.unit) continue;
    if (to.at < from.at) throw usageError(`--window must not end before it begins, got ${text}`);
    return { unit: from.unit, from: from.at, to: to.at };
  }
  throw usageError(`--window must be FROM:TO, two indices of observations, two ISO times with their zones or two times in milliseconds since 1970, got ${text}`);
}

/**
 * The window as indices at which a change can be.
 *
 * @param startOf - when a regime that begins with an observation begins
 * @returns null where no observation but the first lies in it
 */
export function windowIn({ unit, from, to }: SegmentWindow, n: number, startOf: (index: number) => number | null): { readonly from: number; readonly to: number } | null {
  const inside = (index: number): boolean => {
    const at = unit === 'index' ? index : startOf(index);
    return at !== null && at >= from && at <= to;
  };
  let [first, last] = [1, n - 1];
  while (first < n && !inside(first)) first += 1;
  while (last >= first && !inside(last)) last -= 1;
  return first > last ? null : { from: first, to: last };
}
