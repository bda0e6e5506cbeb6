import { InputError } from '../../errors.js';
import { finite, insideUnit, positive } from '../../stats/sample.js';

/** The two directions a change can take: of the mean for Gaussian data, of the rate or chance otherwise. */
export type CusumSide = 'up' | 'down';

/**
 * What the observations are before a change, and which change to find first.
 *
 * - `gaussian`: normal with `mean` and `sd`; a shift of the mean by `shift` sd. The statistic is in sd: each step adds
 *   z - shift/2 (or -z - shift/2).
 * - `exponential`: waiting times with `mean`; the rate becomes `rateRatio` times as large (`up`: shorter waits) or as
 *   small (`down`).
 * - `bernoulli`: 0 or 1 with chance `p0` of 1; the chance becomes `p1` (`up`) or `pDown` (`down`).
 * - `poisson`: counts with `mean`; the mean becomes `rateRatio` times as large (`up`) or as small (`down`).
 *
 * The last three add the log-likelihood ratio, so their statistic is in nats.
 */
export type CusumFamily =
  | { readonly kind: 'gaussian'; readonly mean: number; readonly sd: number; readonly shift: number }
  | { readonly kind: 'exponential'; readonly mean: number; readonly rateRatio: number }
  | { readonly kind: 'bernoulli'; readonly p0: number; readonly p1: number; readonly pDown?: number }
  | { readonly kind: 'poisson'; readonly mean: number; readonly rateRatio: number };

/** One step of a side's statistic adds (x - centre) * slope + intercept. */
export interface Increment {
  readonly centre: number;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Returns `family` with every number checked.
 *
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM
 */
export function checkFamily(family: CusumFamily): CusumFamily {
  switch (family.kind) {
    case 'gaussian': {
      const { kind, mean, sd, shift } = family;
      return { kind, mean: finite(mean, 'mean'), sd: positive(sd, 'sd'), shift: positive(shift, 'shift') };
    }
    case 'exponential':
    case 'poisson': {
      const { kind, mean, rateRatio } = family;
      if (!(rateRatio > 1 && rateRatio < Infinity)) throw new InputError('BAD_PARAM', `rateRatio must be finite and > 1 (side says which way), got ${String(rateRatio)}`);
      return { kind, mean: positive(mean, 'mean'), rateRatio };
    }
    case 'bernoulli': {
      const { kind, p0, p1, pDown } = family;
      insideUnit(p0, 'p0');
      if (!(p1 > p0 && p1 < 1)) throw new InputError('BAD_PARAM', `p1 must be in (p0, 1), got ${String(p1)} for p0 ${String(p0)}`);
      if (pDown === undefined) return { kind, p0, p1 };
      if (!(pDown > 0 && pDown < p0)) throw new InputError('BAD_PARAM', `pDown must be in (0, p0), got ${String(pDown)} for p0 ${String(p0)}`);
      return { kind, p0, p1, pDown };
    }
  }
}

/**
 * What one observation adds to a side's statistic.
 *
 * @throws {@link InputError} BAD_PARAM where a Bernoulli family names no `pDown`
 */
export function incrementOf(family: CusumFamily, side: CusumSide): Increment {
  const sign = side === 'up' ? 1 : -1;
  switch (family.kind) {
    case 'gaussian':
      return { centre: family.mean, slope: sign / family.sd, intercept: -family.shift / 2 };
    case 'exponential': {
      const ratio = ratioOf(family.rateRatio, side);
      return { centre: 0, slope: (1 - ratio) / family.mean, intercept: Math.log(ratio) };
    }
    case 'poisson': {
      const ratio = ratioOf(family.rateRatio, side);
      return { centre: 0, slope: Math.log(ratio), intercept: (1 - ratio) * family.mean };
    }
    case 'bernoulli': {
      const p1 = alternativeChance(family, side);
      const [one, zero] = [Math.log(p1 / family.p0), Math.log1p(-p1) - Math.log1p(-family.p0)];
      return { centre: 0, slope: one - zero, intercept: zero };
    }
  }
}

/** The factor on the rate that a side looks for. */
export function ratioOf(rateRatio: number, side: CusumSide): number {
  return side === 'up' ? rateRatio : 1 / rateRatio;
}

/** The chance that a side of a Bernoulli family looks for. */
export function alternativeChance(family: Extract<CusumFamily, { kind: 'bernoulli' }>, side: CusumSide): number {
  if (side === 'up') return family.p1;
  if (family.pDown === undefined) throw new InputError('BAD_PARAM', 'pDown must be given for a Bernoulli family watched downwards');
  return family.pDown;
}

/**
 * Returns `x` if the family can produce it.
 *
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM
 */
export function checkObservation(kind: CusumFamily['kind'], x: number): number {
  finite(x, 'x');
  const { allows, words } = DOMAINS[kind];
  if (!allows(x)) throw new InputError('BAD_PARAM', `x must be ${words} for ${kind} observations, got ${String(x)}`);
  return x;
}

const DOMAINS: Readonly<Record<CusumFamily['kind'], { readonly allows: (x: number) => boolean; readonly words: string }>> = {
  gaussian: { allows: () => true, words: 'a number' },
  exponential: { allows: (x) => x >= 0, words: '>= 0' },
  bernoulli: { allows: (x) => x === 0 || x === 1, words: '0 or 1' },
  poisson: { allows: (x) => x >= 0 && Number.isInteger(x), words: 'an integer >= 0' },
};
