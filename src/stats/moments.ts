import { InputError } from '../errors.js';
import { ascending, finite } from './sample.js';
import { median } from './robust.js';

/** Mean of at least one finite value, as it is updated: no sum that could overflow. */
function runningMean(values: ArrayLike<number>, from: number, to: number): number {
  let mean = 0;
  for (let i = from; i < to; i += 1) {
    const x = values[i] ?? NaN;
    mean += x / (i - from + 1) - mean / (i - from + 1);
  }
  return mean;
}

/**
 * Sample standard deviation, with n - 1.
 *
 * @param values - at least two, finite
 * @returns in units of `values`
 * @throws {@link InputError} TOO_FEW, NOT_FINITE
 * @remarks Two passes, deviations scaled by the largest, so that neither squares nor sums overflow. One wild value
 * makes it as large as you like: {@link medianAbsoluteDeviation} or {@link qn} where that may happen.
 * @see Chan, Golub & LeVeque (1983), The American Statistician 37, 242-247.
 * @example
 * ```ts
 * standardDeviation([1, 2, 3]); // => 1
 * ```
 */
export function standardDeviation(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) throw new InputError('TOO_FEW', `values must hold at least two values, got ${String(n)}`);
  for (let i = 0; i < n; i += 1) finite(values[i] ?? NaN, `values[${String(i)}]`);
  const mean = runningMean(values, 0, n);
  let largest = 0;
  for (let i = 0; i < n; i += 1) largest = Math.max(largest, Math.abs((values[i] ?? NaN) - mean));
  if (largest === 0) return 0;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i += 1) {
    const deviation = ((values[i] ?? NaN) - mean) / largest;
    squares += deviation * deviation;
    rest += deviation;
  }
  // What rounding left of the mean is taken out again.
  return largest * Math.sqrt(Math.max(0, squares - (rest * rest) / n) / (n - 1));
}

/**
 * Mean of what is left when a share of the values is cut off at either end.
 *
 * @param values - at least one, any order, finite
 * @param trim - share cut off at each end, in [0, 0.5]: floor(n trim) values; at 0.5 the median
 * @returns in units of `values`
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @see Tukey & McLaughlin (1963), Sankhya A 25, 331-352.
 * @example
 * ```ts
 * trimmedMean([1, 2, 3, 4, 1000], 0.2); // => 3
 * ```
 */
export function trimmedMean(values: ArrayLike<number>, trim: number): number {
  if (!(trim >= 0 && trim <= 0.5)) throw new InputError('BAD_PARAM', `trim must be in [0, 0.5], got ${String(trim)}`);
  if (trim === 0.5) return median(values);
  const x = ascending(values, 'values');
  const cut = Math.floor(x.length * trim);
  return runningMean(x, cut, x.length - cut);
}
