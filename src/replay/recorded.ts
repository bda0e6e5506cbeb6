import type { BudgetState, ExpectedLoss, LedgerEntry, Posterior } from '../ledger/entry.js';
import type { PiExpectedLoss, PiPosterior } from '../risk/pi/expected-loss.js';
import { EXPLANATION_TERMS } from '../risk/pi/explain.js';
import type { NotCheckableReason } from './finding.js';

/** Schema text of every explanation the host writes. */
export const EXPLANATION_SCHEMA = 'pi.ext.runtime_risk_explanation.v1';

/** An entry's posterior if all of its numbers are there. */
export function finitePosterior({ safe_fast, suspicious, unsafe }: Posterior): PiPosterior | null {
  return safe_fast === null || suspicious === null || unsafe === null ? null : { safe_fast, suspicious, unsafe };
}

/** An entry's losses if all of its numbers are there. */
export function finiteLoss({ allow, harden, deny, terminate }: ExpectedLoss): PiExpectedLoss | null {
  return allow === null || harden === null || deny === null || terminate === null ? null : { allow, harden, deny, terminate };
}

/** Whether the entry says that its actor was in quarantine. */
export function saysQuarantined({ triggers }: LedgerEntry): boolean {
  return triggers.includes('quarantined');
}

/** What a budget reads as where none was written. */
function isDefaultBudget({ term_budget: terms, elapsed_ms: elapsed, terms_emitted: emitted, exhausted, fallback_mode: fallback }: BudgetState): boolean {
  return terms === BigInt(EXPLANATION_TERMS) && elapsed === 0n && emitted === 0n && !exhausted && !fallback;
}

/**
 * Why an entry's explanation cannot be looked at at all; null if it can. An explanation that was never written reads as
 * every default together; one default among other values is a value like any other.
 */
export function explanationGap(entry: LedgerEntry): NotCheckableReason | null {
  const { explanation_schema: schema, explanation_level: level, explanation_summary: summary, top_contributors: terms, budget_state: budget } = entry;
  const absent = schema === EXPLANATION_SCHEMA && level === 'standard' && summary === '' && terms.length === 0 && isDefaultBudget(budget);
  return absent ? 'explanation_absent' : null;
}

/** Signed impact of an entry's term; null where there is none, or no finite one. */
export function impactOf(entry: LedgerEntry, code: string): number | null {
  for (const term of entry.top_contributors) if (term.code === code) return term.signed_impact;
  return null;
}

/** Why an entry's terms are not to be had; null if they are. */
export function termsGap(entry: LedgerEntry): NotCheckableReason | null {
  return explanationGap(entry) ?? (entry.budget_state.exhausted ? 'explanation_exhausted' : null);
}
