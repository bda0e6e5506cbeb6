import type { Detector } from '../../detector.js';
import { decimalOf } from '../../stats/decimal.js';
import { finite, insideUnit, integerIn, positive } from '../../stats/sample.js';

/** Settings of adaptive conformal inference. */
export interface AciParams {
  /** Share of scores that should exceed the threshold, in (0, 1). */
  readonly alpha: number;
  /** How much one error moves the level, > 0; 0.005 to 0.02 is usual. */
  readonly gamma: number;
  /** How many of the latest scores are kept for calibration, integer >= 1. */
  readonly window: number;
  /** How many scores are only learned at the start. Default 0. */
  readonly burnIn?: number;
}

/** State of adaptive conformal inference: two copies of the window, and three counts. */
export type AciState = {
  readonly seen: number;
  readonly judged: number;
  readonly errors: number;
  /** The calibration scores, oldest first. */
  readonly recent: readonly number[];
  /** The same, smallest first. */
  readonly order: readonly number[];
};

/** One step of adaptive conformal inference. */
export interface AciStep {
  /** The threshold this score met; may be infinite. Null while scores are only learned. */
  readonly threshold: number | null;
  /** The level it was set at, in units of alpha; may leave [0, 1]. */
  readonly alpha: number;
  /** Whether the score exceeded it; null while scores are only learned. */
  readonly error: 0 | 1 | null;
  /** The level for the next score. */
  readonly nextAlpha: number;
}

/** The level alpha + gamma (judged alpha - errors), as a fraction: exact, so that a rank at an integer is that integer. */
interface Level {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function levels(alpha: number, gamma: number): (state: AciState) => Level {
  const [a, g] = [decimalOf(alpha), decimalOf(gamma)];
  return ({ judged, errors }) => ({
    numerator: a.numerator * g.denominator + g.numerator * (BigInt(judged) * a.numerator - BigInt(errors) * a.denominator),
    denominator: a.denominator * g.denominator,
  });
}

const asNumber = ({ numerator, denominator }: Level): number => Number(numerator) / Number(denominator) + 0;

function thresholdOf(order: readonly number[], { numerator, denominator }: Level): number {
  if (numerator <= 0n) return Infinity;
  if (numerator >= denominator) return -Infinity;
  const rank = order.length + 1 - Number((BigInt(order.length + 1) * numerator) / denominator);
  return order[rank - 1] ?? Infinity;
}

/** Where `x` goes among ascending values. */
function placeOf(order: readonly number[], x: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((order[mid] ?? NaN) < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

function learned(state: AciState, x: number, window: number): Pick<AciState, 'recent' | 'order'> {
  const [recent, order] = [[...state.recent, x], [...state.order]];
  order.splice(placeOf(order, x), 0, x);
  if (recent.length > window) order.splice(placeOf(order, recent.shift() ?? NaN), 1);
  return { recent, order };
}

/**
 * Adaptive conformal inference: a split-conformal threshold over the latest scores, at a level that falls by
 * gamma (1 - alpha) after an error and rises by gamma alpha after none.
 *
 * @param params - alpha, gamma, window, burnIn
 * @returns a detector of scores whose output is a threshold and no alarm
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE for a parameter or for a score that is not finite
 * @remarks Guarantee: |share of errors among T - alpha| <= (max(alpha, 1 - alpha) + gamma) / (gamma T) on *every*
 * sequence ({@link aciErrorBound}). It is bought with thresholds at Infinity, where the level is at or below 0 or the
 * scores are too few: 15 to 28 % of all steps at alpha = 0.01 on a mean that keeps switching (measured); count them.
 * Never an alarm, nor to be made one: after a change the level and the window follow the scores until errors are as rare
 * as before. The model swallows the change; see {@link conformalDrift}. A {@link quantileTracker} has a bound of the
 * same kind and stores nothing. O(window) a step; the level is exact, however long the stream.
 * @see Gibbs & Candes (2021), Adaptive conformal inference under distribution shift, NeurIPS, proposition 4.1.
 * @example
 * ```ts
 * const steps = [...scan(aci({ alpha: 0.5, gamma: 0.25, window: 100, burnIn: 1 }), [3, 1, 5, 7])].map(({ out }) => out);
 * steps.map(({ threshold }) => threshold); // => [null, 3, 3, 3]
 * steps.map(({ nextAlpha }) => nextAlpha); // => [0.5, 0.625, 0.5, 0.375]
 * ```
 */
export function aci(params: AciParams): Detector<number, AciState, AciStep> {
  const alpha = insideUnit(params.alpha, 'alpha');
  const gamma = positive(params.gamma, 'gamma');
  const window = integerIn(params.window, 1, 2 ** 24, 'window');
  const burnIn = integerIn(params.burnIn ?? 0, 0, Number.MAX_SAFE_INTEGER, 'burnIn');
  const levelOf = levels(alpha, gamma);
  return {
    kind: 'aci',
    version: 1,
    params: { alpha, gamma, window, burnIn },
    init: () => ({ seen: 0, judged: 0, errors: 0, recent: [], order: [] }),
    step(state, score) {
      const x = finite(score, `score ${String(state.seen)}`) + 0;
      const level = levelOf(state);
      const judging = state.seen >= burnIn;
      const threshold = judging ? thresholdOf(state.order, level) : null;
      const error = threshold === null ? null : x > threshold ? 1 : 0;
      const next = {
        seen: state.seen + 1,
        judged: state.judged + (judging ? 1 : 0),
        errors: state.errors + (error ?? 0),
        ...learned(state, x, window),
      };
      return { state: next, out: { threshold, alpha: asNumber(level), error, nextAlpha: asNumber(levelOf(next)) } };
    },
  };
}

/**
 * How far the share of errors of {@link aci} can be from alpha: (max(alpha, 1 - alpha) + gamma) / (gamma T).
 *
 * @param params - alpha, gamma, and steps judged, T >= 1
 * @returns a bound that holds on every sequence; above 1 it says nothing
 * @throws {@link InputError} BAD_PARAM
 * @see Gibbs & Candes (2021), NeurIPS, proposition 4.1.
 * @example
 * ```ts
 * aciErrorBound({ alpha: 0.2, gamma: 0.05, steps: 400 }).toFixed(4); // => '0.0425'
 * ```
 */
export function aciErrorBound({ alpha, gamma, steps }: { readonly alpha: number; readonly gamma: number; readonly steps: number }): number {
  insideUnit(alpha, 'alpha');
  positive(gamma, 'gamma');
  return (Math.max(alpha, 1 - alpha) + gamma) / (gamma * integerIn(steps, 1, Number.MAX_SAFE_INTEGER, 'steps'));
}
