import { LEDGER_SCHEMA } from './entry.js';
import type { LedgerFault, VerificationReport } from './report.js';

/** The host's verification report, field for field. */
export interface PiVerification {
  readonly schema: string;
  readonly entry_count: number;
  readonly head_ledger_hash: string | null;
  readonly tail_ledger_hash: string | null;
  readonly artifact_data_hash: string | null;
  readonly computed_data_hash: string;
  readonly valid: boolean;
  readonly errors: readonly LedgerFault[];
}

/** A report in the host's form. The report must have kept all its faults; JSON Lines has no data hash, so null. */
export function piVerification(report: VerificationReport): PiVerification {
  return {
    schema: LEDGER_SCHEMA,
    entry_count: report.entryCount,
    head_ledger_hash: report.firstHash,
    tail_ledger_hash: report.lastHash,
    artifact_data_hash: report.header?.dataHash ?? null,
    computed_data_hash: report.computedDataHash,
    valid: report.consistent,
    errors: report.faults,
  };
}
