import { InputError } from '../../errors.js';
import { binomialCdf, clopperPearson } from '../../stats/binomial.js';
import { toleranceRank, toleranceSize } from '../../stats/tolerance-rank.js';
import { conformalRank, conformalSize } from '../conformal/rank.js';
import type { EnvelopeSides, RateGroup, ValueGroup } from './envelope.js';

/** What all groups of an envelope have in common. */
export interface EnvelopeLevel {
  readonly sides: EnvelopeSides;
  readonly alpha: number;
  readonly delta: number | null;
}

/** The least alpha and delta: bounds at 1e-9 on two sides take 2e9 values, more than {@link MOST_VALUES}. */
export const LEAST_SHARE = 1e-9;

/** The most calibration values of a group: far beyond any that fit into memory, and counts that no arithmetic here minds. */
export const MOST_VALUES: number = 2 ** 30;

function requireFew(key: string, n: number): void {
  if (n > MOST_VALUES) throw new InputError('BAD_PARAM', `a group must have at most ${String(MOST_VALUES)} calibration values, got ${String(n)} of ${JSON.stringify(key.slice(0, 80))}`);
}

/** Distinct values, ascending, and how many are at most each. */
export type Tally = Pick<ValueGroup, 'values' | 'atMost'>;

/** How many of the n + 1 gaps between ordered values are left outside at either end. */
interface Outside {
  readonly below: number;
  readonly above: number;
}

/** The gaps outside, divided between the sides: each gets its half, or what is watched gets all. */
function divided(gaps: number, sides: EnvelopeSides): Outside {
  if (sides === 'two') return { below: Math.floor(gaps / 2), above: Math.ceil(gaps / 2) };
  return sides === 'lower' ? { below: gaps, above: 0 } : { below: 0, above: gaps };
}

function conformalGaps(n: number, { alpha, sides }: EnvelopeLevel): Outside {
  if (sides !== 'two') return divided(n + 1 - conformalRank(n, alpha), sides);
  const each = n + 1 - conformalRank(n, alpha / 2);
  return { below: each, above: each };
}

/** The share within n + 1 - g gaps is Beta(n + 1 - g, g), wherever those gaps are. */
function toleranceGaps(n: number, { alpha, sides }: EnvelopeLevel, delta: number): Outside {
  const rank = toleranceRank(n, alpha, delta);
  const { below, above } = divided(rank === null ? 0 : n + 1 - rank, sides);
  // One gap cannot be had on both sides; a bound on one of them would look like a choice.
  return sides === 'two' && below === 0 ? { below: 0, above: 0 } : { below, above };
}

/** The fewest values that leave a gap on both sides with confidence. */
function twoSidedSize(alpha: number, delta: number): number {
  const enough = (n: number): boolean => binomialCdf(1, n, alpha) <= delta;
  let low = toleranceSize(alpha, delta);
  let high = 2 * low + 1;
  while (!enough(high)) high *= 2;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (enough(mid)) high = mid;
    else low = mid;
  }
  return high;
}

/**
 * The fewest calibration values that give a bound on every side watched.
 *
 * @remarks 1/alpha - 1 on one side, 2/alpha - 1 on two; with confidence ln(delta)/ln(1 - alpha) on one side, more on two.
 */
function envelopeSize({ sides, alpha, delta }: EnvelopeLevel): number {
  if (delta === null) return conformalSize(sides === 'two' ? alpha / 2 : alpha);
  return sides === 'two' ? twoSidedSize(alpha, delta) : toleranceSize(alpha, delta);
}

/** The value of a rank, from 1. */
function valueAt({ values, atMost }: Tally, rank: number): number | null {
  let [low, high] = [0, atMost.length];
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((atMost[mid] ?? Infinity) < rank) low = mid + 1;
    else high = mid;
  }
  return values[low] ?? null;
}

/**
 * The bounds of one group.
 *
 * @param tally - its calibration values, finite
 * @throws {@link InputError} BAD_PARAM for more than {@link MOST_VALUES}
 */
export function valueGroup(key: string, tally: Tally, level: EnvelopeLevel): ValueGroup {
  const n = tally.atMost.at(-1) ?? 0;
  requireFew(key, n);
  const { below, above } = level.delta === null ? conformalGaps(n, level) : toleranceGaps(n, level, level.delta);
  const outside = below + above;
  const lowerRank = below === 0 ? null : below;
  const upperRank = above === 0 ? null : n + 1 - above;
  const short = outside === 0;
  return {
    kind: 'values',
    key,
    n,
    lower: lowerRank === null ? null : valueAt(tally, lowerRank),
    upper: upperRank === null ? null : valueAt(tally, upperRank),
    lowerRank,
    upperRank,
    coverage: (n + 1 - outside) / (n + 1),
    missed: level.delta === null ? null : binomialCdf(outside - 1, n, level.alpha),
    needed: short ? envelopeSize(level) : null,
    values: tally.values,
    atMost: tally.atMost,
  };
}

/** The tally of ascending values. */
export function tallyOf(order: Float64Array): Tally {
  const values: number[] = [];
  const atMost: number[] = [];
  for (const [i, x] of order.entries()) {
    if (x !== values.at(-1)) {
      values.push(x);
      atMost.push(i + 1);
    } else atMost[atMost.length - 1] = i + 1;
  }
  return { values, atMost };
}

/** The tally of all values of several, without spreading out what is counted. */
export function pooledTally(tallies: readonly Tally[]): Tally {
  const counts = new Map<number, number>();
  for (const { values, atMost } of tallies) {
    for (const [i, x] of values.entries()) counts.set(x, (counts.get(x) ?? 0) + (atMost[i] ?? 0) - (atMost[i - 1] ?? 0));
  }
  const values = [...counts.keys()].sort((a, b) => a - b);
  let sum = 0;
  return { values, atMost: values.map((x) => (sum += counts.get(x) ?? 0)) };
}

/** The limits of one group's failure rate. */
export function rateGroup(key: string, n: number, errors: number, { sides, alpha }: EnvelopeLevel): RateGroup {
  requireFew(key, n);
  const { lower, upper } = clopperPearson(errors, n, 1 - alpha, sides);
  return { kind: 'rate', key, n, errors, lower: sides === 'upper' ? null : lower, upper: sides === 'lower' ? null : upper };
}
