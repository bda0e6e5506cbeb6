import { InputError } from '../../errors.js';
import type { Action, ExplanationLevel, RiskState } from '../../ledger/entry.js';
import { checkWindowSize, type PiActorState } from './actor-state.js';
import { isDangerous } from './base-score.js';
import { piOnlineDrift } from './drift.js';
import { stepLogE } from './e-process.js';
import { piAction, piExpectedLoss, piState, type PiPosterior } from './expected-loss.js';
import { byMagnitude, EXPLANATION_MS, EXPLANATION_TERMS, exhaustedTerms, explanationLevel, explanationSummary, explanationTerms, termCount, type PiTerm, type PiVerdict } from './explain.js';
import { learnFromOutcome, outcomeResidual, quantileOf } from './outcome.js';
import { learnScore, piPosterior } from './posterior.js';
import { ESCALATION, piFeatures, piScore, scoreTerms, type PiFeatures, type PiScoreTerms } from './score.js';
import { TRIGGER_LIMITS, triggersWhere, type PiTrigger } from './triggers.js';
import { pushed } from './windows.js';

/** Settings of the host's controller. */
export interface PiControllerParams {
  /** Error rate in [1e-6, 0.5]; 1 / alpha is the e-process threshold, 1 - alpha the residual quantile's level. */
  readonly alpha: number;
  /** Scores remembered, an integer in [8, 4096]. */
  readonly windowSize: number;
  /** Whether a decision that ran out of time hardens the call (else it lets it through). */
  readonly failClosed: boolean;
  /** Milliseconds an explanation may take: 2, or 25 in newer hosts. */
  readonly explanationMs: number;
}

/** The host's own settings. */
export const PI_CONTROLLER_DEFAULTS: PiControllerParams = { alpha: 0.01, windowSize: 128, failClosed: true, explanationMs: 2 };

/** A call as the controller sees it. */
export interface PiCall {
  /** When the call came in, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly capability: string;
  /** Base score, the arguments' share in it, in [0, 1]. */
  readonly baseScore: number;
  /** The arguments' share. */
  readonly argumentDelta: number;
  /** What the arguments raised, in any order. */
  readonly argumentTriggers: readonly PiTrigger[];
  /** Whether the call aims at files, processes, the network or credentials. */
  readonly sensitiveTarget: boolean;
  /** Whether reading the call took longer than the host allows. */
  readonly slowFeatures: boolean;
  /** Whether deciding took longer than the host allows. */
  readonly timedOut: boolean;
  /** Whole milliseconds the explanation took. */
  readonly explanationElapsedMs: number;
}

/** A decision of the controller with everything a ledger holds of it. */
export interface PiDecision extends PiVerdict {
  readonly state: RiskState;
  /** null stands for infinity: the actor is in quarantine. */
  readonly eProcess: number | null;
  readonly drift: boolean;
  readonly level: ExplanationLevel;
  readonly summary: string;
  /** Terms of the explanation, the largest first. */
  readonly terms: readonly PiTerm[];
  readonly exhausted: boolean;
}

/** What a decision rests on besides its explanation. */
interface Ground extends PiVerdict {
  readonly eProcess: number | null;
  readonly drift: boolean;
}

/**
 * Checks settings against the host's own limits.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function checkControllerParams(params: PiControllerParams): PiControllerParams {
  checkWindowSize(params.windowSize);
  if (!(params.alpha >= 1e-6 && params.alpha <= 0.5)) {
    throw new InputError('BAD_PARAM', `alpha must be in [1e-6, 0.5], got ${String(params.alpha)}`);
  }
  if (!EXPLANATION_MS.includes(params.explanationMs)) {
    throw new InputError('BAD_PARAM', `explanationMs must be 2 or 25, as in the host's versions, got ${String(params.explanationMs)}`);
  }
  return params;
}

function quarantineGround(call: PiCall): Ground {
  const posterior: PiPosterior = { safe_fast: 0, suspicious: 0, unsafe: 1 };
  return {
    action: 'terminate',
    score: 1,
    posterior,
    loss: piExpectedLoss(posterior),
    triggers: triggersWhere((t) => t === 'quarantined' || (t === 'feature_budget_exceeded' && call.slowFeatures)),
    fallbackReason: null,
    eProcess: null,
    drift: true,
  };
}

/** What the triggers depend on. */
interface TriggerFacts {
  readonly breach: boolean;
  readonly drift: boolean;
  readonly features: PiFeatures;
  readonly dangerous: boolean;
}

