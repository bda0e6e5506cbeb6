import { InputError } from '../../errors.js';
import { positive } from '../../stats/sample.js';

/** How many labelled calls of one class, or how much weight of them, lie below and above a threshold. */
export interface ClassCurve {
  /** Labelled calls of the class, with a score or without. */
  readonly n: number;
  /** Calls without a score: below every threshold. */
  readonly unscored: number;
  /** Sum of the weights; `n` where calls are not weighted. */
  readonly total: number;
  /** Largest weight; 1 where calls are not weighted, 0 for a class without calls. */
  readonly largestWeight: number;
  /** Scores in ascending order, repeats kept. */
  readonly ascending: Float64Array;
  /** Weight of calls that a threshold does not flag, those without a score among them. */
  readonly below: (threshold: number) => number;
  /** Weight of calls that a threshold flags. */
  readonly flagged: (threshold: number) => number;
}

/** How many of `ascending` are below `x`. */
export function countBelow(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? NaN) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The distinct values of ascending ones. */
export function distinctOf(ascending: Float64Array): Float64Array {
  return ascending.filter((x, i) => i === 0 || x !== ascending[i - 1]);
}

/**
 * Sorts the calls of one class once, so that any threshold is judged in O(log n).
 *
 * @param scores - one a call; NaN is no score
 * @param weights - one a call, finite and above 0; null counts every call once
 * @throws {@link InputError} BAD_PARAM (weights), NOT_FINITE (an infinite score)
 */
export function classCurve(scores: ArrayLike<number>, weights: ArrayLike<number> | null): ClassCurve {
  const n = scores.length;
  if (weights !== null && weights.length !== n) throw new InputError('BAD_PARAM', `weights must be one a score, got ${String(weights.length)} for ${String(n)}`);
  const weightOf = (i: number): number => (weights === null ? 1 : positive(weights[i] ?? NaN, 'a weight'));
  const scored: (readonly [number, number])[] = [];
  let [total, largestWeight] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const [score, weight] = [scores[i] ?? NaN, weightOf(i)];
    if (Math.abs(score) === Infinity) throw new InputError('NOT_FINITE', `scores must be finite or NaN, got ${String(score)}`);
    total += weight;
    largestWeight = Math.max(largestWeight, weight);
    if (!Number.isNaN(score)) scored.push([score, weight]);
  }
  scored.sort((a, b) => a[0] - b[0]);
  const upTo = new Float64Array(scored.length + 1);
  for (const [i, [, weight]] of scored.entries()) upTo[i + 1] = (upTo[i] ?? 0) + weight;
  const scoredWeight = upTo[scored.length] ?? 0;
  const ascending = Float64Array.from(scored, ([score]) => score);
  const under = (threshold: number): number => upTo[countBelow(ascending, threshold)] ?? 0;
  return {
    n,
    unscored: n - scored.length,
    total,
    largestWeight,
    ascending,
    below: (threshold) => total - scoredWeight + under(threshold),
    flagged: (threshold) => scoredWeight - under(threshold),
  };
}
