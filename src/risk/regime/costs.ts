import { InputError } from '../../errors.js';
import { median } from '../../stats/robust.js';
import { finite, integerIn, nonNegative, positive } from '../../stats/sample.js';

/**
 * What a segment costs: minus twice its largest log likelihood, constants dropped.
 *
 * - `mean`: normal with this standard deviation throughout; sum of squares about the segment's mean over `scale`^2.
 * - `mean-variance`: normal, both its own. - `exponential`: waiting times. - `bernoulli`: 0 or 1. - `poisson`: counts.
 * - `categorical`: 0 .. `categories` - 1, two categories at least.
 *
 * @remarks Waits of 0 are ties of the clock: a segment's mean wait is taken for at least half the smallest wait above 0,
 * so that a burst within one tick costs little, and not minus infinity.
 */
export type SegmentCost =
  | { readonly cost: 'mean'; readonly scale: number }
  | { readonly cost: 'mean-variance' }
  | { readonly cost: 'exponential' }
  | { readonly cost: 'bernoulli' }
  | { readonly cost: 'poisson' }
  | { readonly cost: 'categorical'; readonly categories: number };

/** The costs of all segments of one series. */
export interface CostTable {
  /** Parameters a segment has of its own. */
  readonly parameters: number;
  /** Fewest observations that determine them. */
  readonly shortest: number;
  /** Cost of the observations from .. to - 1, in O(1). */
  readonly cost: (from: number, to: number) => number;
}

/**
 * Prepares the costs of a series by sums from its beginning.
 *
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM, TOO_FEW
 * @internal
 */
export function costTable(spec: SegmentCost, xs: ArrayLike<number>): CostTable {
  if (xs.length === 0) throw new InputError('TOO_FEW', 'xs must hold at least one observation, got none');
  switch (spec.cost) {
    case 'mean': {
      const variance = positive(spec.scale, 'scale') ** 2;
      const squares = squaresAbout(xs);
      return { parameters: 1, shortest: 1, cost: (from, to) => squares(from, to) / variance };
    }
    case 'mean-variance': {
      const squares = squaresAbout(xs);
      const floor = roundingVariance(xs);
      return { parameters: 2, shortest: 2, cost: (from, to) => varianceCost(squares(from, to), to - from, floor) };
    }
    case 'exponential': {
      const sum = sums(xs, (x) => nonNegative(x, 'x'));
      const floor = smallestPositive(xs) / 2;
      return { parameters: 1, shortest: 1, cost: (from, to) => waitingCost(sum(from, to), to - from, floor) };
    }
    case 'bernoulli': {
      const ones = sums(xs, (x) => {
        if (x !== 0 && x !== 1) throw new InputError('BAD_PARAM', `x must be 0 or 1, got ${String(x)}`);
        return x;
      });
      return { parameters: 1, shortest: 1, cost: (from, to) => entropy(ones(from, to), to - from) };
    }
    case 'poisson': {
      const sum = sums(xs, (x) => {
        if (!(Number.isSafeInteger(x) && x >= 0)) throw new InputError('BAD_PARAM', `x must be a count (an integer >= 0), got ${String(x)}`);
        return x;
      });
      return { parameters: 1, shortest: 1, cost: (from, to) => 2 * rateCost(sum(from, to), to - from) };
    }
    case 'categorical':
      return categoricalTable(integerIn(spec.categories, 2, MOST_CATEGORIES, 'categories'), xs);
  }
}

/** Each costs eight bytes an observation. */
const MOST_CATEGORIES = 256;

function categoricalTable(categories: number, xs: ArrayLike<number>): CostTable {
  for (let i = 0; i < xs.length; i += 1) integerIn(xs[i] ?? NaN, 0, categories - 1, 'x');
  const times = Array.from({ length: categories }, (_, k) => sums(xs, (x) => (x === k ? 1 : 0)));
  const cost = (from: number, to: number): number => {
    let sum = 0;
    for (const count of times) sum += surprise(count(from, to), to - from);
    return sum;
  };
  return { parameters: categories - 1, shortest: 1, cost };
}

// A likelihood at the bound where the best parameter lies beyond it: cutting must never raise the sum of the costs.

function varianceCost(squares: number, n: number, floor: number): number {
  const variance = Math.max(squares / n, floor);
  return n * (Math.log(variance) - 1) + squares / variance;
}

function waitingCost(sum: number, n: number, floor: number): number {
  const mean = Math.max(sum / n, floor);
  return 2 * (n * Math.log(mean) + sum / mean);
}

/** -2 ln likelihood of `ones` in `n` at their own share. */
function entropy(ones: number, n: number): number {
  return surprise(ones, n) + surprise(n - ones, n);
}

/** What k of n observations of one kind add to it. */
function surprise(k: number, n: number): number {
  return k === 0 ? 0 : -2 * k * Math.log(k / n);
}

function rateCost(sum: number, n: number): number {
  return sum === 0 ? 0 : sum - sum * Math.log(sum / n);
}

/** Sums over from .. to - 1 of checked values. */
function sums(xs: ArrayLike<number>, check: (x: number) => number): (from: number, to: number) => number {
  const sum = new Float64Array(xs.length + 1);
  for (let i = 0; i < xs.length; i += 1) sum[i + 1] = (sum[i] ?? 0) + check(xs[i] ?? NaN);
  return (from, to) => (sum[to] ?? 0) - (sum[from] ?? 0);
}

/** Sums of squares about the segment's mean. Taken about the median first, so that little cancels. */
function squaresAbout(xs: ArrayLike<number>): (from: number, to: number) => number {
  const centre = median(xs);
  const first = sums(xs, (x) => finite(x - centre, 'x'));
  const second = sums(xs, (x) => finite((x - centre) ** 2, 'the square of x'));
  return (from, to) => Math.max(0, second(from, to) - first(from, to) ** 2 / (to - from));
}

/** Data recorded to a resolution d have no variance below d^2 / 12; d is the smallest difference between two values. */
function roundingVariance(xs: ArrayLike<number>): number {
  const sorted = Float64Array.from(xs).sort();
  let gap = Infinity;
  for (let i = 1; i < sorted.length; i += 1) {
    const d = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0);
    if (d > 0 && d < gap) gap = d;
  }
  return gap === Infinity ? 1 : (gap * gap) / 12;
}

function smallestPositive(xs: ArrayLike<number>): number {
  const least = Array.from(xs).reduce((a, x) => (x > 0 && x < a ? x : a), Infinity);
  return least === Infinity ? 1 : least;
}
