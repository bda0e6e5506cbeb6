/** Burst density as the host defines it: every pair is looked at. */
export function naiveBurstDensity(timesMs: readonly number[], windowMs: number, capacity: number): number {
  if (timesMs.length < 2) return 0;
  const times = [...timesMs].sort((a, b) => a - b);
  const densities = times.map((from, i) => Math.min(times.slice(i).filter((to) => to - from <= windowMs).length / capacity, 1)).sort((a, b) => a - b);
  const [low = NaN, high = NaN] = [densities[(times.length - 1) >> 1], densities[times.length >> 1]];
  return low + (high - low) / 2;
}
