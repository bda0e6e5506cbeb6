import { describe, expect, it } from 'vitest';
import { initialActor, type PiActorState } from '../../../src/risk/pi/actor-state.js';
import { piBaseScore } from '../../../src/risk/pi/base-score.js';
import { PI_CONTROLLER_DEFAULTS, piDecide, piRecord, type PiCall, type PiControllerParams } from '../../../src/risk/pi/controller.js';
import { TRIGGERS } from '../../../src/risk/pi/triggers.js';
import type { LedgerEntry } from '../../../src/index.js';
import { HOST_CASES, type HostCase } from './host-cases.js';

/** The call behind an entry, from what the host was given and measured. */
function callOf(entry: LedgerEntry, { calls, telemetry }: HostCase, i: number): PiCall {
  const call = calls[i];
  const measured = telemetry[i];
  if (call === undefined || measured === undefined) throw new Error('the case lacks a call');
  const base = measured.features.base_score;
  return {
    startMs: call.ts_ms,
    capability: entry.capability,
    baseScore: base,
    argumentDelta: base - piBaseScore({ capability: entry.capability, method: entry.method, policyReason: entry.policy_reason }),
    argumentTriggers: TRIGGERS.filter((t) => entry.triggers.includes(t)),
    sensitiveTarget: /^(filesystem|subprocess|network|credential)\./.test(measured.resource_target_class),
    slowFeatures: measured.extraction_budget_exceeded,
    timedOut: entry.fallback_reason === 'decision_timeout',
    explanationElapsedMs: call.explanation_elapsed_ms ?? 0,
  };
}

function paramsOf({ config }: HostCase): PiControllerParams {
  return {
    ...PI_CONTROLLER_DEFAULTS,
    alpha: Math.min(Math.max(config.alpha ?? 0.01, 1e-6), 0.5),
    windowSize: config.window_size ?? 128,
    failClosed: config.fail_closed ?? true,
  };
}

/** What the ledger holds of a decision, but its e-process. */
function held(entry: LedgerEntry): unknown {
  const { risk_score, posterior, expected_loss, selected_action, derived_state, triggers, fallback_reason, drift_detected } = entry;
  const { conformal_residual, conformal_quantile, explanation_level, explanation_summary, top_contributors, budget_state } = entry;
  const terms = top_contributors.map(({ code, signed_impact }) => ({ code, impact: signed_impact }));
  return {
    risk_score, posterior, expected_loss, selected_action, derived_state, triggers, fallback_reason, drift_detected,
    conformal_residual, conformal_quantile, explanation_level, explanation_summary, terms, exhausted: budget_state.exhausted,
  };
}

describe('the controller', () => {
  const whole = HOST_CASES.filter(({ ledger }) => (ledger.entries[0]?.prev_ledger_hash ?? null) === null);

  it.each(whole.map((c) => [c.name, c] as const))('decides as the host did: %s', (_name, hostCase) => {
    const params = paramsOf(hostCase);
    const actors = new Map<string, PiActorState>();
    hostCase.ledger.entries.forEach((entry, i) => {
      const { decision, state } = piDecide(actors.get(entry.extension_id) ?? initialActor(), callOf(entry, hostCase, i), params);
      const { state: after, residual } = piRecord(state, { tsMs: Number(entry.ts_ms), capability: entry.capability, errorCode: entry.outcome_error_code, decision }, params);
      actors.set(entry.extension_id, after);
      expect({
        risk_score: decision.score, posterior: decision.posterior, expected_loss: decision.loss, selected_action: decision.action,
        derived_state: decision.state, triggers: decision.triggers, fallback_reason: decision.fallbackReason, drift_detected: decision.drift,
        conformal_residual: residual, conformal_quantile: after.previousQuantile, explanation_level: decision.level,
        explanation_summary: decision.summary, terms: decision.terms, exhausted: decision.exhausted,
      }).toEqual(held(entry));
      if (entry.e_process === null) expect(decision.eProcess).toBeNull();
      else expect(Math.abs((decision.eProcess ?? NaN) / entry.e_process - 1)).toBeLessThan(1e-12);
    });
  });

  it('leaves the state it was given alone and is the same after a trip of the state through JSON', () => {
    const entries = HOST_CASES.find(({ name }) => name === 'errors everywhere');
    if (entries === undefined) throw new Error('the case is gone');
    const params = paramsOf(entries);
    let [straight, through] = [initialActor(), initialActor()];
    entries.ledger.entries.forEach((entry, i) => {
      const frozen = JSON.stringify(straight);
      const step = (state: PiActorState): PiActorState => {
        const decided = piDecide(state, callOf(entry, entries, i), params);
        return piRecord(decided.state, { tsMs: Number(entry.ts_ms), capability: entry.capability, errorCode: entry.outcome_error_code, decision: decided.decision }, params).state;
      };
      const next = step(straight);
      expect(JSON.stringify(straight)).toBe(frozen);
      straight = next;
      through = step(JSON.parse(JSON.stringify(through)) as PiActorState);
      expect(through).toEqual(straight);
    });
  });
});
