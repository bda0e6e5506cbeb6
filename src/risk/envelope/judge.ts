import { InputError } from '../../errors.js';
import { finite, integerIn } from '../../stats/sample.js';
import { exceedanceTail, hypergeometricTail } from '../../stats/exchangeable-counts.js';
import type { Envelope, EnvelopeGroup, RateGroup, ValueGroup } from './envelope.js';

/** The group of a key; undefined where the envelope has none. Groups are sorted by key. */
export function groupOfKey({ groups }: Pick<Envelope, 'groups'>, key: string): EnvelopeGroup | undefined {
  let [low, high] = [0, groups.length];
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((groups[mid]?.key ?? '') < key) low = mid + 1;
    else high = mid;
  }
  return groups[low]?.key === key ? groups[low] : undefined;
}

/**
 * Whether a value is within its group's bounds, ends included.
 *
 * @param envelope - as fitted or read
 * @param key - capability, actor or whatever the groups are
 * @param x - a value, or for the measure `error` a failure rate
 * @returns null where the envelope has no such group: nothing is known of it. Without a bound on a side every value is
 * within on that side
 * @throws {@link InputError} NOT_FINITE
 * @remarks Over the draw of calibration values and `x` false with probability at most alpha; see {@link fitEnvelope}.
 * O(log groups).
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3, 4, 5, 6, 7, 8, 9]]], { measure: 'latency', alpha: 0.2 });
 * [0, 1, 10].map((x) => envelopeContains(envelope, 'read', x)); // => [false, true, false]
 * envelopeContains(envelope, 'exec', 5); // => null
 * ```
 */
export function envelopeContains(envelope: Envelope, key: string, x: number): boolean | null {
  finite(x, 'x');
  const group = groupOfKey(envelope, key);
  return group === undefined ? null : within(group, x);
}

/** Whether a value is within a group's bounds. */
export function within({ lower, upper }: Pick<EnvelopeGroup, 'lower' | 'upper'>, x: number): boolean {
  return (lower === null || x >= lower) && (upper === null || x <= upper);
}

/** How many calibration values are less than `x`, and how many are at most `x`. */
function countsAt({ values, atMost }: ValueGroup, x: number): { readonly below: number; readonly atMost: number } {
  let [low, high] = [0, values.length];
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((values[mid] ?? NaN) < x) low = mid + 1;
    else high = mid;
  }
  const below = low === 0 ? 0 : (atMost[low - 1] ?? 0);
  return { below, atMost: values[low] === x ? (atMost[low] ?? below) : below };
}

/** The conformal p-value of a value in its group. */
export function valueP(group: ValueGroup, x: number, sides: Envelope['sides']): number {
  const { below, atMost } = countsAt(group, x);
  const low = (1 + atMost) / (group.n + 1);
  const high = (1 + group.n - below) / (group.n + 1);
  if (sides === 'two') return Math.min(1, 2 * Math.min(low, high));
  return sides === 'lower' ? low : high;
}

/**
 * How strange a value is among its group's calibration values: the conformal p-value, two-sided p = 2 min(low, high).
 *
 * @param envelope - of any measure but `error`
 * @param key - capability, actor or whatever the groups are
 * @param x - a value
 * @returns in (0, 1]; 1 where the envelope has no such group
 * @throws {@link InputError} NOT_FINITE; BAD_PARAM for the measure `error`: see {@link envelopeRatePValue}
 * @remarks Guarantee: P(p <= a) <= a for every a. Assumption: exchangeability with the calibration values. None is below
 * 1 / (n + 1), or 2 / (n + 1) with two sides. Exactly what {@link twoSidedPValues} says of the same values. O(log n).
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, chapter 2.
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3, 4, 5, 6, 7, 8, 9]]], { measure: 'latency', alpha: 0.2 });
 * [0, 5, 9, 10].map((x) => envelopePValue(envelope, 'read', x)); // => [0.2, 1, 0.4, 0.2]
 * ```
 */
