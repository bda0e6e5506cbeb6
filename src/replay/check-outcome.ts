import type { LedgerEntry } from '../ledger/entry.js';
import type { PiActorState } from '../risk/pi/actor-state.js';
import type { PiPosterior } from '../risk/pi/expected-loss.js';
import { outcomeResidual, quantileOf } from '../risk/pi/outcome.js';
import { alphasOf } from './alphas.js';
import { expectSame, expectThat, notCheckable, type Findings } from './finding.js';
import { SHORTEST, windowBasis, windowGap, type RecomputeState } from './known-past.js';
import { finitePosterior } from './recorded.js';

/**
 * Checks the outcome's residual.
 *
 * @param recomputed - the posterior as the actor's past gives it, if it does
 * @returns the posterior to go on with; null if there is none
 */
export function checkResidual(entry: LedgerEntry, recomputed: PiPosterior | null, findings: Findings): PiPosterior | null {
  const field = 'conformal_residual';
  const posterior = finitePosterior(entry.posterior);
  if (posterior === null) {
    notCheckable(findings, field, 'not_finite');
    return recomputed;
  }
  const value = outcomeResidual(posterior, entry.outcome_error_code);
  const holds = expectSame(findings, field, entry.conformal_residual, { value, basis: 'entry' });
  return holds ? posterior : (recomputed ?? posterior);
}

/** The error rates a threshold can stand for; the nearest where the host cannot have that threshold. */
function usedAlphas(threshold: number): number[] {
  const alphas = alphasOf(threshold);
  return alphas.length > 0 ? alphas : [1 / threshold];
}

/**
 * Checks the quantile of the residuals.
 *
 * @param after - the actor with the outcome learned
 * @returns the quantile to go on with
 */
export function checkQuantile(entry: LedgerEntry, after: PiActorState, past: { readonly state: RecomputeState; readonly windowSize: number | null }, findings: Findings): number {
  const field = 'conformal_quantile';
  const { e_threshold: threshold, conformal_quantile: recorded } = entry;
  const { length } = after.residuals;
  const basis = windowBasis(past.state, length, past.windowSize, SHORTEST.scores);
  if (basis === null || threshold === null) {
    notCheckable(findings, field, basis === null ? windowGap(past.windowSize) : 'not_finite');
    return recorded ?? 0;
  }
  const options = [...new Set(usedAlphas(threshold).map((alpha) => quantileOf(after.sortedResiduals, 1 - alpha)))];
  const holds = options.some((value) => Object.is(value, recorded));
  expectThat(findings, { field, basis, recorded, recomputed: options.length === 1 ? (options[0] ?? null) : options }, holds);
  return holds ? (recorded ?? 0) : (options[0] ?? 0);
}
