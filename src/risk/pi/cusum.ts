import type { Detector } from '../../detector.js';
import { finite } from '../../stats/sample.js';
import { piInterval } from './interval.js';

/** Settings of the host's CUSUM, both in its standard deviations. */
export interface PiCusumParams {
  /** Allowance taken from every step. */
  readonly k: number;
  /** Decision limit; an alarm is a sum strictly above it. */
  readonly h: number;
}

/** State of the host's CUSUM. A type, not an interface, so that it counts as JSON. */
export type PiCusumState = {
  /** Grows when intervals are shorter than the baseline's. */
  readonly high: number;
  /** Grows when intervals are longer. */
  readonly low: number;
  /** Mean of the first three intervals, in milliseconds. */
  readonly mean: number;
  /** Their standard deviation, at least 1 ms; while they are collected, their sum of squared deviations. */
  readonly sigma: number;
  /** Intervals in the baseline, 0 to 3. */
  readonly n: number;
  readonly ready: boolean;
  readonly alarmCount: number;
};

const START: PiCusumState = { high: 0, low: 0, mean: 0, sigma: 1, n: 0, ready: false, alarmCount: 0 };
const BASELINE_SIZE = 3;

/** Welford's update; the third interval closes the baseline for good. */
function collect(state: PiCusumState, x: number): PiCusumState {
  const n = state.n + 1;
  const d = x - state.mean;
  const mean = state.mean + d / n;
  const squares = n === 1 ? 0 : state.sigma + d * (x - mean);
  const ready = n === BASELINE_SIZE;
  return { ...state, n, mean, ready, sigma: ready ? Math.max(Math.sqrt(squares / (n - 1)), 1) : squares };
}

function judge(state: PiCusumState, x: number, { k, h }: PiCusumParams): { readonly state: PiCusumState; readonly out: boolean } {
  const z = (x - state.mean) / state.sigma;
  const high = Math.max(state.high + (-z - k), 0);
  const low = Math.max(state.low + (z - k), 0);
  const alarm = high > h || low > h;
  return alarm
    ? { state: { ...state, high: 0, low: 0, alarmCount: state.alarmCount + 1 }, out: true }
    : { state: { ...state, high, low }, out: false };
}

/**
 * The host's own CUSUM of intervals, quirks and all. For replaying what the host did, not for detecting: its
 * baseline is three intervals and its floor of 1 ms makes it blind to streams measured in seconds.
 *
 * @param params - the host's `k` and `h`; its tiers are in {@link PI_REGIME_TIERS}
 * @returns a detector of intervals in milliseconds; it says whether it alarmed
 * @throws {@link InputError} NOT_FINITE for a parameter; on a step NOT_FINITE, BAD_PARAM for an interval beyond 1e150
 * @remarks No guarantee: with k = 0.5 and h = 4 it alarms in 91 % of clean Gaussian streams of 1000. O(1) a step.
 * @see Page (1954), Biometrika 41, 100-115, for the method it departs from.
 * @example
 * ```ts
 * const intervals = [100, 104, 96, 120, 130];
 * [...scan(piCusum({ k: 0.5, h: 4 }), intervals)].map(({ out }) => out); // => [false, false, false, true, true]
 * ```
 */
export function piCusum(params: PiCusumParams): Detector<number, PiCusumState, boolean> {
  const checked = { k: finite(params.k, 'k'), h: finite(params.h, 'h') };
  return {
    kind: 'pi-cusum',
    version: 1,
    params: checked,
    init: () => START,
    step(state, interval) {
      const x = piInterval(interval);
      return state.ready ? judge(state, x, checked) : { state: collect(state, x), out: false };
    },
  };
}
