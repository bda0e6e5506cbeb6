import { insideUnit, unit } from './sample.js';

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

/**
 * The level at which Holm's procedure rejects each test, the other p-values being what they are: alpha divided by the
 * number of tests that are not rejected without this one's help.
 *
 * @param pValues - in [0, 1], any order
 * @param alpha - in (0, 1)
 * @returns one level a test: up to rounding, {@link holm} rejects its p-value exactly if it is at most that, whatever it is
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(n log n).
 * @see Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
 * @example
 * ```ts
 * holmLevels([0.5, 0.01], 0.05); // => [0.05, 0.025]
 * ```
 */
export function holmLevels(pValues: readonly number[], alpha: number): number[] {
  insideUnit(alpha, 'alpha');
  const n = pValues.length;
  const order = pValues.map((p, i) => [unit(p, 'a p-value'), i] as const).sort((a, b) => a[0] - b[0]);
  const levels = new Array<number>(n).fill(alpha);
  let rejected = 0;
  while (rejected < n && (order[rejected]?.[0] ?? 1) * (n - rejected) <= alpha) rejected += 1;
  // Without a rejected test those after it are each judged one place earlier; `end` is the first of them to fail there.
  let end = n;
  for (let rank = n - 1; rank >= 0; rank -= 1) {
    const [p, i] = order[rank] ?? [1, rank];
    const others = rank < rejected ? end - 1 : rejected;
    levels[i] = alpha / (n - others);
    if (p * (n - rank + 1) > alpha) end = rank;
  }
  return levels;
}

/** The number that decimals were written for: its fifteenth digit is the last that a few operations keep. */
const rounded = (x: number): number => Number(x.toPrecision(15));

/** The step-up procedures' adjusted p-values: the least over this rank and those behind it of p m `factor` / rank. */
function stepUp(pValues: readonly number[], factor: number): number[] {
  const m = pValues.length;
  const order = pValues.map((p, i) => [unit(p, 'a p-value'), i] as const).sort((a, b) => b[0] - a[0]);
  const adjusted = new Array<number>(m).fill(1);
  let least = 1;
  for (const [behind, [p, i]] of order.entries()) {
    // Never below p itself, which rounding could make it.
    least = Math.min(least, Math.max(p, rounded((p * m * factor) / (m - behind))));
    adjusted[i] = least;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's adjusted p-values: rejecting those at most alpha keeps the expected share of false ones
 * among the rejections (the false discovery rate) at most alpha.
 *
 * @param pValues - in [0, 1], any order
 * @returns adjusted p-values, in the order given
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: FDR <= alpha. Assumption: independent p-values, or positively dependent ones (PRDS) such as
 * conformal p-values judged against one calibration set; otherwise see {@link benjaminiYekutieli}. An expectation: of
 * one family's rejections any share may be false. O(n log n).
 * @see Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300; Bates et al. (2023),
 * Annals of Statistics 51, 149-178 (conformal p-values).
 * @example
 * ```ts
 * benjaminiHochberg([0.5, 0.01, 0.02]); // => [0.5, 0.03, 0.03]
 * ```
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  return stepUp(pValues, 1);
}

/**
 * Benjamini and Yekutieli's adjusted p-values: as {@link benjaminiHochberg}, however the tests depend on each other.
 *
 * @param pValues - in [0, 1], any order
 * @returns adjusted p-values, in the order given
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: FDR <= alpha, without assumption. The price is the factor 1 + 1/2 + ... + 1/m. O(n log n).
 * @see Benjamini & Yekutieli (2001), Annals of Statistics 29, 1165-1188.
 * @example
 * ```ts
 * benjaminiYekutieli([0.5, 0.01]); // => [0.75, 0.03]
 * ```
 */
export function benjaminiYekutieli(pValues: readonly number[]): number[] {
  return stepUp(pValues, pValues.reduce((sum, _, i) => sum + 1 / (i + 1), 0));
}
