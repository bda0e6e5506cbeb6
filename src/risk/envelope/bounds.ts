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

/**
 * The bounds of one group.
 *
 * @param order - its calibration values, ascending, finite
 */
export function valueGroup(key: string, order: Float64Array, level: EnvelopeLevel): ValueGroup {
  const n = order.length;
  const { below, above } = level.delta === null ? conformalGaps(n, level) : toleranceGaps(n, level, level.delta);
  const outside = below + above;
  const lowerRank = below === 0 ? null : below;
  const upperRank = above === 0 ? null : n + 1 - above;
  const short = outside === 0;
  const valueOf = (rank: number | null): number | null => (rank === null ? null : (order[rank - 1] ?? null));
  return {
    kind: 'values',
    key,
    n,
    lower: valueOf(lowerRank),
    upper: valueOf(upperRank),
    lowerRank,
    upperRank,
    coverage: (n + 1 - outside) / (n + 1),
    missed: level.delta === null ? null : binomialCdf(outside - 1, n, level.alpha),
    needed: short ? envelopeSize(level) : null,
    ...distinctOf(order),
  };
}

function distinctOf(order: Float64Array): Pick<ValueGroup, 'values' | 'atMost'> {
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

/** The calibration values of a group again, ascending. */
export function calibrationValues({ n, values, atMost }: ValueGroup): Float64Array {
  const order = new Float64Array(n);
  let from = 0;
  for (const [i, x] of values.entries()) {
    order.fill(x, from, atMost[i]);
    from = atMost[i] ?? from;
  }
  return order;
}

/** The limits of one group's failure rate. */
export function rateGroup(key: string, n: number, errors: number, { sides, alpha }: EnvelopeLevel): RateGroup {
  const { lower, upper } = clopperPearson(errors, n, 1 - alpha, sides);
  return { kind: 'rate', key, n, errors, lower: sides === 'upper' ? null : lower, upper: sides === 'lower' ? null : upper };
}
