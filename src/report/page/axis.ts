/** Calls side by side: `x` does not decrease. */
export interface Axis {
  readonly calls: Uint32Array;
  readonly x: Float64Array;
}

/** The part of an axis that is looked at. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Calls one after another, whatever the time between them. */
export function orderAxis(calls: Uint32Array): Axis {
  return { calls, x: Float64Array.from(calls, (_, i) => i) };
}

/** Calls by their times; those without one are left out. */
export function timeAxis(calls: Uint32Array, times: ArrayLike<number>): Axis {
  const timed = calls.filter((call) => !Number.isNaN(times[call] ?? NaN));
  const timeOf = (call: number): number => times[call] ?? 0;
  if (timed.some((call, i) => i > 0 && timeOf(call) < timeOf(timed[i - 1] ?? 0))) timed.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  return { calls: timed, x: Float64Array.from(timed, timeOf) };
}

/** The whole axis, with room for a call of its own at either end. */
export function wholeView({ x }: Axis): View {
  const [first, last] = [x[0] ?? 0, x[x.length - 1] ?? 0];
  const room = last > first ? Math.max((last - first) / 200, 0.5) : 0.5;
  return { from: first - room, to: last + room };
}

/** How many calls lie before `at`. */
export function countBefore(x: Float64Array, at: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A view within the whole axis, and not narrower than `least`. */
export function bounded(axis: Axis, { from, to }: View, least = 1): View {
  const whole = wholeView(axis);
  const span = Math.min(whole.to - whole.from, Math.max(to - from, least));
  const start = Math.min(Math.max(from, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** A view `factor` times as wide, with `at` staying where it is. */
export function zoomed(axis: Axis, { from, to }: View, factor: number, at: number): View {
  const anchor = Math.min(Math.max(at, from), to);
  return bounded(axis, { from: anchor - (anchor - from) * factor, to: anchor + (to - anchor) * factor });
}

/** A view that shows `at`: the same one where it does already. */
export function showing(axis: Axis, view: View, at: number): View {
  const span = view.to - view.from;
  if (at < view.from + span * 0.02) return bounded(axis, { from: at - span * 0.1, to: at + span * 0.9 });
  if (at > view.to - span * 0.02) return bounded(axis, { from: at - span * 0.9, to: at + span * 0.1 });
  return view;
}

/** Place on the axis of the call nearest to `at`; -1 where there is none. */
export function nearestPlace({ x }: Axis, at: number): number {
  const after = countBefore(x, at);
  if (after === 0) return x.length === 0 ? -1 : 0;
  if (after === x.length) return after - 1;
  return at - (x[after - 1] ?? 0) <= (x[after] ?? 0) - at ? after - 1 : after;
}

/** The next place from `place` in a direction whose call has one of the bits; -1 where there is none. */
export function nextMarked({ calls }: Axis, place: number, direction: 1 | -1, has: (call: number) => boolean): number {
  for (let at = place + direction; at >= 0 && at < calls.length; at += direction) if (has(calls[at] ?? 0)) return at;
  return -1;
}
