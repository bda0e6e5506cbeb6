import { initialActor, outcomeWindow, type PiActorState } from '../risk/pi/actor-state.js';
import { errorRateOf } from '../risk/pi/score.js';
import { meanOf } from '../risk/pi/windows.js';
import type { Basis, NotCheckableReason } from './finding.js';

/** What recomputation remembers of one actor. Plain JSON, at most a few windows long. */
export type RecomputeState = {
  /** The host's state as far as the entries seen give it. */
  readonly pi: PiActorState;
  /** Entries of the actor seen. */
  readonly seen: number;
  /** Whether nothing of the actor came before the entries seen. */
  readonly fromStart: boolean;
  /** Whether `pi.logE` is known. */
  readonly logEKnown: boolean;
  /** Whether a success was seen, so that the failure streak is known. */
  readonly streakKnown: boolean;
  /** Whether a harmless call was seen, so that the way to quarantine is known. */
  readonly unsafeKnown: boolean;
};

/** An actor before its first entry; `fromStart` says whether the host had not seen it either. */
export function unseenActor(fromStart: boolean): RecomputeState {
  return { pi: initialActor(), seen: 0, fromStart, logEKnown: fromStart, streakKnown: fromStart, unsafeKnown: fromStart };
}

/** A value of the past and what it rests on; null where it is not known. */
export type Known<T> = { readonly value: T; readonly basis: Basis } | null;

/** What is known of an actor's past at one of its calls. */
export interface KnownPast {
  readonly state: RecomputeState;
  /** Length of the host's score window; null where it is not known. */
  readonly windowSize: number | null;
  readonly recentMean: Known<number>;
  readonly errorRate: Known<number>;
  /** Share of eight failures in a row, in [0, 1]. */
  readonly failureStreak: Known<number>;
  /** Quantile of the outcome residuals after the call before. */
  readonly quantile: Known<number>;
}

/** The host's shortest windows: the past of an actor seen from its start does not depend on their length up to here. */
export const SHORTEST = { scores: 8, outcomes: 64 } as const;

/** Values to remember of an actor: one more than the shortest windows where the window's length is not known. */
export function remembered(windowSize: number | null): number {
  return windowSize ?? SHORTEST.outcomes + 1;
}

/**
 * What the values of a window rest on.
 *
 * @param length - values remembered
 * @param size - length of the window; null where it is not known
 * @returns null where the window may hold others than those remembered
 */
export function windowBasis({ fromStart }: RecomputeState, length: number, size: number | null, shortest: number): Basis | null {
  // A full window may have forgotten something, whether or not it is one of the shortest.
  const full = size !== null && length >= size;
  if (fromStart && length <= shortest && !full) return 'actor';
  return size !== null && (fromStart || full) ? 'window' : null;
}

/** Why a window's values are not known. */
export function windowGap(windowSize: number | null): NotCheckableReason {
  return windowSize === null ? 'window_unknown' : 'history_unknown';
}

function known(basis: Basis | null, value: () => number): Known<number> {
  return basis && { value: value(), basis };
}

/** Works out what is known before a call. */
export function pastOf(state: RecomputeState, windowSize: number | null): KnownPast {
  const { scores, errors, failureStreak, previousQuantile } = state.pi;
  const outcomes = windowSize === null ? null : outcomeWindow(windowSize);
  return {
    state,
    windowSize,
    recentMean: known(windowBasis(state, scores.length, windowSize, SHORTEST.scores), () => meanOf(scores)),
    errorRate: known(windowBasis(state, errors.length, outcomes, SHORTEST.outcomes), () => errorRateOf(state.pi)),
    failureStreak: known(state.streakKnown || failureStreak >= 8 ? 'actor' : null, () => Math.min(failureStreak / 8, 1)),
    quantile: known(state.fromStart || state.seen > 0 ? 'actor' : null, () => previousQuantile),
  };
}
