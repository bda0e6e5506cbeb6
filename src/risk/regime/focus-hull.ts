/** Starts of a segment that may be the likeliest, oldest first, with the sums of all that came since. */
export interface Candidates {
  readonly starts: number[];
  readonly sums: number[];
}

/**
 * Drops the starts that no mean above the one before can make the likeliest, now that observation number `now` may be
 * a start too.
 *
 * @remarks A start stays while the mean from it to the next start is above the mean from the start before it to it (for
 * the oldest: above `floor`): the starts are the corners of the lower convex hull of the partial sums. Cross-multiplied,
 * so that counts are compared exactly. Amortised O(1).
 */
function prune({ starts, sums }: Candidates, now: number, floor: number): void {
  for (let last = starts.length - 1; last >= 0; last -= 1) {
    const [start, sum] = [starts[last] as number, sums[last] as number];
    const length = now - start;
    if (last === 0) {
      if (sum > floor * length) return;
    } else {
      const before = (sums[last - 1] as number) - sum;
      if (sum * (start - (starts[last - 1] as number)) > before * length) return;
    }
    starts.pop();
    sums.pop();
  }
}

/**
 * Takes in observation number `now`, which is itself a possible start.
 *
 * @param y - the observation; its negative to look for a mean below
 * @param floor - the mean before the change (or its negative); -Infinity where it is unknown
 * @param max - most candidates kept
 * @returns how many were dropped for want of room (0 or 1): the oldest but one
 */
export function extend(candidates: Candidates, now: number, y: number, { floor, max }: { readonly floor: number; readonly max: number }): number {
  const { starts, sums } = candidates;
  prune(candidates, now, floor);
  starts.push(now);
  sums.push(0);
  for (let i = 0; i < sums.length; i += 1) sums[i] = (sums[i] as number) + y;
  if (starts.length <= max) return 0;
  starts.splice(1, 1);
  sums.splice(1, 1);
  return 1;
}
