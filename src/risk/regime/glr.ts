import { InputError } from '../../errors.js';
import { finite, insideUnit, positive } from '../../stats/sample.js';

/**
 * What the observations are before a change; the size of the change is unknown.
 *
 * - `gaussian`: normal with `mean`, or null where the mean is unknown too, and `sd`.
 * - `exponential`: waiting times with `mean`, all above 0.
 * - `bernoulli`: 0 or 1 with chance `p0` of 1.
 * - `poisson`: counts with `mean`.
 */
export type GlrFamily =
  | { readonly kind: 'gaussian'; readonly mean: number | null; readonly sd: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'bernoulli'; readonly p0: number }
  | { readonly kind: 'poisson'; readonly mean: number };

/** A family in standard units z. */
export interface GlrModel {
  readonly family: GlrFamily;
  /** z = (x - centre) / scale; a centre of null is the first observation. */
  readonly centre: number | null;
  readonly scale: number;
  /** Mean of z before the change; null where it is unknown. */
  readonly mean: number | null;
  /** Checks that the family knows x. */
  readonly knows: (x: number) => boolean;
  /** Log-likelihood ratio of the best mean against the one before, for n values of z of that sum. */
  readonly logRatio: (n: number, sum: number) => number;
}

/** x ln(x / y), 0 at x = 0. */
const xLogRatio = (x: number, y: number): number => (x > 0 ? x * Math.log(x / y) : 0);

/** r - 1 - ln r, without cancellation where r is near 1. */
function excess(r: number): number {
  const d = r - 1;
  return Math.abs(d) < 1e-4 ? d * d * (1 / 2 - d * (1 / 3 - d * (1 / 4 - d / 5))) : d - Math.log(r);
}

/**
 * Checks a family and writes it in standard units.
 *
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 */
export function glrModel(family: GlrFamily): GlrModel {
  switch (family.kind) {
    case 'gaussian': {
      const { kind, mean, sd } = family;
      const centre = mean === null ? null : finite(mean, 'mean') + 0;
      return { family: { kind, mean: centre, sd: positive(sd, 'sd') }, centre, scale: sd, mean: mean === null ? null : 0, knows: () => true, logRatio: (n, sum) => (sum * sum) / (2 * n) };
    }
    case 'exponential': {
      const { kind, mean } = family;
      return { family: { kind, mean: positive(mean, 'mean') }, centre: 0, scale: mean, mean: 1, knows: (x) => x > 0, logRatio: (n, sum) => n * excess(sum / n) };
    }
    case 'bernoulli': {
      const { kind, p0 } = family;
      insideUnit(p0, 'p0');
      return { family: { kind, p0 }, centre: 0, scale: 1, mean: p0, knows: (x) => x === 0 || x === 1, logRatio: (n, sum) => xLogRatio(sum, n * p0) + xLogRatio(n - sum, n * (1 - p0)) };
    }
    case 'poisson': {
      const { kind, mean } = family;
      positive(mean, 'mean');
      return { family: { kind, mean }, centre: 0, scale: 1, mean, knows: (x) => x >= 0 && Number.isSafeInteger(x), logRatio: (n, sum) => xLogRatio(sum, n * mean) - sum + n * mean };
    }
    default:
      throw new InputError('BAD_PARAM', `no family ${String((family as { kind: unknown }).kind)}`);
  }
}

const EXPECTED: Readonly<Record<GlrFamily['kind'], string>> = {
  gaussian: 'finite',
  exponential: '> 0 (a wait of 0 is infinitely likelier under an infinite rate)',
  bernoulli: '0 or 1',
  poisson: 'a count, a whole number >= 0',
};

/** Squares and sums of such values stay finite. */
const LIMIT = 1e150;

/**
 * An observation in standard units.
 *
 * @param centre - the model's, or the first observation
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM
 */
export function standardised({ family, scale, knows }: GlrModel, x: number, centre: number, index: number): number {
  finite(x, `observation ${String(index)}`);
  if (!knows(x)) throw new InputError('BAD_PARAM', `observation ${String(index)} must be ${EXPECTED[family.kind]}, got ${String(x)}`);
  const z = (x - centre) / scale;
  if (!(Math.abs(z) <= LIMIT)) throw new InputError('BAD_PARAM', `observation ${String(index)} must lie within 1e150 scales of the baseline, got ${String(x)}`);
  return z;
}
