/** How many of the calls that a threshold flags are unsafe (`truePositives`) and safe (`falsePositives`). */
export interface FlagCounts {
  /** One count a threshold. */
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly unsafeCount: number;
  readonly safeCount: number;
}

/** How many of `ascending` are at most `x`; 0 for NaN. */
export function countAtMost(ascending: Float64Array, x: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? NaN) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Turns "calls that pass exactly this many thresholds" into "calls that pass the threshold at this position". */
function passing(exactly: Float64Array): Float64Array {
  const counts = new Float64Array(exactly.length - 1);
  let total = 0;
  for (let i = counts.length - 1; i >= 0; i -= 1) counts[i] = total += exactly[i + 1] ?? 0;
  return counts;
}

/**
 * Counts the calls with `score >= threshold`, by class, for many thresholds in one pass.
 *
 * @param scores - one score a call; NaN passes no threshold
 * @param unsafe - 1 for an unsafe call, 0 for a safe one; as long as `scores`
 * @param ascending - thresholds in ascending order, none NaN
 * @returns counts, one a threshold
 * @remarks O(n log k) for n calls and k thresholds.
 */
export function countFlagged(scores: Float64Array, unsafe: Uint8Array, ascending: Float64Array): FlagCounts {
  const unsafeExactly = new Float64Array(ascending.length + 1);
  const safeExactly = new Float64Array(ascending.length + 1);
  let unsafeCount = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const passed = countAtMost(ascending, scores[i] ?? NaN);
    if (unsafe[i] === 1) {
      unsafeCount += 1;
      unsafeExactly[passed] = (unsafeExactly[passed] ?? 0) + 1;
    } else safeExactly[passed] = (safeExactly[passed] ?? 0) + 1;
  }
  return {
    truePositives: passing(unsafeExactly),
    falsePositives: passing(safeExactly),
    unsafeCount,
    safeCount: scores.length - unsafeCount,
  };
}
