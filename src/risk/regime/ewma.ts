import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { finite, positive } from '../../stats/sample.js';

/** How an exponentially weighted moving average watches. */
export interface EwmaParams {
  /** Mean and standard deviation of the approved regime. */
  readonly mean: number;
  readonly sd: number;
  /** Weight of the newest observation, in (0, 1]. */
  readonly weight: number;
  /** Half-width of the limits in sd of the average. */
  readonly limit: number;
  /** Where the average starts; `mean` where left out. */
  readonly start?: number;
}

/** The average, and how many observations it has seen. */
export type EwmaState = { readonly seen: number; readonly average: number };

/** What one observation showed. */
export interface EwmaOut {
  readonly average: number;
  /** Whether the average is further from the mean than the limit for this many observations. */
  readonly alarm: boolean;
}

/**
 * Exponentially weighted moving average with limits that grow with what it has seen. A smooth statistic to look at; it
 * detects much as a CUSUM does, and is here for comparison.
 *
 * @param params - see {@link EwmaParams}
 * @returns a detector of numbers; state of at most 100 bytes. An alarm changes nothing in the state
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; `step` throws NOT_FINITE
 * @remarks O(1). Limits: limit sd sqrt(weight / (2 - weight) (1 - (1 - weight)^(2 t))), exact for independent data.
 * @see Roberts (1959), Technometrics 1, 239-250; Lucas & Saccucci (1990), Technometrics 32, 1-12.
 * @example
 * ```ts
 * const outs = [...scan(ewma({ mean: 0, sd: 1, weight: 0.5, limit: 3 }), [1, 5])].map(({ out }) => out);
 * outs; // => [{ average: 0.5, alarm: false }, { average: 2.75, alarm: true }]
 * ```
 */
export function ewma({ mean, sd, weight, limit, start = mean }: EwmaParams): Detector<number, EwmaState, EwmaOut> {
  finite(mean, 'mean');
  finite(start, 'start');
  positive(sd, 'sd');
  positive(limit, 'limit');
  if (!(weight > 0 && weight <= 1)) throw new InputError('BAD_PARAM', `weight must be in (0, 1], got ${String(weight)}`);
  return {
    kind: 'ewma',
    version: 1,
    params: { mean, sd, weight, limit, start },
    init: () => ({ seen: 0, average: start + 0 }),
    step: (state, x) => {
      const average = (1 - weight) * state.average + weight * finite(x, 'x') + 0;
      const seen = state.seen + 1;
      const spread = sd * Math.sqrt((weight / (2 - weight)) * -Math.expm1(2 * seen * Math.log1p(-weight)));
      return { state: { seen, average }, out: { average, alarm: Math.abs(average - mean) > limit * spread } };
    },
  };
}
