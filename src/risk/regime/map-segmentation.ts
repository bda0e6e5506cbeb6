import { InputError } from '../../errors.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import { sweepSegments } from './bocpd-segments.js';
import { type ConjugateModel, conjugateKernel } from './conjugate.js';
import { type Hazard, hazardTable } from './hazard.js';

/** Beyond this the quadratic sweep takes minutes: cut the series, or use the pruned recursion. */
const LONGEST = 50_000;

/** Model and hazard of an exact analysis of a whole series. */
export interface SegmentModel {
  readonly model: ConjugateModel;
  readonly hazard: Hazard;
}

/** One change of the most probable segmentation. */
export interface LocatedChange {
  /** Index of the first observation of the new segment. */
  readonly index: number;
  /** First and last index of the credible interval, no further than half way to the neighbouring changes. */
  readonly lower: number;
  readonly upper: number;
  /** Expected number of changes in it: near 1 where there is one. */
  readonly expectedChanges: number;
}

/** The most probable segmentation of a series, and how sure it is. */
export interface MapSegmentation {
  readonly n: number;
  readonly changes: readonly LocatedChange[];
  /** ln p(series, this segmentation). */
  readonly logJoint: number;
  /** ln p(series). */
  readonly logEvidence: number;
  /** [i]: P(a segment begins at i | series); at 0 one always does. */
  readonly changeProbability: Float64Array;
}

/** The observations, checked by the model. */
function prepared({ model, hazard }: SegmentModel, xs: ArrayLike<number>) {
  const kernel = conjugateKernel(model);
  if (xs.length === 0) throw new InputError('TOO_FEW', 'xs must hold at least one observation, got none');
  integerIn(xs.length, 1, LONGEST, 'length of xs');
  return { kernel, hazard: hazardTable(hazard), series: Float64Array.from(xs, (x) => kernel.check(x)) };
}

/**
 * The most probable segmentation of a series, by max-product over all of them, with the posterior chance of a change at
 * every index.
 *
 * @param params - model with its prior, and hazard
 * @param xs - 1 to 50,000 observations in order
 * @param level - share of a change's posterior that its interval holds, in (0, 1)
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, TOO_FEW
 * @remarks Exact if model, prior and hazard are right; nothing is pruned. O(n^2) time, O(n) memory. Of equally probable
 * segmentations the one with the longer last segment.
 * @see Fearnhead (2006), Statistics and Computing 16, 203-213; Fearnhead & Liu (2007), JRSS B 69, 589-605.
 * @example
 * ```ts
 * const params = { model: { model: 'gamma-poisson', shape: 1, rate: 1 }, hazard: { type: 'constant', lambda: 10 } } as const;
 * mapSegmentation(params, [1, 0, 2, 1, 9, 8, 11, 7]).changes.map((change) => change.index); // => [4]
 * ```
 */
export function mapSegmentation(params: SegmentModel, xs: ArrayLike<number>, level = 0.9): MapSegmentation {
  insideUnit(level, 'level');
  const { kernel, hazard, series } = prepared(params, xs);
  const n = series.length;
  const best = sweepSegments(series, { kernel, hazard, combine: 'max', cutOff: 'last' });
  const forward = sweepSegments(series, { kernel, hazard, combine: 'sum', cutOff: 'last' });
  const backward = sweepSegments(series.toReversed(), { kernel, hazard, combine: 'sum', cutOff: 'first' });
  const changeProbability = forward.boundary.slice(0, n).map((before, i) => {
    return Math.min(1, Math.exp(before + (backward.boundary[n - i] ?? -Infinity) - forward.logTotal));
  });
  changeProbability[0] = 1;
  const indices: number[] = [];
  for (let at = best.lastOpened; at > 0; at = best.opened[at] ?? 0) indices.unshift(at);
  const changes = indices.map((index, k) => {
    const from = Math.floor(((indices[k - 1] ?? 0) + index) / 2) + 1;
    const to = Math.ceil((index + (indices[k + 1] ?? n)) / 2) - 1;
    return located(changeProbability, index, { from: Math.min(from, index), to: Math.max(to, index), level });
  });
  return { n, changes, logJoint: best.logTotal, logEvidence: forward.logTotal, changeProbability };
}

/** Widens an interval from `index` to the likelier side until it holds the level of what lies between `from` and `to`. */
function located(p: Float64Array, index: number, { from, to, level }: { from: number; to: number; level: number }): LocatedChange {
  const between = p.subarray(from, to + 1);
  const at = (i: number): number => between[i - from] ?? -1;
  // More than one change may be expected there: the interval is of one of them.
  const wanted = level * Math.min(1, between.reduce((sum, chance) => sum + chance, 0));
  let [lower, upper, held] = [index, index, at(index)];
  while (held < wanted && (lower > from || upper < to)) {
    const [left, right] = [at(lower - 1), at(upper + 1)];
    if (left > right) lower -= 1;
    else upper += 1;
    held += Math.max(left, right);
  }
  return { index, lower, upper, expectedChanges: held };
}

/**
 * P(at least one change with index in [from, to] | series), exactly.
 *
 * @param params - model with its prior, and hazard
 * @param xs - 1 to 50,000 observations in order
 * @param window - first and last index; a change has the index of the first observation after it, at least 1
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, TOO_FEW
 * @remarks One minus the share of the evidence that is left when changes there are forbidden. O(n^2).
 * @see Fearnhead (2006), Statistics and Computing 16, 203-213.
 * @example
 * ```ts
 * const params = { model: { model: 'beta-bernoulli', a: 1, b: 1 }, hazard: { type: 'constant', lambda: 10 } } as const;
 * changeWithin(params, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], { from: 5, to: 7 }) > 0.8; // => true
 * ```
 */
export function changeWithin(params: SegmentModel, xs: ArrayLike<number>, window: { readonly from: number; readonly to: number }): number {
  const { kernel, hazard, series } = prepared(params, xs);
  const from = integerIn(window.from, 1, Math.max(1, series.length - 1), 'from');
  const to = integerIn(window.to, from, Math.max(1, series.length - 1), 'to');
  const forward = { kernel, hazard, combine: 'sum', cutOff: 'last' } as const;
  const all = sweepSegments(series, forward).logTotal;
  const without = sweepSegments(series, { ...forward, forbidden: (i) => i >= from && i <= to }).logTotal;
  return Math.max(0, -Math.expm1(without - all));
}
