import { logBetaTail } from './beta.js';
import { ascending, unit } from './sample.js';

/**
 * Harrell and Davis's quantile: all order statistics, weighted by how likely each is to be the quantile of a sample
 * drawn again.
 *
 * @param values - at least one, any order, finite
 * @param p - probability in [0, 1]; 0 gives the smallest value, 1 the largest
 * @returns the quantile, in units of `values`
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @remarks Smoother than {@link quantile} at small n, but every value has weight: one wild value moves it, most of all
 * in the far tail. n evaluations of the incomplete beta function.
 * @see Harrell & Davis (1982), Biometrika 69, 635-640.
 * @example
 * ```ts
 * harrellDavis([1, 2, 3], 0.5).toFixed(12); // => '2.000000000000'
 * ```
 */
export function harrellDavis(values: ArrayLike<number>, p: number): number {
  const x = ascending(values, 'values');
  const n = x.length;
  unit(p, 'p');
  if (p === 0) return x[0] ?? NaN;
  if (p === 1) return x[n - 1] ?? NaN;
  const [a, b] = [(n + 1) * p, (n + 1) * (1 - p)];
  let result = 0;
  let below = 0;
  for (let i = 1; i <= n; i += 1) {
    const upTo = Math.exp(logBetaTail(a, b, i / n, (n - i) / n));
    result += (upTo - below) * (x[i - 1] ?? NaN);
    below = upTo;
  }
  return result;
}
