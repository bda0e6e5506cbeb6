import { InputError } from '../../errors.js';
import { random } from '../../stats/random.js';
import { insideUnit } from '../../stats/sample.js';
import { callsAt, knownTimes, type Calls } from './calls.js';

/** How calls are parted into those a threshold is chosen on and those it is confirmed on. */
export interface SplitPlan {
  /** `time`: the earlier calls choose, the later confirm. `session`: whole sessions drawn at random choose. `none`: all choose. */
  readonly by: 'time' | 'session' | 'none';
  /** Share of the calls that choose, in (0, 1). Default 0.5. */
  readonly share?: number;
  /** Seed of the draw of sessions. Default 1. */
  readonly seed?: number;
}

/** The two parts; `confirming` is null where nothing was held out. */
export interface SplitCalls {
  readonly choosing: Calls;
  readonly confirming: Calls | null;
}

/** Positions of each session's calls; where sessions are not known every call is its own. */
function unitsOf({ sessions, scores }: Calls): number[][] {
  if (sessions === null) return Array.from(scores.keys(), (i) => [i]);
  const units = new Map<number, number[]>();
  sessions.forEach((session, i) => {
    const unit = units.get(session);
    if (unit === undefined) units.set(session, [i]);
    else unit.push(i);
  });
  return [...units.values()];
}

/** Units with the same key stay together, so that a cut never falls between calls of one time. */
function byTime(calls: Calls): number[][] {
  const times = knownTimes(calls);
  const startOf = (unit: readonly number[]): number => unit.reduce((first, i) => Math.min(first, times[i] ?? Infinity), Infinity);
  const groups = new Map<number, number[]>();
  for (const unit of unitsOf(calls)) {
    const start = startOf(unit);
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [...unit]);
    else for (const i of unit) group.push(i);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const source = random(seed);
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = source.integer(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/**
 * Parts labelled calls into those that choose a threshold and those that confirm it. A session is never torn apart: its
 * calls are alike, and a threshold confirmed on the session it was chosen on has not been confirmed.
 *
 * @param calls - labelled calls
 * @param plan - see {@link SplitPlan}
 * @returns both parts; the first holds the smallest number of whole sessions that reaches the share
 * @throws {@link InputError} BAD_PARAM (no session known, share), TOO_FEW (fewer than two sessions or times),
 * UNSAFE_INTEGER (an unknown time)
 * @remarks By time a session goes where its first call goes, so calls of a long one may be later than the first that
 * confirm.
 */
export function splitCalls(calls: Calls, { by, share = 0.5, seed = 1 }: SplitPlan): SplitCalls {
  insideUnit(share, 'share');
  if (by === 'none') return { choosing: calls, confirming: null };
  if (by === 'session' && calls.sessions === null) throw new InputError('BAD_PARAM', 'a split by session needs the session of every label: add the column session to the label file');
  const units = by === 'time' ? byTime(calls) : shuffled(unitsOf(calls), seed);
  if (units.length < 2) throw new InputError('TOO_FEW', `a split by ${by} needs calls of at least two ${by === 'time' ? 'times' : 'sessions'}, got ${String(units.length)}`);
  const cut = cutAt(units, share * calls.scores.length);
  const positions = (part: readonly number[][]): number[] => part.flat().sort((a, b) => a - b);
  return { choosing: callsAt(calls, positions(units.slice(0, cut))), confirming: callsAt(calls, positions(units.slice(cut))) };
}

/** How many units it takes to reach so many calls, at least one left over. */
function cutAt(units: readonly number[][], wanted: number): number {
  let [taken, count] = [0, 0];
  while (count < units.length - 1 && taken < wanted) {
    taken += units[count]?.length ?? 0;
    count += 1;
  }
  return count;
}
