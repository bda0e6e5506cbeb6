import { compareText } from './resources.js';

/** Characters compared at most: keys beyond differ by enough. */
const LONGEST = 256;

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const partsOf = (key: string): readonly string[] => key.split(/[/ ]/).filter((part) => part !== '');

/** How many parts two keys begin with in common. */
function shared(a: readonly string[], b: readonly string[]): number {
  const differ = a.findIndex((part, i) => part !== b[i]);
  return differ < 0 ? a.length : differ;
}

/**
 * The key among `approved` that is most like another: that with most parts (folders, words) in common from the start, of those
 * the one with fewest letters to change, of those the first in order.
 *
 * @returns null where there is none
 */
export function nearestKey(key: string, approved: readonly string[]): string | null {
  const parts = partsOf(key);
  const inCommon = approved.map((each) => shared(parts, partsOf(each)));
  const most = inCommon.reduce((a, b) => Math.max(a, b), 0);
  const closest = approved
    .filter((_, i) => inCommon[i] === most)
    .map((each) => ({ each, distance: editDistance(key.slice(0, LONGEST), each.slice(0, LONGEST)) }))
    .reduce<{ readonly each: string; readonly distance: number } | null>((best, next) => {
      if (best === null || next.distance < best.distance) return next;
      return next.distance === best.distance && compareText(next.each, best.each) < 0 ? next : best;
    }, null);
  return closest?.each ?? null;
}
