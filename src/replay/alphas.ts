/** Limits of the host's error rate, and so of its reciprocal. */
const LEAST_ALPHA = 1e-6;
const MOST_ALPHA = 0.5;

/** Least and greatest e-process threshold that the host can be set to. */
export const THRESHOLDS: readonly [number, number] = [1 / MOST_ALPHA, 1 / LEAST_ALPHA];

const cell = new Float64Array(1);
const bits = new BigInt64Array(cell.buffer);

/** The double that many steps up from a positive one. */
function stepped(x: number, steps: number): number {
  cell[0] = x;
  bits[0] = (bits[0] ?? 0n) + BigInt(steps);
  return cell[0];
}

/**
 * Every error rate whose reciprocal is the threshold: the threshold is written down, the rate is not.
 *
 * @returns none where the host cannot have that threshold: it is out of range, or no double has it for its reciprocal
 */
export function alphasOf(threshold: number): number[] {
  if (!(threshold >= THRESHOLDS[0] && threshold <= THRESHOLDS[1])) return [];
  // Rounding twice moves the rate by less than 2^-52 of itself: two doubles at most.
  return [0, -1, 1, -2, 2].map((steps) => stepped(1 / threshold, steps)).filter((alpha) => alpha >= LEAST_ALPHA && alpha <= MOST_ALPHA && 1 / alpha === threshold);
}
