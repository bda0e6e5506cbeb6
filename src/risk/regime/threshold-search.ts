/** How far to look for a threshold, and, on a lattice, the width of its cells. */
export interface Scale {
  readonly most: number;
  readonly unit: number | null;
}

/**
 * The smallest threshold that holds, to 1e-4 of itself or on the lattice; null where none of at most `most` does.
 *
 * @param margin - at least 0 where the threshold holds; rises with the threshold
 */
export function smallestThreshold({ most, unit }: Scale, margin: (threshold: number) => number): number | null {
  const { cell, rounded, start, first, width, nudge } = gridOf(unit);
  const end = rounded(most / (unit ?? 1));
  let [low, below, high] = [start, NaN, Math.min(end, first)];
  let above = margin(cell(high));
  while (!(above >= 0)) {
    if (high >= end) return null;
    [low, below] = [high, above];
    high = Math.min(end, Math.max(high + 1, rounded(high * 1.6)));
    above = margin(cell(high));
  }
  for (let round = 0; high - low > width(high); round += 1) {
    // The secant, a little past its root so that the ends close in; halves every third time, or where there is no slope.
    const at = rounded(round % 3 < 2 ? past({ low, below, high, above }, nudge(high)) : (low + high) / 2);
    const value = margin(cell(at));
    if (value >= 0) [high, above] = [at, value];
    else [low, below] = [at, value];
  }
  return cell(high);
}

interface Grid {
  readonly cell: (i: number) => number;
  readonly rounded: (i: number) => number;
  readonly start: number;
  readonly first: number;
  /** How near the ends of the search must come. */
  readonly width: (high: number) => number;
  /** How far past the secant's root to look. */
  readonly nudge: (high: number) => number;
}

function gridOf(unit: number | null): Grid {
  if (unit === null) return { cell: (x) => x, rounded: (x) => x, start: 0, first: 4, width: (high) => 1e-4 * high, nudge: (high) => 0.4e-4 * high };
  return { cell: (i) => (i + 0.5) * unit, rounded: Math.floor, start: -1, first: Math.max(1, Math.floor(4 / unit)), width: () => 1, nudge: () => 1 };
}

function past({ low, below, high, above }: Readonly<Record<'low' | 'below' | 'high' | 'above', number>>, step: number): number {
  const secant = (low * above - high * below) / (above - below);
  if (!(secant > low && secant < high)) return (low + high) / 2;
  return Math.min(Math.max(secant + (secant < (low + high) / 2 ? step : -step), low + step), high - step);
}
