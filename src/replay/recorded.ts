import type { ExpectedLoss, LedgerEntry, Posterior } from '../ledger/entry.js';
import type { PiExpectedLoss, PiPosterior } from '../risk/pi/expected-loss.js';
import type { NotCheckableReason } from './finding.js';

/** The only explanation schema whose terms are known. */
const EXPLANATION_SCHEMA = 'pi.ext.runtime_risk_explanation.v1';

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

/** Why an entry's explanation cannot be looked at at all; null if it can. Hosts that wrote none left the defaults. */
export function explanationGap(entry: LedgerEntry): NotCheckableReason | null {
  const absent = entry.explanation_summary === '' && entry.top_contributors.length === 0;
  return absent || entry.explanation_schema !== EXPLANATION_SCHEMA ? 'explanation_absent' : null;
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
