import { finite, positive } from '../../stats/sample.js';

/** Approximate mean run lengths of a Gaussian scheme with one side and with both. */
export interface ApproximateArl {
  readonly one: number;
  readonly two: number;
}

/**
 * Siegmund's closed form for the mean run length of a Gaussian CUSUM. An approximation, for comparison with results that
 * used it: {@link designCusum} computes the exact value.
 *
 * @param k - what is taken off each standardised observation, half the shift to find, finite
 * @param h - threshold in sd, > 0
 * @param mean - mean of the observations in sd, finite; 0 while nothing has changed
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Off by less than 1 % for k to 0.5, by 5 to 8 % at k = 1.
 * @see Siegmund (1985), Sequential Analysis, 2.6.
 * @example
 * ```ts
 * siegmundArl(0.5, 4, 0).one.toFixed(2); // => '338.09'
 * ```
 */
export function siegmundArl(k: number, h: number, mean: number): ApproximateArl {
  finite(k, 'k');
  finite(mean, 'mean');
  const b = positive(h, 'h') + 1.166;
  const side = (drift: number): number => {
    const x = 2 * drift * b;
    // exp(-x) + x - 1 loses its digits next to x = 0, where it is x^2 / 2 (1 - x / 3 + ...).
    const gain = Math.abs(x) < 1e-4 ? (x * x * (0.5 - x / 6 + (x * x) / 24)) : Math.expm1(-x) + x;
    return drift === 0 ? b * b : gain / (2 * drift * drift);
  };
  const [up, down] = [side(mean - k), side(-mean - k)];
  return { one: up, two: 1 / (1 / up + 1 / down) };
}
