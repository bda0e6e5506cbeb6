import type { Detector, Step } from '../detector.js';
import type { LedgerEntry } from '../ledger/entry.js';
import { checkWindowSize, type PiActorState } from '../risk/pi/actor-state.js';
import type { PiPosterior } from '../risk/pi/expected-loss.js';
import { learnFromOutcome } from '../risk/pi/outcome.js';
import { checkLearned, checkQuarantined, checkVerdict } from './check-decision.js';
import { checkExplanation } from './check-explanation.js';
import { checkForm, checkNulls } from './check-form.js';
import { checkQuantile, checkResidual } from './check-outcome.js';
import { checkBase, checkScore } from './check-score.js';
import { checkTriggers } from './check-triggers.js';
import type { EntryCheck, Findings } from './finding.js';
import { pastOf, remembered, unseenActor, type KnownPast, type RecomputeState } from './known-past.js';
import { impactOf, saysQuarantined } from './recorded.js';

/** Settings of {@link recomputation}. */
export interface RecomputationParams {
  /**
   * Length of the host's score window, an integer in [8, 4096]. No ledger holds it; the host's default is 128. Null where
   * it is not known: what rests on it is then not checkable.
   */
  readonly windowSize: number | null;
  /** Whether the actor's first entry is its first call: true where the chain starts at null. */
  readonly fromStart: boolean;
}

/**
 * Recomputes the decisions of one actor, entry by entry, from the entries' own evidence.
 *
 * @param params - what the entries do not say
 * @returns a detector over one actor's entries in ledger order; its output says what was checked, what could not be,
 * and what differs
 * @throws {@link InputError} BAD_PARAM
 * @remarks State is at most five windows. An entry that differs is learned as recorded, unless the entry's other fields
 * show which value was meant, so that one changed field is not reported again at every later entry.
 */
export function recomputation(params: RecomputationParams): Detector<LedgerEntry, RecomputeState, EntryCheck> {
  const windowSize = params.windowSize === null ? null : checkWindowSize(params.windowSize);
  return {
    kind: 'pi-recomputation',
    version: 1,
    params: { ...params },
    init: () => unseenActor(params.fromStart),
    step: (state, entry) => step(state, entry, windowSize),
  };
}

function step(state: RecomputeState, entry: LedgerEntry, windowSize: number | null): Step<RecomputeState, EntryCheck> {
  const findings: Findings = { checked: [], notCheckable: [], mismatches: [] };
  const next = judged(state, entry, windowSize, findings);
  checkNulls(entry, findings);
  return { state: next, out: findings };
}

function judged(state: RecomputeState, entry: LedgerEntry, windowSize: number | null, findings: Findings): RecomputeState {
  const past = pastOf(state, windowSize);
  checkForm(entry, findings);
  checkVerdict(entry, findings);
  checkTriggers(entry, past, findings);
  const learned = saysQuarantined(entry) ? learnNothing(entry, state, findings) : learn(entry, past, findings);
  checkExplanation(entry, past, findings);
  const posterior = checkResidual(entry, learned?.posterior ?? null, findings);
  // A decision without its numbers, which no host writes, leaves nothing to go on with.
  if (posterior === null || learned === null) return unseenActor(false);
  const { capability, outcome_error_code: errorCode, selected_action: action } = entry;
  const pi = learnFromOutcome(learned.pi, { tsMs: safeMs(entry.ts_ms), capability, errorCode, action, posterior }, remembered(windowSize));
  const previousQuantile = checkQuantile(entry, pi, past, findings);
  return nextState(state, { ...pi, previousQuantile }, entry);
}

/** An actor's state after a decision, and the posterior as recomputed; null where the past is not known. */
interface Decided {
  readonly pi: PiActorState;
  readonly posterior: PiPosterior | null;
}

function safeMs(tsMs: bigint): number | null {
  const ms = Number(tsMs);
  return Number.isSafeInteger(ms) ? ms : null;
}

function learn(entry: LedgerEntry, past: KnownPast, findings: Findings): Decided | null {
  const score = checkScore(entry, past, findings);
  if (score === null) return null;
  const { alphas, logE, scores, posterior } = checkLearned(entry, past, score, findings);
  return { pi: { ...past.state.pi, alphas, logE, scores, lastAction: entry.selected_action }, posterior };
}

/** A call in quarantine is decided without a look at anything, and nothing is learned from it. */
function learnNothing(entry: LedgerEntry, { pi, unsafeKnown }: RecomputeState, findings: Findings): Decided {
  checkQuarantined(entry, findings);
  const base = impactOf(entry, 'feature_base_score');
  if (base !== null) checkBase(entry, base, findings);
  return { pi: { ...pi, quarantined: pi.quarantined || !unsafeKnown }, posterior: null };
}

function nextState(state: RecomputeState, pi: PiActorState, entry: LedgerEntry): RecomputeState {
  const e = saysQuarantined(entry) ? null : entry.e_process;
  const readable = e !== null && e > 0;
  return {
    // Seen from the middle, each recorded e-process is where the next step starts.
    pi: state.fromStart || !readable ? pi : { ...pi, logE: Math.log(e) },
    seen: state.seen + 1,
    fromStart: state.fromStart,
    logEKnown: state.fromStart || readable,
    streakKnown: state.streakKnown || entry.outcome_error_code === null,
    unsafeKnown: state.unsafeKnown || (pi.consecutiveUnsafe === 0 && !pi.quarantined),
  };
}
