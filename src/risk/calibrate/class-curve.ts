import { InputError } from '../../errors.js';
import { radixSort } from '../../stats/radix-sort.js';
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

/** The distinct scores of both classes, ascending. */
export function distinctScores({ ascending: a }: ClassCurve, { ascending: b }: ClassCurve): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return radixSort(all).filter((x, i) => i === 0 || x !== all[i - 1]);
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
  const sums = weights === null ? countedAlike(scores) : weighted(scores, weights);
  const { ascending, total, largestWeight, scoredWeight, under } = sums;
  const infinite = [ascending[0] ?? 0, ascending.at(-1) ?? 0].find((x) => !Number.isFinite(x));
  if (infinite !== undefined) throw new InputError('NOT_FINITE', `scores must be finite or NaN, got ${String(infinite)}`);
  return {
    n,
    unscored: n - ascending.length,
    total,
    largestWeight,
    ascending,
    below: (threshold) => total - scoredWeight + under(countBelow(ascending, threshold)),
    flagged: (threshold) => scoredWeight - under(countBelow(ascending, threshold)),
  };
}

/** Scores in order and what they weigh; `under(k)` is the weight of the k lowest. */
interface Sums extends Pick<ClassCurve, 'ascending' | 'total' | 'largestWeight'> {
  readonly scoredWeight: number;
  readonly under: (count: number) => number;
}

function countedAlike(scores: ArrayLike<number>): Sums {
  const ascending = radixSort(Float64Array.from(scores).filter((x) => !Number.isNaN(x)));
  return { ascending, total: scores.length, largestWeight: Math.min(1, scores.length), scoredWeight: ascending.length, under: (count) => count };
}

function weighted(scores: ArrayLike<number>, weights: ArrayLike<number>): Sums {
  const scored: (readonly [number, number])[] = [];
  let [total, largestWeight] = [0, 0];
  for (let i = 0; i < scores.length; i += 1) {
    const [score, weight] = [scores[i] ?? NaN, positive(weights[i] ?? NaN, 'a weight')];
    total += weight;
    largestWeight = Math.max(largestWeight, weight);
    if (!Number.isNaN(score)) scored.push([score, weight]);
  }
  scored.sort((a, b) => a[0] - b[0]);
  const upTo = new Float64Array(scored.length + 1);
  for (const [i, [, weight]] of scored.entries()) upTo[i + 1] = (upTo[i] ?? 0) + weight;
  return { ascending: Float64Array.from(scored, ([score]) => score), total, largestWeight, scoredWeight: upTo[scored.length] ?? 0, under: (count) => upTo[count] ?? 0 };
}
