import { InputError } from '../errors.js';
import { betaQuantileUpper } from './beta.js';
import { insideUnit } from './sample.js';

/** Beyond this many trials counts are not exact. */
const MOST_TRIALS = 2 ** 53;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The fewest trials from which on the two-sided Clopper-Pearson limits are within `halfWidth` of the observed rate on
 * either side, whatever the rate turns out to be.
 *
 * @param halfWidth - in (0, 1/2)
 * @param level - confidence, in (0, 1)
 * @returns a number of trials that is enough, as is every larger one; the one before it is not
 * @throws {@link InputError} BAD_PARAM, also where more than 2^53 trials would be needed
 * @remarks The widest side is not at half successes but somewhat nearer to the end it points away from: at 104 trials
 * and 95 %, 44 successes have an upper limit 0.1008 away. Some 200 beta quantiles.
 * @example
 * ```ts
 * trialsForHalfWidth(0.1, 0.95); // => 106
 * ```
 */
export function trialsForHalfWidth(halfWidth: number, level: number): number {
  insideUnit(2 * halfWidth, 'twice halfWidth');
  insideUnit(level, 'level');
  // At half successes one quantile tells; the worst place needs only a few trials more.
  const least = firstWithin((n) => above(n / 2, n, level) <= halfWidth, 0, halfWidth);
  let high = firstWithin((n) => worstBetween(n, level) <= halfWidth, least - 1, halfWidth);
  // Counts are whole, so a few fewer trials can do: their worst count lies beside the worst place.
  while (high > 1 && worstCount(high - 1, level) <= halfWidth) high -= 1;
  return high;
}

/** Smallest n > from that passes, a condition that holds for all larger n once it does. */
function firstWithin(passes: (n: number) => boolean, from: number, halfWidth: number): number {
  let low = from;
  let step = 1;
  while (!passes(low + step)) {
    low += step;
    step *= 2;
    if (low + step > MOST_TRIALS) throw new InputError('BAD_PARAM', `halfWidth must be one that 2^53 trials can reach, got ${String(halfWidth)}`);
  }
  let high = low + step;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (passes(mid)) high = mid;
    else low = mid;
  }
  return high;
}

/** How far the upper limit is above the rate k / n; the lower limit of n - k successes is as far below theirs. */
function above(k: number, n: number, level: number): number {
  return k >= n ? 0 : betaQuantileUpper(k + 1, n - k, (1 - level) / 2) - k / n;
}

/** Where between the counts, were they continuous, the upper limit is farthest away. The distance has one maximum. */
function worstPlace(n: number, level: number): number {
  let [from, to] = [0, Math.max(0, n - 1)];
  let [a, b] = [to - GOLDEN * (to - from), from + GOLDEN * (to - from)];
  let [atA, atB] = [above(a, n, level), above(b, n, level)];
  while (to - from > 1e-4 * n) {
    if (atA < atB) {
      [from, a, atA] = [a, b, atB];
      b = from + GOLDEN * (to - from);
      atB = above(b, n, level);
    } else {
      [to, b, atB] = [b, a, atA];
      a = to - GOLDEN * (to - from);
      atA = above(a, n, level);
    }
  }
  return (from + to) / 2;
}

/** The largest distance over all k in [0, n - 1], whole or not: it falls with n. */
function worstBetween(n: number, level: number): number {
  return Math.max(above(worstPlace(n, level), n, level), above(0, n, level));
}

/** The largest distance over the whole counts. */
function worstCount(n: number, level: number): number {
  const place = Math.floor(worstPlace(n, level));
  return Math.max(...[0, place - 1, place, place + 1, place + 2].filter((k) => k >= 0 && k < n).map((k) => above(k, n, level)));
}
