import { initialActor, outcomeWindow, type PiActorState } from '../risk/pi/actor-state.js';
import { errorRateOf } from '../risk/pi/score.js';
import { meanOf } from '../risk/pi/windows.js';
import type { Basis } from './finding.js';

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
  readonly windowSize: number;
  readonly recentMean: Known<number>;
  readonly errorRate: Known<number>;
  /** Share of eight failures in a row, in [0, 1]. */
  readonly failureStreak: Known<number>;
  /** Quantile of the outcome residuals after the call before. */
  readonly quantile: Known<number>;
}

/** The host's shortest windows: shorter pasts do not depend on the window's length. */
export const SHORTEST = { scores: 8, outcomes: 64 } as const;

/** What a window of this many values rests on. */
export function windowBasis(length: number, shortest: number): Basis {
  return length <= shortest ? 'actor' : 'window';
}

/** Whether a window holds all it would hold had everything been seen. */
export function isWhole(state: RecomputeState, length: number, size: number): boolean {
  return state.fromStart || length >= size;
}

/** Works out what is known before a call. */
export function pastOf(state: RecomputeState, windowSize: number): KnownPast {
  const { scores, errors, failureStreak, previousQuantile } = state.pi;
  const actor: Basis = 'actor';
  return {
    state,
    windowSize,
    recentMean: isWhole(state, scores.length, windowSize) ? { value: meanOf(scores), basis: windowBasis(scores.length, SHORTEST.scores) } : null,
    errorRate: isWhole(state, errors.length, outcomeWindow(windowSize)) ? { value: errorRateOf(state.pi), basis: windowBasis(errors.length, SHORTEST.outcomes) } : null,
    failureStreak: state.streakKnown || failureStreak >= 8 ? { value: Math.min(failureStreak / 8, 1), basis: actor } : null,
    quantile: state.fromStart || state.seen > 0 ? { value: previousQuantile, basis: actor } : null,
  };
}
