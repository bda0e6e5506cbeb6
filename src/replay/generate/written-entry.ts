import type { UnsealedEntry } from '../../ledger/entry.js';
import type { PiCall, PiControllerParams, PiDecision } from '../../risk/pi/controller.js';
import { EXPLANATION_TERMS } from '../../risk/pi/explain.js';
import { rationaleOf } from './rationale.js';

/** All there is to write down about a call that the host decided on. */
export interface WrittenCall {
  /** When the call ended, in milliseconds since the epoch. */
  readonly tsMs: number;
  readonly actor: string;
  readonly callId: string;
  readonly method: string;
  readonly paramsHash: string;
  readonly policyReason: string;
  readonly call: PiCall;
  readonly decision: PiDecision;
  readonly errorCode: string | null;
  readonly residual: number;
  /** The actor's conformal quantile when the call had been learned. */
  readonly quantile: number;
  readonly params: PiControllerParams;
}

/** The entry that the host would write, not yet sealed. */
// One literal: objects put together from several spreads are slow to make and to read.
export function writtenEntry({ tsMs, actor, callId, method, paramsHash, policyReason, call, decision, errorCode, residual, quantile, params }: WrittenCall): UnsealedEntry {
  return {
    ts_ms: BigInt(tsMs),
    extension_id: actor,
    call_id: callId,
    capability: call.capability,
    method,
    params_hash: paramsHash,
    policy_reason: policyReason,
    risk_score: decision.score,
    posterior: decision.posterior,
    expected_loss: decision.loss,
    selected_action: decision.action,
    derived_state: decision.state,
    triggers: decision.triggers,
    fallback_reason: decision.fallbackReason,
    e_process: decision.eProcess,
    e_threshold: 1 / params.alpha,
    conformal_residual: residual,
    conformal_quantile: quantile,
    drift_detected: decision.drift,
    outcome_error_code: errorCode,
    explanation_schema: 'pi.ext.runtime_risk_explanation.v1',
    explanation_level: decision.level,
    explanation_summary: decision.summary,
    top_contributors: decision.terms.map(({ code, impact }) => ({ code, signed_impact: impact, magnitude: Math.abs(impact), rationale: rationaleOf(code) })),
    budget_state: {
      time_budget_ms: BigInt(params.explanationMs),
      elapsed_ms: BigInt(call.explanationElapsedMs),
      term_budget: BigInt(EXPLANATION_TERMS),
      terms_emitted: BigInt(decision.terms.length),
      exhausted: decision.exhausted,
      fallback_mode: decision.exhausted,
    },
  };
}
