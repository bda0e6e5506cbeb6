import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { finite, insideUnit, integerIn, nonNegative, positive } from '../../stats/sample.js';

/** Settings of a quantile tracker. */
export interface QuantileTrackerParams {
  /** Share of scores that should exceed the threshold, in (0, 1). */
  readonly alpha: number;
  /** Step size, in units of the scores, > 0: a twentieth of their spread is a start. */
  readonly eta: number;
  /** First threshold. Default 0. */
  readonly start?: number;
}

/** Two counts: the threshold is start + eta (errors - alpha seen), so that rounding does not add up. */
export type QuantileTrackerState = { readonly seen: number; readonly errors: number };

/** One step of a threshold tracker. */
export interface QuantileTrackerStep {
  /** The threshold this score met; learned from those before it. */
  readonly threshold: number;
  /** Whether the score exceeded it. */
  readonly error: 0 | 1;
  /** The threshold the next score will meet. */
  readonly next: number;
}

/**
 * Tracks the threshold that a share `alpha` of the scores exceeds: up by eta (1 - alpha) after a score above it, down by
 * eta alpha after any other.
 *
 * @param params - alpha, eta, start
 * @returns a detector of scores whose output is a threshold and no alarm
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE for a parameter or for a score that is NaN
 * @remarks Guarantee: for scores in [0, B] and a start in there, |share of errors among T - alpha| <= (B + eta) / (eta T),
 * on *every* sequence, whatever made it ({@link trackerErrorBound}). Never an alarm, nor to be made one: after a change
 * the threshold follows the scores until errors are as rare as before. The model swallows the change. Its error rate
 * says nothing; what tells is a detector on p-values against an approved set that does not adapt
 * ({@link conformalDrift}). O(1), no stored scores.
 * @see Angelopoulos, Candes & Tibshirani (2023), Conformal PID control for time series prediction, NeurIPS; Gibbs &
 * Candes (2021), NeurIPS.
 * @example
 * ```ts
 * const tracker = quantileTracker({ alpha: 0.25, eta: 2 });
 * [...scan(tracker, [1, 1, 9])].map(({ out }) => out.next); // => [1.5, 1, 2.5]
 * ```
 */
export function quantileTracker(params: QuantileTrackerParams): Detector<number, QuantileTrackerState, QuantileTrackerStep> {
  const alpha = insideUnit(params.alpha, 'alpha');
  const eta = positive(params.eta, 'eta');
  const start = finite(params.start ?? 0, 'start') + 0;
  const thresholdAt = ({ seen, errors }: QuantileTrackerState): number => start + eta * (errors - alpha * seen);
  return {
    kind: 'quantile-tracker',
    version: 1,
    params: { alpha, eta, start },
    init: () => ({ seen: 0, errors: 0 }),
    step(state, score) {
      if (Number.isNaN(score)) throw new InputError('NOT_FINITE', `score ${String(state.seen)} must not be NaN`);
      const threshold = thresholdAt(state);
      const error = score > threshold ? 1 : 0;
      const next = { seen: state.seen + 1, errors: state.errors + error };
      return { state: next, out: { threshold, error, next: thresholdAt(next) } };
    },
  };
}

/**
 * How far the share of errors of a {@link quantileTracker} can be from alpha: (B + eta) / (eta T).
 *
 * @param params - eta; largest: B, scores and start lying in [0, B]; steps: T >= 1
 * @returns a bound that holds on every sequence; above 1 it says nothing
 * @throws {@link InputError} BAD_PARAM
 * @example
 * ```ts
 * trackerErrorBound({ eta: 0.5, largest: 2, steps: 100 }); // => 0.05
 * ```
 */
export function trackerErrorBound({ eta, largest, steps }: { readonly eta: number; readonly largest: number; readonly steps: number }): number {
  positive(eta, 'eta');
  return (nonNegative(largest, 'largest') + eta) / (eta * integerIn(steps, 1, Number.MAX_SAFE_INTEGER, 'steps'));
}
