import type { Detector } from '../../detector.js';
import { finite, nonNegative, positive } from '../../stats/sample.js';

/** How a Page-Hinkley test watches. */
export interface PageHinkleyParams {
  /** What is taken off each deviation, in the unit of the observations. */
  readonly delta: number;
  /** Alarm when the statistic is above this, in the unit of the observations. */
  readonly threshold: number;
}

/** Count, running mean, the sum and its smallest value so far (null before any). */
export type PageHinkleyState = { readonly n: number; readonly mean: number; readonly sum: number; readonly least: number | null };

/** What one observation showed. */
export interface PageHinkleyOut {
  readonly statistic: number;
  readonly alarm: boolean;
}

/**
 * Page-Hinkley test for a rising mean, in its textbook form. For comparison with others' results: its figures depend on
 * the unit of the data and no threshold with a promise is known for it; {@link cusum} and {@link selfStartingCusum} have one.
 *
 * @param params - see {@link PageHinkleyParams}
 * @returns a detector of numbers; state of at most 120 bytes; after an alarm it starts again from nothing
 * @throws {@link InputError} BAD_PARAM; `step` throws NOT_FINITE
 * @remarks O(1). The running mean includes the observation judged.
 * @see Hinkley (1971), Biometrika 58, 509-523.
 * @example
 * ```ts
 * const outs = [...scan(pageHinkley({ delta: 0, threshold: 2 }), [0, 0, 3, 3])].map(({ out }) => out);
 * outs.map(({ alarm }) => alarm); // => [false, false, false, true]
 * ```
 */
export function pageHinkley({ delta, threshold }: PageHinkleyParams): Detector<number, PageHinkleyState, PageHinkleyOut> {
  nonNegative(delta, 'delta');
  positive(threshold, 'threshold');
  const init = (): PageHinkleyState => ({ n: 0, mean: 0, sum: 0, least: null });
  return {
    kind: 'page-hinkley',
    version: 1,
    params: { delta, threshold },
    init,
    step: (state, x) => {
      const n = state.n + 1;
      const mean = state.mean + (finite(x, 'x') - state.mean) / n + 0;
      const sum = finite(state.sum + (x - mean - delta), 'the sum of deviations') + 0;
      const least = Math.min(sum, state.least ?? sum);
      const statistic = sum - least;
      const alarm = statistic > threshold;
      return { state: alarm ? init() : { n, mean, sum, least }, out: { statistic, alarm } };
    },
  };
}