export function envelopePValue(envelope: Envelope, key: string, x: number): number {
  finite(x, 'x');
  const group = groupOfKey(envelope, key);
  if (group === undefined) return 1;
  if (group.kind === 'rate') throw new InputError('BAD_PARAM', `the envelope is of failure rates: ask with envelopeRatePValue for the failures of ${JSON.stringify(key)}`);
  return valueP(group, x, envelope.sides);
}

/** The p-value of failures in a group. */
export function rateP(group: RateGroup, { errors, n }: { readonly errors: number; readonly n: number }, sides: Envelope['sides']): number {
  integerIn(n, 0, 2 ** 40, 'n');
  integerIn(errors, 0, n, 'errors');
  const all = group.errors + errors;
  const high = hypergeometricTail(errors, n, all, group.n + n);
  const low = hypergeometricTail(n - errors, n, group.n + n - all, group.n + n);
  if (sides === 'two') return Math.min(1, 2 * Math.min(low, high));
  return sides === 'lower' ? low : high;
}

/**
 * How strange a number of failures is beside those of calibration: Fisher's exact test on the sides watched.
 *
 * @param envelope - of the measure `error`
 * @param key - capability, actor or whatever the groups are
 * @param calls - how many calls, and how many of them failed
 * @returns in (0, 1]; 1 where the envelope has no such group
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: P(p <= a) <= a for every a. Assumption: calibration calls and these are exchangeable. O(n).
 * @see Fisher (1922), Journal of the Royal Statistical Society 85, 87-94.
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [0, 0, 0, 0, 0]]], { measure: 'error', alpha: 0.05 });
 * envelopeRatePValue(envelope, 'read', { errors: 1, n: 1 }).toFixed(4); // => '0.1667'
 * ```
 */
export function envelopeRatePValue(envelope: Envelope, key: string, calls: { readonly errors: number; readonly n: number }): number {
  const group = groupOfKey(envelope, key);
  if (group === undefined) return 1;
  if (group.kind === 'values') throw new InputError('BAD_PARAM', `the envelope is of ${envelope.measure}, not of failure rates: ask with envelopePValue`);
  return rateP(group, calls, envelope.sides);
}

/**
 * How strange it is that so many of the next values fall outside a group's bounds.
 *
 * @param envelope - of any measure but `error`
 * @param key - capability, actor or whatever the groups are
 * @param counts - values judged, and how many of them are outside
 * @returns P(as many or more outside), in (0, 1]; 1 where the group has no bound or is not there
 * @throws {@link InputError} BAD_PARAM
 * @remarks Values judged against one calibration set share its luck, so their number is not binomial: the share outside
 * is itself Beta distributed, and the number beta-binomial, which this is exactly. Guarantee: P(p <= a) <= a.
 * Assumption: all values exchangeable; ties only make it safer. O(n).
 * @see Vovk (2012), ACML, 475-490; Angelopoulos & Bates (2023), Foundations and Trends in Machine Learning 16, section 3.
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3]]], { measure: 'latency', alpha: 0.5 });
 * envelopeCountPValue(envelope, 'read', { outside: 1, n: 1 }).toFixed(4); // => '0.5000'
 * ```
 */
export function envelopeCountPValue(envelope: Envelope, key: string, { outside, n }: { readonly outside: number; readonly n: number }): number {
  const group = groupOfKey(envelope, key);
  if (group === undefined) return 1;
  if (group.kind === 'rate') throw new InputError('BAD_PARAM', `the envelope is of failure rates: ask with envelopeRatePValue for the failures of ${JSON.stringify(key)}`);
  return countP(group, outside, n);
}

/** The p-value of a number of values outside a group's bounds. */
export function countP(group: ValueGroup, outside: number, n: number): number {
  const gaps = (group.lowerRank ?? 0) + (group.upperRank === null ? 0 : group.n + 1 - group.upperRank);
  return exceedanceTail(outside, integerIn(n, 0, 2 ** 40, 'n'), gaps, group.n);
}
