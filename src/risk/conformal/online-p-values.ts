import type { Random } from '../../stats/random.js';
import { countIndex } from '../../stats/count-index.js';
import { ascendingScores } from './split.js';

/**
 * Online conformal p-values: each score's smoothed p-value among the scores up to it, itself included.
 *
 * @param scores - in the order of time; larger means stranger. May be infinite
 * @param source - one draw a score smooths the ties, that of a score with itself among them
 * @returns p-values in (0, 1], one a score: (scores above it + u (scores equal to it, itself included)) / scores so far
 * @throws {@link InputError} NOT_FINITE for a NaN
 * @remarks Guarantee: independent and uniform on (0, 1], exactly, if the scores are exchangeable. Assumption: the score
 * function was fixed without them. This is what {@link conformalMartingale} and {@link conformalDrift} ask for; it
 * takes the whole past, so it has no bounded state and is for traces at hand. O(n log n).
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, theorem 2.1 and section 7.1.
 * @example
 * ```ts
 * const p = onlinePValues([1, 2, 3, 0], { ...random(1), uniform: () => 0.5 });
 * [...p]; // => [0.5, 0.25, 0.16666666666666666, 0.875]
 * ```
 */
export function onlinePValues(scores: ArrayLike<number>, source: Random): Float64Array {
  const { distinct, rank } = countIndex(ascendingScores(scores));
  // A Fenwick tree: cell i counts the scores so far among the distinct values i - (i & -i) .. i - 1.
  const tree = new Uint32Array(distinct.length + 1);
  const upTo = (count: number): number => {
    let sum = 0;
    for (let i = count; i > 0; i -= i & -i) sum += tree[i] as number;
    return sum;
  };
  return Float64Array.from(scores, (score, t) => {
    const place = rank(score);
    const before = upTo(place);
    for (let i = place + 1; i < tree.length; i += i & -i) tree[i] = (tree[i] as number) + 1;
    const notAbove = upTo(place + 1);
    return (t + 1 - notAbove + (1 - source.uniform()) * (notAbove - before)) / (t + 1);
  });
}
