import { InputError } from '../../errors.js';
import { betaQuantile, betaQuantileUpper } from '../../stats/beta.js';
import { gammaQuantile, gammaQuantileUpper } from '../../stats/gamma-inc.js';
import { type CusumFamily, type CusumSide, checkFamily, checkObservation } from './cusum-family.js';

/** What a baseline says of a family: its size, its sum, and the family with the estimates in it. */
export interface Estimate {
  readonly m: number;
  readonly sum: number;
  readonly family: CusumFamily;
  /** True where nothing was counted, so that the family stands at a confidence limit and not at an estimate. */
  readonly atLimit?: boolean;
}

/** A family's kind and the change to find: a shift in sd, a factor on the rate, or a factor on the chance. */
export interface Wanted {
  readonly kind: CusumFamily['kind'];
  readonly change: number;
}

/**
 * The family with its parameters estimated: mean and sd (with m - 1), mean, or share of ones.
 *
 * @returns null where counts or outcomes leave nothing to estimate: no 1 at all, or nothing but ones
 * @throws {@link InputError} BAD_PARAM where the values have no scale; NOT_FINITE, BAD_PARAM for what cannot be observed
 */
export function estimated(xs: ArrayLike<number>, wanted: Wanted): Estimate | null {
  const values = Float64Array.from(xs);
  const m = values.length;
  for (const x of values) checkObservation(wanted.kind, x);
  const sum = values.reduce((total, x) => total + x, 0);
  if (wanted.kind === 'gaussian') return { m, sum, family: gaussian(values, sum / m, wanted.change) };
  if (wanted.kind === 'exponential' && !(sum > 0)) throw new InputError('BAD_PARAM', `the baseline must hold a wait above 0, got ${String(m)} waits of 0`);
  if (sum === 0 || (wanted.kind === 'bernoulli' && sum === m)) return null;
  return { m, sum, family: familyOf(wanted, sum / m) };
}

/**
 * The family of counts or outcomes of which a baseline holds none, at the upper confidence limit: what cannot be told
 * from it is no further up, so a threshold right there keeps its promise upwards.
 *
 * @returns null for the families that are not counted
 */
export function estimatedOfNone(m: number, wanted: Wanted, level: number): Estimate | null {
  if (wanted.kind !== 'bernoulli' && wanted.kind !== 'poisson') return null;
  const limit = wanted.kind === 'bernoulli' ? betaQuantile(1, m, level) : gammaQuantile(1, level) / m;
  return { m, sum: 0, family: familyOf(wanted, limit), atLimit: true };
}

function gaussian(values: Float64Array, mean: number, shift: number): CusumFamily {
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  if (values.every((x) => x === values[0])) throw new InputError('BAD_PARAM', `the baseline must vary, got ${String(values.length)} values of ${String(values[0])}`);
  return checkFamily({ kind: 'gaussian', mean, sd, shift });
}

/** The family of one parameter at a mean or chance. A chance that the factor would carry past half the way to 1 is taken there. */
function familyOf({ kind, change }: Wanted, mean: number): CusumFamily {
  if (kind === 'bernoulli') return checkFamily({ kind, p0: mean, p1: Math.min(change * mean, (1 + mean) / 2), pDown: mean / change });
  return checkFamily(kind === 'poisson' ? { kind, mean, rateRatio: change } : { kind: 'exponential', mean, rateRatio: change });
}

/**
 * What the family's law must be off by, at most, with confidence `level`, to the disadvantage of a side: a factor on the
 * rate (exponential) or on the mean or chance. Below 1/2 it is the limit to the side's advantage.
 *
 * @see Clopper & Pearson (1934), Biometrika 26, 404-413; Garwood (1936), Biometrika 28, 437-442.
 */
export function unfavourable({ m, sum, family }: Estimate, side: CusumSide, level: number): number {
  const up = side === 'up';
  switch (family.kind) {
    case 'gaussian':
      return NaN;
    case 'exponential':
      return (up ? gammaQuantile(m, level) : gammaQuantileUpper(m, level)) / m;
    case 'poisson':
      return (up ? gammaQuantile(sum + 1, level) : lower(sum, () => gammaQuantileUpper(sum, level))) / m / family.mean;
    case 'bernoulli':
      return (up ? betaQuantile(sum + 1, m - sum, level) : lower(sum, () => betaQuantileUpper(sum, m - sum + 1, level))) / family.p0;
  }
}

/** A lower limit; 0 where nothing was counted. */
function lower(sum: number, limit: () => number): number {
  return sum === 0 ? 0 : limit();
}
