import type { Float, LedgerEntry } from '../ledger/entry.js';
import { EXPLANATION_MS, EXPLANATION_TERMS } from '../risk/pi/explain.js';
import { alphasOf, THRESHOLDS } from './alphas.js';
import { expectSame, expectThat, type Findings } from './finding.js';
import { EXPLANATION_SCHEMA, saysQuarantined } from './recorded.js';

/** Checks what the host writes the same way whatever it decides: schema, fallback, budget, threshold. */
export function checkForm(entry: LedgerEntry, findings: Findings): void {
  expectSame(findings, 'explanation_schema', entry.explanation_schema, { value: EXPLANATION_SCHEMA, basis: 'entry' });
  const { fallback_reason: fallback, budget_state: budget, e_threshold: threshold } = entry;
  // In quarantine there is none at all, which is checked with the rest of a quarantined call.
  if (!saysQuarantined(entry)) {
    const known = fallback === null || fallback === 'decision_timeout';
    expectThat(findings, { field: 'fallback_reason', basis: 'entry', recorded: fallback, recomputed: [null, 'decision_timeout'] }, known);
  }
  expectSame(findings, 'budget_state.term_budget', String(budget.term_budget), { value: String(EXPLANATION_TERMS), basis: 'entry' });
  const times = EXPLANATION_MS.map(String);
  const recorded = String(budget.time_budget_ms);
  expectThat(findings, { field: 'budget_state.time_budget_ms', basis: 'entry', recorded, recomputed: times }, times.includes(recorded));
  if (threshold !== null) checkThreshold(threshold, findings);
}

function checkThreshold(threshold: number, findings: Findings): void {
  const inRange = threshold >= THRESHOLDS[0] && threshold <= THRESHOLDS[1];
  const recomputed = inRange ? 1 / (1 / threshold) : THRESHOLDS;
  expectThat(findings, { field: 'e_threshold', basis: 'entry', recorded: threshold, recomputed }, alphasOf(threshold).length > 0);
}

function numbersOf(entry: LedgerEntry): (readonly [string, Float])[] {
  const { posterior, expected_loss: loss } = entry;
  return [
    ['risk_score', entry.risk_score],
    ['posterior.safe_fast', posterior.safe_fast],
    ['posterior.suspicious', posterior.suspicious],
    ['posterior.unsafe', posterior.unsafe],
    ['expected_loss.allow', loss.allow],
    ['expected_loss.harden', loss.harden],
    ['expected_loss.deny', loss.deny],
    ['expected_loss.terminate', loss.terminate],
    ['e_process', saysQuarantined(entry) ? 0 : entry.e_process],
    ['e_threshold', entry.e_threshold],
    ['conformal_residual', entry.conformal_residual],
    ['conformal_quantile', entry.conformal_quantile],
    ...entry.top_contributors.flatMap(({ code, signed_impact: impact, magnitude }) => [[`top_contributors.${code}.signed_impact`, impact] as const, [`top_contributors.${code}.magnitude`, magnitude] as const]),
  ];
}

/**
 * Names every number written as null that is not named yet: the host's are finite, but for the e-process of a call in
 * quarantine. To be called when all else was checked.
 */
export function checkNulls(entry: LedgerEntry, findings: Findings): void {
  for (const [field, value] of numbersOf(entry)) {
    if (value !== null || findings.mismatches.some((m) => m.field === field)) continue;
    const open = findings.notCheckable.filter((n) => n.field !== field);
    findings.notCheckable.splice(0, Infinity, ...open);
    expectThat(findings, { field, basis: 'entry', recorded: null, recomputed: 'a finite number' }, false);
  }
}
