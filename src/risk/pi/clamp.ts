/** Limits x to [0, 1] as the host does: NaN becomes 0, the sign of zero stays. */
export function clamp01(x: number): number {
  if (Number.isNaN(x)) return 0;
  return x < 0 ? 0 : x > 1 ? 1 : x;
}