function raisedBy(call: PiCall, before: PiActorState, { breach, drift, features, dangerous }: TriggerFacts): PiTrigger[] {
  const { lastCapability } = before;
  const raised: Partial<Record<PiTrigger, boolean>> = {
    e_process_breach: breach,
    drift_detected: drift,
    feature_budget_exceeded: call.slowFeatures,
    burst_rate_anomaly: features.burst1s >= TRIGGER_LIMITS.burst1s,
    high_error_rate: features.errorRate >= TRIGGER_LIMITS.errorRate,
    consecutive_failure_escalation: features.failureStreak >= TRIGGER_LIMITS.failureStreak,
    dangerous_capability_escalation: dangerous && before.lastAction === 'harden',
    unseen_capability_transition: dangerous && lastCapability !== null && lastCapability !== call.capability && !isDangerous(lastCapability),
    sensitive_target_mismatch: dangerous && call.sensitiveTarget,
    decision_timeout: call.timedOut,
  };
  return triggersWhere((t) => raised[t] ?? call.argumentTriggers.includes(t));
}

/** The decision outside quarantine, and the actor's state with the score learned. */
function groundOf(before: PiActorState, call: PiCall, features: PiFeatures, params: PiControllerParams): { ground: Ground; after: PiActorState } {
  const dangerous = isDangerous(call.capability);
  const severe = call.argumentDelta >= ESCALATION.severeFromDelta ? ESCALATION.severe : ESCALATION.mild;
  const score = piScore(scoreTerms(call.baseScore, features), dangerous && before.lastAction === 'harden' ? severe : 0);
  const alphas = learnScore(before.alphas, score, dangerous);
  const posterior = piPosterior(alphas);
  const logE = stepLogE(before.logE, score);
  const eProcess = Math.exp(logE);
  const scores = pushed(before.scores, score, params.windowSize);
  const drift = piOnlineDrift({ scores, windowSize: params.windowSize, recentMean: features.recentMean, quantile: before.previousQuantile });
  const loss = piExpectedLoss(posterior);
  const breach = eProcess >= 1 / params.alpha;
  const timeoutAction: Action = params.failClosed ? 'harden' : 'allow';
  const action = call.timedOut ? timeoutAction : piAction(loss, breach || drift);
  const triggers = raisedBy(call, before, { breach, drift, features, dangerous });
  const ground: Ground = { action, score, posterior, loss, triggers, fallbackReason: call.timedOut ? 'decision_timeout' : null, eProcess, drift };
  return { ground, after: { ...before, alphas, logE, scores, lastAction: action } };
}

function explained(ground: Ground, scored: PiScoreTerms, call: PiCall, params: PiControllerParams): PiDecision {
  const exhausted = termCount(ground) > EXPLANATION_TERMS || call.explanationElapsedMs > params.explanationMs;
  const terms = exhausted ? exhaustedTerms(ground.action) : explanationTerms(ground, scored).sort(byMagnitude);
  const { action, score, posterior, loss, triggers, fallbackReason, eProcess, drift } = ground;
  return {
    action, score, posterior, loss, triggers, fallbackReason, eProcess, drift,
    state: piState(posterior),
    level: explanationLevel(ground, exhausted),
    summary: explanationSummary(ground, exhausted),
    terms,
    exhausted,
  };
}

/**
 * One decision of the host's controller.
 *
 * @param before - the actor before the call; not changed
 * @param call - the call
 * @param params - settings, already checked
 * @returns the decision and the actor after it; the call's outcome is still to be learned
 */
export function piDecide(before: PiActorState, call: PiCall, params: PiControllerParams): { readonly decision: PiDecision; readonly state: PiActorState } {
  const features = piFeatures(before, call.startMs);
  const scored = scoreTerms(call.baseScore, features);
  if (before.quarantined) return { decision: explained(quarantineGround(call), scored, call, params), state: before };
  const { ground, after } = groundOf(before, call, features, params);
  return { decision: explained(ground, scored, call, params), state: after };
}

/**
 * What follows a decision: how the call ended.
 *
 * @param state - the actor as {@link piDecide} left it; not changed
 * @param ended - the call's capability and decision, when it ended and with which error code
 * @returns the actor after the call, and the residual that the ledger records (its quantile is `previousQuantile`)
 */
export function piRecord(
  state: PiActorState,
  ended: { readonly tsMs: number; readonly capability: string; readonly errorCode: string | null; readonly decision: PiVerdict },
  params: PiControllerParams,
): { readonly state: PiActorState; readonly residual: number } {
  const { action, posterior } = ended.decision;
  const { tsMs, capability, errorCode } = ended;
  const learned = learnFromOutcome(state, { tsMs, capability, errorCode, action, posterior }, params.windowSize);
  const previousQuantile = quantileOf(learned.sortedResiduals, 1 - params.alpha);
  return { state: { ...learned, previousQuantile }, residual: outcomeResidual(posterior, errorCode) };
}
