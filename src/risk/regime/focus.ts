import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { integerIn, numberOrNaN, positive } from '../../stats/sample.js';
import { focusMachine, freshWork, type FocusSides, type FocusWork } from './focus-machine.js';
import { glrModel, standardised, type GlrFamily } from './glr.js';

/** How a GLR detector watches. */
export interface FocusParams {
  readonly family: GlrFamily;
  /** Alarm when the log-likelihood ratio (not doubled) is above this, > 0; take it from {@link designFocus}. */
  readonly threshold: number;
  /** `both` where left out. */
  readonly sides?: FocusSides;
  /** Start afresh after an alarm, or stay alarmed; `reset` where left out. */
  readonly afterAlarm?: 'reset' | 'latch';
  /** Most starts remembered a side, at least 2; 200 where left out. */
  readonly maxCandidates?: number;
}

/** A GLR alarm. */
export type FocusAlarm = {
  /** Observation that raised it, from 0. */
  readonly index: number;
  /** First observation after the likeliest change, from 0. */
  readonly changeIndex: number;
  readonly statistic: number;
};

/** Starts that may be the likeliest, counted from the restart, and the sums since in standard units. */
export type FocusCandidates = { readonly starts: readonly number[]; readonly sums: readonly number[] };

/** State of a GLR detector; a few dozen numbers, at most 4 times `maxCandidates`. */
export type FocusState = {
  readonly seen: number;
  /** Observations since the last restart, their sum in standard units, and what those are counted from. */
  readonly count: number;
  readonly total: number;
  readonly centre: number | null;
  readonly above: FocusCandidates;
  /** Sums of negatives. */
  readonly below: FocusCandidates;
  /** Candidates dropped for want of room; above 0 the statistic is a lower bound. */
  readonly dropped: number;
  readonly latched: FocusAlarm | null;
};

/** What one observation showed. */
export interface FocusStep {
  readonly statistic: number;
  /** First observation after the likeliest change, from 0; null where there can be none yet. */
  readonly changeIndex: number | null;
  readonly alarm: FocusAlarm | null;
}

/** A GLR detector with a form for whole arrays; both give the same bits. */
export interface FocusDetector extends Detector<number, FocusState, FocusStep> {
  /** Runs over an array. `from` is not changed; default the start. */
  readonly bulk: (xs: Float64Array, from?: FocusState) => { readonly alarms: readonly FocusAlarm[]; readonly state: FocusState };
}

const copied = ({ starts, sums }: FocusCandidates): { starts: number[]; sums: number[] } => ({ starts: [...starts], sums: [...sums] });

function checked(params: FocusParams): Required<FocusParams> {
  const { family, threshold, sides = 'both', afterAlarm = 'reset', maxCandidates = 200 } = params;
  positive(threshold, 'threshold');
  integerIn(maxCandidates, 2, 1e6, 'maxCandidates');
  if (!['both', 'up', 'down'].includes(sides)) throw new InputError('BAD_PARAM', `sides must be both, up or down, got ${sides}`);
  if (!['reset', 'latch'].includes(afterAlarm)) throw new InputError('BAD_PARAM', `afterAlarm must be reset or latch, got ${afterAlarm}`);
  return { family, threshold, sides, afterAlarm, maxCandidates };
}

/**
 * Generalised likelihood ratio detector for a change of unknown size at an unknown time, by functional pruning
 * (FOCuS): at every observation the largest log-likelihood ratio over all starts and all sizes.
 *
 * @param params - family, threshold, sides, and what follows an alarm
 * @returns a detector of numbers with a bulk form
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE for a parameter, or for an observation the family does not know
 * @remarks Guarantee: the statistic is the maximum over every start, exactly, while no candidate was dropped. No bound on
 * false alarms of its own: take the threshold from {@link designFocus}. Assumption: independent observations, the law
 * before the change known (but for a `mean` of null). Expected O(log n) candidates and time a step on clean data, n
 * observations since the restart; never more than `maxCandidates` a side.
 * @see Romano, Eckley, Fearnhead & Rigaill (2023), Journal of Machine Learning Research 24(81), 1-36; Ward, Romano,
 * Eckley & Fearnhead (2024), Statistics and Computing 34, 99; Lorden (1971), Annals of Mathematical Statistics 42, 1897-1908.
 * @example
 * ```ts
 * const detector = focus({ family: { kind: 'gaussian', mean: 0, sd: 1 }, threshold: 5 });
 * const { alarms } = detector.bulk(Float64Array.of(0.2, -0.4, 2, 2, 2));
 * alarms; // => [{ index: 4, changeIndex: 2, statistic: 6 }]
 * ```
 */
export function focus(params: FocusParams): FocusDetector {
  const { threshold, sides, afterAlarm, maxCandidates, ...rest } = checked(params);
  const model = glrModel(rest.family);
  const machine = focusMachine(model, sides, maxCandidates);
  const init = (): FocusState => ({ seen: 0, ...freshWork(), centre: model.centre, latched: null });
  const run = (xs: Float64Array, state: FocusState): { alarms: FocusAlarm[]; state: FocusState; last: Omit<FocusStep, 'alarm'> } => {
    let work: FocusWork = { count: state.count, total: state.total, above: copied(state.above), below: copied(state.below), dropped: state.dropped };
    let { seen, centre, latched } = state;
    const alarms: FocusAlarm[] = [];
    let last: Omit<FocusStep, 'alarm'> = { statistic: 0, changeIndex: null };
    for (const x of xs) {
      const z = standardised(model, x, centre ?? x, seen);
      seen += 1;
      if (latched !== null) continue;
      centre ??= x + 0;
      const began = seen - 1 - work.count;
      const { statistic, start } = machine(work, z);
      last = { statistic, changeIndex: start === null ? null : began + start };
      if (!(statistic > threshold) || last.changeIndex === null) continue;
      const alarm = { index: seen - 1, changeIndex: last.changeIndex, statistic };
      alarms.push(alarm);
      if (afterAlarm === 'latch') latched = alarm;
      work = freshWork();
      centre = model.centre;
    }
    return { alarms, last, state: { seen, ...work, centre, latched } };
  };
  return {
    kind: 'focus',
    version: 1,
    params: { family: model.family, threshold, sides, afterAlarm, maxCandidates },
    init,
    step(state, x) {
      const { alarms, last, state: next } = run(Float64Array.of(numberOrNaN(x)), state);
      const alarm = alarms[0] ?? next.latched;
      return { state: next, out: alarm === null ? { ...last, alarm } : { statistic: alarm.statistic, changeIndex: alarm.changeIndex, alarm } };
    },
    bulk(xs, from = init()) {
      const { alarms, state } = run(xs, from);
      return { alarms, state };
    },
  };
}
