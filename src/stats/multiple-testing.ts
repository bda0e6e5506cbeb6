import { unit } from './sample.js';

/**
 * Holm's adjusted p-values: rejecting those at most alpha keeps the probability of any false rejection at most alpha,
 * however the tests depend on each other.
 *
 * @param pValues - in [0, 1], any order
 * @returns adjusted p-values, in the order given
 * @throws {@link InputError} BAD_PARAM
 * @see Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
 * @example
 * ```ts
 * holm([0.5, 0.01]); // => [0.5, 0.02]
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, i) => [unit(p, 'a p-value'), i] as const).sort((a, b) => a[0] - b[0]);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, [p, i]] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}
