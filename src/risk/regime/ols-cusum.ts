import { InputError } from '../../errors.js';
import { finite } from '../../stats/sample.js';

/** A fluctuation process with its largest excursion and that excursion's p-value. */
export interface OlsCusum {
  /** Partial sums of the residuals over sd sqrt(n): n + 1 values, 0 at both ends. */
  readonly process: Float64Array;
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * OLS-CUSUM test that a series has one mean throughout: partial sums of residuals, compared with a Brownian bridge.
 *
 * @param series - values in order, length at least 3, not all equal
 * @returns process, largest absolute value, and its p-value
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM where all values are equal
 * @remarks O(n). The p-value is the Brownian bridge's, good for large n; independent observations are assumed.
 * @see Ploberger & Kramer (1992), Econometrica 60, 271-285.
 * @example
 * ```ts
 * olsCusum([0, 1, 0, 1, 5, 6, 5, 6]).statistic.toFixed(3); // => '1.297'
 * ```
 */
export function olsCusum(series: ArrayLike<number>): OlsCusum {
  const n = series.length;
  if (n < 3) throw new InputError('TOO_FEW', `series must hold at least 3 values, got ${String(n)}`);
  const values = Float64Array.from(series, (x, i) => finite(x, `series[${String(i)}]`));
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  if (!(squares > 0) || values.every((x) => x === values[0])) throw new InputError('BAD_PARAM', 'series must not be constant: its spread is 0');
  const scale = Math.sqrt((squares / (n - 1)) * n);
  const process = new Float64Array(n + 1);
  let sum = 0;
  let statistic = 0;
  for (let i = 0; i < n; i += 1) {
    sum += values[i] as number - mean;
    process[i + 1] = i === n - 1 ? 0 : sum / scale;
    statistic = Math.max(statistic, Math.abs(process[i + 1] as number));
  }
  return { process, statistic, pValue: bridgeTail(statistic) };
}

/** P(sup |B| > x) for a Brownian bridge B. */
function bridgeTail(x: number): number {
  if (x < 0.3) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j += 1) {
    const term = Math.exp(-2 * j * j * x * x);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-18) break;
  }
  return Math.min(1, 2 * sum);
}
