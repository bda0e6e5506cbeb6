import type { Contributor, LedgerEntry } from '../ledger/entry.js';
import { byMagnitude, exhaustedTerms, explanationLevel, explanationSummary, explanationTerms, termCount, type PiTerm, type PiVerdict } from '../risk/pi/explain.js';
import { WEIGHTS } from '../risk/pi/score.js';
import { burstCountOf, burstTerm, possibleBursts } from './check-burst.js';
import { expectSame, expectThat, notCheckable, type Findings, type NotCheckableReason } from './finding.js';
import { windowGap, type Known, type KnownPast } from './known-past.js';
import { explanationGap, finiteLoss, finitePosterior } from './recorded.js';

const EXPLANATION_FIELDS = ['explanation_level', 'explanation_summary', 'top_contributors'] as const;

/** The verdict an entry records; numbers that are not there are NaN. */
function verdictOf(entry: LedgerEntry): PiVerdict {
  const [nan, none] = [NaN, { allow: NaN, harden: NaN, deny: NaN, terminate: NaN }];
  return {
    action: entry.selected_action,
    score: entry.risk_score ?? nan,
    posterior: finitePosterior(entry.posterior) ?? { safe_fast: nan, suspicious: nan, unsafe: nan },
    loss: finiteLoss(entry.expected_loss) ?? none,
    triggers: entry.triggers,
    fallbackReason: entry.fallback_reason,
  };
}

/** Checks level, summary, terms and budget of an entry's explanation. */
export function checkExplanation(entry: LedgerEntry, past: KnownPast, findings: Findings): void {
  const gap = explanationGap(entry);
  if (gap !== null) {
    for (const field of EXPLANATION_FIELDS) notCheckable(findings, field, gap);
    notCheckable(findings, 'budget_state', gap);
    return;
  }
  const verdict = verdictOf(entry);
  const exhausted = checkBudget(entry, findings);
  expectSame(findings, 'explanation_level', entry.explanation_level, { value: explanationLevel(verdict, exhausted), basis: 'entry' });
  const { posterior } = verdict;
  if (Number.isNaN(verdict.score + (exhausted ? 0 : posterior.suspicious + posterior.unsafe))) notCheckable(findings, 'explanation_summary', 'not_finite');
  else expectSame(findings, 'explanation_summary', entry.explanation_summary, { value: explanationSummary(verdict, exhausted), basis: 'entry' });
  checkTerms(entry, exhausted ? exhaustedTerms(entry.selected_action) : fullTerms(entry, verdict, past, findings), findings);
}

function checkBudget(entry: LedgerEntry, findings: Findings): boolean {
  const { budget_state: budget, top_contributors: terms } = entry;
  const count = termCount({ triggers: entry.triggers, fallbackReason: entry.fallback_reason });
  const exhausted = BigInt(count) > budget.term_budget || budget.elapsed_ms > budget.time_budget_ms;
  expectSame(findings, 'budget_state.exhausted', budget.exhausted, { value: exhausted, basis: 'entry' });
  expectSame(findings, 'budget_state.fallback_mode', budget.fallback_mode, { value: exhausted, basis: 'entry' });
  const emitted = BigInt(terms.length) === budget.terms_emitted;
  expectThat(findings, { field: 'budget_state.terms_emitted', basis: 'entry', recorded: String(budget.terms_emitted), recomputed: String(terms.length) }, emitted);
  return exhausted;
}

/** A term with what it should be worth; null where that is not known. */
interface ExpectedTerm {
  readonly code: string;
  readonly impact: number | null;
  readonly basis: 'entry' | 'actor' | 'window';
  /** Why its worth is not known, where it is not. */
  readonly gap: NotCheckableReason;
}

/** Terms of an explanation that is not cut short. */
function fullTerms(entry: LedgerEntry, verdict: PiVerdict, past: KnownPast, findings: Findings): ExpectedTerm[] {
  const known: Record<string, Known<number>> = {
    feature_base_score: null,
    feature_recent_mean_score: weighed(past.recentMean, WEIGHTS.recentMean),
    feature_recent_error_rate: weighed(past.errorRate, WEIGHTS.errorRate),
    feature_burst_density_1s: null,
    feature_prior_failure_streak: weighed(past.failureStreak, WEIGHTS.failureStreak),
  };
  checkBurst(entry, past, findings);
  const none = { base: NaN, recentMean: NaN, errorRate: NaN, burst1s: NaN, failureStreak: NaN };
  return explanationTerms(verdict, none).map(({ code, impact }) => {
    const feature = known[code];
    if (feature === undefined) return { code, impact: Number.isNaN(impact) ? null : impact, basis: 'entry', gap: 'not_finite' };
    return { code, impact: feature?.value ?? null, basis: feature?.basis ?? 'actor', gap: code === 'feature_prior_failure_streak' ? 'history_unknown' : windowGap(past.windowSize) };
  });
}

function weighed(feature: Known<number>, weight: number): Known<number> {
  return feature && { value: weight * feature.value, basis: feature.basis };
}

function checkBurst(entry: LedgerEntry, past: KnownPast, findings: Findings): void {
  const field = 'top_contributors.feature_burst_density_1s.signed_impact';
  const recorded = entry.top_contributors.find(({ code }) => code === 'feature_burst_density_1s')?.signed_impact ?? null;
  if (recorded === null) return;
  const possible = possibleBursts(past.state, entry);
  const count = burstCountOf(recorded);
  if (possible === null) notCheckable(findings, field, 'inexact_time');
  else if (count !== null && possible.odd.includes(count)) notCheckable(findings, field, 'call_start_not_recorded');
  else {
    const holds = count !== null && possible.likely.includes(count);
    expectThat(findings, { field, basis: 'actor', recorded, recomputed: possible.likely.map(burstTerm) }, holds);
  }
}

/** Checks each term's worth, then which terms there are and in which order. */
function checkTerms(entry: LedgerEntry, expected: readonly (PiTerm | ExpectedTerm)[], findings: Findings): void {
  const recorded = new Map(entry.top_contributors.map((term) => [term.code, term]));
  for (const term of expected) {
    const found = recorded.get(term.code);
    if (found !== undefined) checkTerm(found, term, findings);
  }
  const terms = expected.map(({ code, impact }) => ({ code, impact: recorded.get(code)?.magnitude ?? impact ?? 0 }));
  const recomputed = terms.sort(byMagnitude).map(({ code }) => code);
  const codes = entry.top_contributors.map(({ code }) => code);
  const holds = codes.length === recomputed.length && codes.every((code, i) => code === recomputed[i]);
  expectThat(findings, { field: 'top_contributors', basis: 'entry', recorded: codes, recomputed }, holds);
}

/** Terms whose own checks say more than that they are not known. */
const CHECKED_APART: readonly string[] = ['feature_base_score', 'feature_burst_density_1s'];

function checkTerm(found: Contributor, expected: PiTerm | ExpectedTerm, findings: Findings): void {
  const path = `top_contributors.${found.code}`;
  const { impact } = expected;
  if (impact !== null) expectSame(findings, `${path}.signed_impact`, found.signed_impact, { value: impact, basis: 'basis' in expected ? expected.basis : 'entry' });
  else if (!CHECKED_APART.includes(found.code)) notCheckable(findings, `${path}.signed_impact`, 'gap' in expected ? expected.gap : 'not_finite');
  if (found.signed_impact === null) notCheckable(findings, `${path}.magnitude`, 'not_finite');
  else expectSame(findings, `${path}.magnitude`, found.magnitude, { value: Math.abs(found.signed_impact), basis: 'entry' });
}
