import { ACTIONS, type LedgerEntry } from '../ledger/entry.js';
import { isDangerous } from '../risk/pi/base-score.js';
import { halvesDiffer, residualTooLarge } from '../risk/pi/drift.js';
import { stepLogE } from '../risk/pi/e-process.js';
import { piAction, piExpectedLoss, piState, type PiPosterior } from '../risk/pi/expected-loss.js';
import { learnScore, piPosterior, type PiAlphas } from '../risk/pi/posterior.js';
import { pushed } from '../risk/pi/windows.js';
import { expectSame, expectThat, notCheckable, type FieldValue, type Findings } from './finding.js';
import { remembered, SHORTEST, windowBasis, windowGap, type Known, type KnownPast } from './known-past.js';
import { finiteLoss, finitePosterior, saysQuarantined } from './recorded.js';

/** How far an e-process may be off, relatively: platforms differ in the last bits of exp. */
const E_TOLERANCE = 1e-12;

const POSTERIOR_KEYS = ['safe_fast', 'suspicious', 'unsafe'] as const;

/** What follows from the entry's own posterior: the losses, the action, the state. */
export function checkVerdict(entry: LedgerEntry, findings: Findings): void {
  const posterior = finitePosterior(entry.posterior);
  const loss = posterior === null ? null : piExpectedLoss(posterior);
  for (const action of ACTIONS) {
    const field = `expected_loss.${action}`;
    if (loss === null) notCheckable(findings, field, 'not_finite');
    else expectSame(findings, field, entry.expected_loss[action], { value: loss[action], basis: 'entry' });
  }
  if (posterior === null) notCheckable(findings, 'derived_state', 'not_finite');
  else expectSame(findings, 'derived_state', entry.derived_state, { value: piState(posterior), basis: 'entry' });
  checkAction(entry, findings);
}

function checkAction(entry: LedgerEntry, findings: Findings): void {
  const field = 'selected_action';
  const loss = finiteLoss(entry.expected_loss);
  const { selected_action: recorded, fallback_reason: fallback } = entry;
  if (fallback === 'decision_timeout') {
    // Whether a decision out of time hardens or lets through is a setting that no ledger holds.
    const either: FieldValue = ['allow', 'harden'];
    expectThat(findings, { field, basis: 'entry', recorded, recomputed: either }, recorded === 'allow' || recorded === 'harden');
  } else if (fallback !== null) notCheckable(findings, field, 'unknown_fallback');
  else if (loss === null || entry.e_threshold === null || (entry.e_process === null && !saysQuarantined(entry))) notCheckable(findings, field, 'not_finite');
  else {
    const breach = (entry.e_process ?? Infinity) >= entry.e_threshold;
    expectSame(findings, field, recorded, { value: piAction(loss, breach || entry.drift_detected), basis: 'entry' });
  }
}

/** What a quarantined call always looks like. */
export function checkQuarantined(entry: LedgerEntry, findings: Findings): void {
  const fixed: readonly (readonly [string, FieldValue, FieldValue])[] = [
    ['risk_score', entry.risk_score, 1],
    ['posterior.safe_fast', entry.posterior.safe_fast, 0],
    ['posterior.suspicious', entry.posterior.suspicious, 0],
    ['posterior.unsafe', entry.posterior.unsafe, 1],
    ['e_process', entry.e_process, null],
    ['drift_detected', entry.drift_detected, true],
    ['fallback_reason', entry.fallback_reason, null],
  ];
  for (const [field, recorded, value] of fixed) expectSame(findings, field, recorded, { value, basis: 'entry' });
}

/** What a decision's score leaves behind. */
export interface Learned {
  readonly alphas: PiAlphas;
  readonly logE: number;
  readonly scores: readonly number[];
  /** The posterior as recomputed; null where the past is not known. */
  readonly posterior: PiPosterior | null;
}

/**
 * Checks what follows from the score and the actor's past: posterior, e-process, drift.
 *
 * @param score - the call's score, as recorded or, where that cannot be, as recomputed
 */
export function checkLearned(entry: LedgerEntry, past: KnownPast, score: number, findings: Findings): Learned {
  const { state } = past;
  const alphas = learnScore(state.pi.alphas, score, isDangerous(entry.capability));
  const posterior = state.fromStart ? piPosterior(alphas) : null;
  for (const key of POSTERIOR_KEYS) {
    const field = `posterior.${key}`;
    if (posterior === null) notCheckable(findings, field, 'history_unknown');
    else expectSame(findings, field, entry.posterior[key], { value: posterior[key], basis: 'actor' });
  }
  const logE = stepLogE(state.pi.logE, score);
  if (state.logEKnown) checkEProcess(entry, Math.exp(logE), findings);
  else notCheckable(findings, 'e_process', 'history_unknown');
  const scores = pushed(state.pi.scores, score, remembered(past.windowSize));
  checkDrift(entry, past, scores, findings);
  return { alphas, logE, scores, posterior };
}

function checkEProcess({ e_process: recorded }: LedgerEntry, recomputed: number, findings: Findings): void {
  const near = recorded !== null && Math.abs(recorded - recomputed) <= E_TOLERANCE * recomputed;
  expectThat(findings, { field: 'e_process', basis: 'actor', recorded, recomputed }, near);
}

/** What the drift flag must be; the window's length decides only where the halves of the scores differ. Null where it cannot be told. */
function driftOf(past: KnownPast, scores: readonly number[]): Known<boolean> {
  const { recentMean, quantile, state, windowSize } = past;
  const basis = windowBasis(state, scores.length, windowSize, SHORTEST.scores);
  if (recentMean === null || quantile === null || basis === null) return null;
  if (residualTooLarge(scores.at(-1) ?? NaN, recentMean.value, quantile.value)) return { value: true, basis };
  // Fewer than four scores are too few to halve whatever the window's length.
  if (scores.length < SHORTEST.scores / 2 || !halvesDiffer(scores)) return { value: false, basis };
  return windowSize === null ? null : { value: scores.length >= Math.floor(windowSize / 2), basis: 'window' };
}

function checkDrift(entry: LedgerEntry, past: KnownPast, scores: readonly number[], findings: Findings): void {
  const drift = driftOf(past, scores);
  if (drift === null) notCheckable(findings, 'drift_detected', windowGap(past.windowSize));
  else expectSame(findings, 'drift_detected', entry.drift_detected, drift);
}

/** Whether an entry is to be read as one of a quarantined actor: as it says, where its past does not know better. */
export function quarantineExpected(entry: LedgerEntry, past: KnownPast): boolean {
  if (past.state.pi.quarantined) return true;
  return past.state.unsafeKnown ? false : saysQuarantined(entry);
}
