import { type CusumAlarm, type CusumDetector, type CusumSettings, type CusumState, started, watchedIncrement } from './cusum.js';
import { type CusumSide, checkObservation } from './cusum-family.js';

/** What a stretch of observations showed: its alarms in order, and the state to go on from. */
export interface CusumRun {
  readonly alarms: readonly CusumAlarm[];
  readonly state: CusumState;
}

/**
 * A CUSUM over a typed array at once: the alarms and the last state are those of the streaming form, bit for bit. Where
 * alarms latch, the one that stands is reported once, when it is raised.
 *
 * @param detector - from {@link cusum}
 * @param xs - observations
 * @param from - state to go on from; the start where left out
 * @returns alarms with indices counted from the stream's start, and the state after the last observation
 * @throws {@link InputError} as the detector's step, for the first observation that cannot be used
 * @remarks O(n), nothing allocated per observation.
 * @example
 * ```ts
 * const watch = cusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, threshold: 4 });
 * runCusum(watch, Float64Array.of(0.1, -0.2, 3, 2.5)).alarms; // => [{ side: 'up', index: 3, changeIndex: 2 }]
 * ```
 */
export function runCusum(detector: CusumDetector, xs: Float64Array, from: CusumState = detector.init()): CusumRun {
  const { settings } = detector;
  checkAll(settings, xs);
  const alarms: CusumAlarm[] = [];
  let state = from;
  let at = 0;
  while (at < xs.length && state.latched === null) {
    const next = untilAlarm(settings, xs, at, state);
    if (next.alarm) alarms.push(next.alarm);
    state = next.state;
    at = state.seen - from.seen;
  }
  return { alarms, state: { ...state, seen: from.seen + xs.length } };
}

/** A number times 0 is 0 unless it is not finite, so one sum tells for all of them. */
function checkAll({ family: { kind } }: CusumSettings, xs: Float64Array): void {
  let zero = 0;
  if (kind === 'gaussian') for (let i = 0; i < xs.length; i += 1) zero += (xs[i] as number) * 0;
  if (kind === 'gaussian' && zero === 0) return;
  for (const x of xs) checkObservation(kind, x);
}

/** Runs both sides to the first alarm or the end. */
function untilAlarm(settings: CusumSettings, xs: Float64Array, begin: number, state: CusumState): { readonly alarm: CusumAlarm | null; readonly state: CusumState } {
  const [u, d] = [watchedIncrement(settings, 'up'), watchedIncrement(settings, 'down')];
  const centre = u.centre === 0 ? d.centre : u.centre;
  const { slope: upSlope, intercept: upIntercept } = u;
  const { slope: downSlope, intercept: downIntercept } = d;
  const { up: upLimit, down: downLimit } = settings.threshold;
  const offset = state.seen - begin + 1;
  let { value: up } = state.up;
  let { value: down } = state.down;
  let upSince = state.up.since - offset;
  let downSince = state.down.since - offset;
  const n = xs.length;
  let i = begin;
  for (; i < n; i += 1) {
    const z = (xs[i] as number) - centre;
    up += z * upSlope + upIntercept;
    down += z * downSlope + downIntercept;
    if (!(up > 0)) { up = 0; upSince = i; }
    if (!(down > 0)) { down = 0; downSince = i; }
    if (up > upLimit || down > downLimit) break;
  }
  const sums = { up: { value: up, since: upSince + offset }, down: { value: down, since: downSince + offset } };
  if (i === n) return { alarm: null, state: { seen: n - 1 + offset, ...sums, latched: null } };
  return raise(settings, up > upLimit ? 'up' : 'down', { seen: i + offset, ...sums, latched: null });
}

function raise(settings: CusumSettings, side: CusumSide, state: CusumState): { readonly alarm: CusumAlarm; readonly state: CusumState } {
  const alarm = { side, index: state.seen - 1, changeIndex: state[side].since };
  return { alarm, state: settings.afterAlarm === 'latch' ? { ...state, latched: alarm } : started(settings, state.seen, settings.afterAlarm) };
}
