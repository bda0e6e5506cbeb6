import type { Action } from '../../ledger/entry.js';
import { outcomeWindow, BURST_CALLS, type PiActorState } from './actor-state.js';
import { isDangerous } from './base-score.js';
import { clamp01 } from './clamp.js';
import type { PiPosterior } from './expected-loss.js';
import { learnOutcome } from './posterior.js';
import { nearestRank, pushed, pushedSorted } from './windows.js';

/** How a decided call ended. */
export interface PiOutcome {
  /** When it ended, in milliseconds since the epoch; null where that does not fit a double. */
  readonly tsMs: number | null;
  readonly capability: string;
  readonly errorCode: string | null;
  readonly action: Action;
  readonly posterior: PiPosterior;
}

/** How far what happened was from what the posterior said: |P(not safe) - failed|. */
export function outcomeResidual({ suspicious, unsafe }: PiPosterior, errorCode: string | null): number {
  return Math.abs(clamp01(suspicious + unsafe) - (errorCode === null ? 0 : 1));
}

/** Whether a call counts towards quarantine. */
function countsAsUnsafe({ posterior, action, errorCode, capability }: PiOutcome): boolean {
  return posterior.unsafe >= 0.55 || action === 'terminate' || (errorCode === 'denied' && isDangerous(capability));
}

/** Nearest-rank quantile of sorted residuals, none of them missing. */
export function quantileOf(sorted: readonly number[], level: number): number {
  return sorted[nearestRank(sorted.length, level)] ?? 0;
}

/** What a window of `size` loses when one more value comes in. */
function leaving(window: readonly number[], size: number): number | null {
  return window.length >= size ? (window[0] ?? null) : null;
}

/**
 * What the host learns from a call's outcome. `previousQuantile` is left to the caller, who knows the level.
 *
 * @param state - the actor after the call's decision; not changed
 */
export function learnFromOutcome(state: PiActorState, outcome: PiOutcome, windowSize: number): PiActorState {
  const failed = outcome.errorCode === null ? 0 : 1;
  const residual = outcomeResidual(outcome.posterior, outcome.errorCode);
  const consecutiveUnsafe = countsAsUnsafe(outcome) ? state.consecutiveUnsafe + 1 : 0;
  const size = outcomeWindow(windowSize);
  return {
    alphas: learnOutcome(state.alphas, outcome.errorCode),
    logE: state.logE,
    scores: state.scores,
    residuals: pushed(state.residuals, residual, windowSize),
    sortedResiduals: pushedSorted(state.sortedResiduals, leaving(state.residuals, windowSize), residual),
    previousQuantile: state.previousQuantile,
    errors: pushed(state.errors, failed, size),
    errorCount: state.errorCount + failed - (leaving(state.errors, size) ?? 0),
    outcomeMs: [...state.outcomeMs.slice(1 - BURST_CALLS), outcome.tsMs],
    failureStreak: failed === 1 ? state.failureStreak + 1 : 0,
    lastAction: state.lastAction,
    lastCapability: outcome.capability,
    consecutiveUnsafe,
    quarantined: state.quarantined || consecutiveUnsafe >= 3,
  };
}
