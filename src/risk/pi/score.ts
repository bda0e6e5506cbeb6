import type { PiActorState } from './actor-state.js';
import { clamp01 } from './clamp.js';
import { meanOf } from './windows.js';

/** What an actor's past says about its next call, each in [0, 1]. */
export interface PiFeatures {
  readonly recentMean: number;
  readonly errorRate: number;
  readonly burst1s: number;
  readonly failureStreak: number;
}

/** The score's terms as the host adds them up and explains them: weight times feature. */
export interface PiScoreTerms {
  readonly base: number;
  readonly recentMean: number;
  readonly errorRate: number;
  readonly burst1s: number;
  readonly failureStreak: number;
}

/** Outcomes from the newest back that are at most a second old; one from the future counts. */
function burstCount(outcomeMs: PiActorState['outcomeMs'], nowMs: number): number {
  let count = 0;
  while (count < outcomeMs.length && nowMs - (outcomeMs[outcomeMs.length - 1 - count] ?? NaN) <= 1000) count += 1;
  return count;
}

/** Density of a number of calls within a second; full at eight. */
export function burstDensity(count: number): number {
  return clamp01(count / 8);
}

/** Share of failed outcomes; 0 before the first. */
export function errorRateOf({ errors, errorCount }: PiActorState): number {
  return errors.length === 0 ? 0 : errorCount / errors.length;
}

/**
 * Features of a call from the actor's past.
 *
 * @param nowMs - start of the call
 */
export function piFeatures(state: PiActorState, nowMs: number): PiFeatures {
  return {
    recentMean: meanOf(state.scores),
    errorRate: errorRateOf(state),
    burst1s: burstDensity(burstCount(state.outcomeMs, nowMs)),
    failureStreak: clamp01(state.failureStreak / 8),
  };
}

/** What the host multiplies each term by. */
export const WEIGHTS: PiScoreTerms = { base: 0.5, recentMean: 0.3, errorRate: 0.12, burst1s: 0.08, failureStreak: 0.05 };

/** Weighs features. `base` is the base score with the arguments' share in it. */
export function scoreTerms(base: number, features: PiFeatures): PiScoreTerms {
  return {
    base: WEIGHTS.base * base,
    recentMean: WEIGHTS.recentMean * features.recentMean,
    errorRate: WEIGHTS.errorRate * features.errorRate,
    burst1s: WEIGHTS.burst1s * features.burst1s,
    failureStreak: WEIGHTS.failureStreak * features.failureStreak,
  };
}

/** What the host adds to the score of a dangerous call after one it hardened: more where the arguments were bad. */
export const ESCALATION = { mild: 0.02, severe: 0.1, severeFromDelta: 0.18 } as const;

/** Adds up the terms in the host's order. `escalation` is 0, 0.02 or 0.10. */
export function piScore(terms: PiScoreTerms, escalation: number): number {
  const seed = clamp01(terms.base + terms.recentMean);
  const score = clamp01(seed + terms.errorRate + terms.burst1s + terms.failureStreak);
  return escalation === 0 ? score : clamp01(score + escalation);
}
