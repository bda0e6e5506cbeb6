import type { GlrModel } from './glr.js';
import { extend, type Candidates } from './focus-hull.js';

/** Which changes are watched for: of the mean for Gaussian data, of the rate or chance otherwise. */
export type FocusSides = 'both' | 'up' | 'down';

/** Everything that is remembered since the last restart; changed in place. */
export interface FocusWork {
  /** Observations since. */
  count: number;
  /** Their sum in standard units. */
  total: number;
  readonly above: Candidates;
  readonly below: Candidates;
  dropped: number;
}

/** Work that has seen nothing. */
export function freshWork(): FocusWork {
  return { count: 0, total: 0, above: { starts: [], sums: [] }, below: { starts: [], sums: [] }, dropped: 0 };
}

/** The likeliest change: its log-likelihood ratio and its first observation since the restart, null where none can be. */
export interface Likeliest {
  readonly statistic: number;
  readonly start: number | null;
}

/** The best of one side's candidates, the latest among equals; `sign` is -1 where y is the negative of z. */
function best(candidates: Candidates, work: FocusWork, { mean, logRatio }: GlrModel, sign: 1 | -1): Likeliest {
  let statistic = 0;
  let start: number | null = null;
  for (let i = 0; i < candidates.starts.length; i += 1) {
    const at = candidates.starts[i] as number;
    const [n, sum] = [work.count - at, sign * (candidates.sums[i] as number)];
    const before = mean ?? (work.total - sum) / at;
    const lead = sum / n - before;
    let value = 0;
    if (lead * sign > 0) value = mean === null ? (lead * lead * at * n) / (2 * work.count) : logRatio(n, sum);
    if (value >= statistic) [statistic, start] = [value, at];
  }
  return { statistic, start };
}

/** One step on z for the sides watched; `max` candidates a side at most. */
export function focusMachine(model: GlrModel, sides: FocusSides, max: number): (work: FocusWork, z: number) => Likeliest {
  // A faster rate is a shorter wait.
  const flipped = model.family.kind === 'exponential';
  const watchAbove = sides === 'both' || (sides === 'up') !== flipped;
  const watchBelow = sides === 'both' || (sides === 'down') !== flipped;
  const aboveOptions = { floor: model.mean ?? -Infinity, max };
  const belowOptions = { floor: model.mean === null ? -Infinity : -model.mean, max };
  return (work, z) => {
    const now = work.count;
    work.count += 1;
    work.total += z;
    // With an unknown mean before, something must come before.
    if (now === 0 && model.mean === null) return { statistic: 0, start: null };
    if (watchAbove) work.dropped += extend(work.above, now, z, aboveOptions);
    if (watchBelow) work.dropped += extend(work.below, now, -z, belowOptions);
    const [up, down] = [best(work.above, work, model, 1), best(work.below, work, model, -1)];
    if (up.statistic !== down.statistic) return up.statistic > down.statistic ? up : down;
    return (up.start ?? -1) >= (down.start ?? -1) ? up : down;
  };
}
