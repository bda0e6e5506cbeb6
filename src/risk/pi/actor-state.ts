import { InputError } from '../../errors.js';
import type { Action } from '../../ledger/entry.js';
import { INITIAL_ALPHAS, type PiAlphas } from './posterior.js';

/** Outcome times kept: a burst counts at most this many, since its density is full at eight calls. */
export const BURST_CALLS = 8;

/** What the host remembers of one actor. Plain JSON, at most a few windows long. */
export type PiActorState = {
  readonly alphas: PiAlphas;
  readonly logE: number;
  /** Scores of the last decisions, oldest first. */
  readonly scores: readonly number[];
  /** Outcome residuals, oldest first, and the same sorted. */
  readonly residuals: readonly number[];
  readonly sortedResiduals: readonly number[];
  readonly previousQuantile: number;
  /** 1 for an outcome with an error code, oldest first, and how many of them are 1. */
  readonly errors: readonly number[];
  readonly errorCount: number;
  /** Times of the last outcomes in milliseconds, oldest first; null where one does not fit a double. */
  readonly outcomeMs: readonly (number | null)[];
  /** Failures since the last success. */
  readonly failureStreak: number;
  readonly lastAction: Action | null;
  readonly lastCapability: string | null;
  readonly consecutiveUnsafe: number;
  readonly quarantined: boolean;
};

/** An actor that was never seen. */
export function initialActor(): PiActorState {
  return {
    alphas: INITIAL_ALPHAS,
    logE: 0,
    scores: [],
    residuals: [],
    sortedResiduals: [],
    previousQuantile: 0,
    errors: [],
    errorCount: 0,
    outcomeMs: [],
    failureStreak: 0,
    lastAction: null,
    lastCapability: null,
    consecutiveUnsafe: 0,
    quarantined: false,
  };
}

/** Length of the outcome windows that goes with a score window. */
export function outcomeWindow(windowSize: number): number {
  return Math.max(windowSize, 64);
}

/**
 * Checks a score window's length.
 *
 * @throws {@link InputError} BAD_PARAM unless an integer in [8, 4096], the host's own limits
 */
export function checkWindowSize(windowSize: number): number {
  if (!Number.isInteger(windowSize) || windowSize < 8 || windowSize > 4096) {
    throw new InputError('BAD_PARAM', `windowSize must be an integer in [8, 4096], got ${String(windowSize)}`);
  }
  return windowSize;
}
