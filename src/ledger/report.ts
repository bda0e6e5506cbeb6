import { InputError } from '../errors.js';
import type { LedgerColumns } from './columns.js';

/** What can be wrong with a ledger that can be read. */
export type FaultCode =
  | 'schema_mismatch'
  | 'entry_count_mismatch'
  | 'head_hash_mismatch'
  | 'tail_hash_mismatch'
  | 'prev_hash_mismatch'
  | 'hash_mismatch'
  | 'data_hash_mismatch';

/** One broken promise of a ledger. */
export interface LedgerFault {
  /** Entry the fault is at, from 0; the number of entries for faults of the whole. */
  readonly index: number;
  readonly code: FaultCode;
  readonly message: string;
}

/**
 * Which of the host's two number spellings a ledger was sealed with: `1e+16` (newer) or `1e16` (older).
 * They cannot be told apart where no number is 1e16 or more.
 */
export type Writer = 'newer' | 'older' | 'newer or older' | 'both' | 'neither';

/** How an artifact names itself; JSON Lines has none of it. */
export interface ReportedHeader {
  readonly schema: string;
  readonly generatedAtMs: bigint;
  readonly entryCount: bigint;
  readonly headHash: string | null;
  readonly tailHash: string | null;
  readonly dataHash: string;
}

/** What verification found. `consistent` is the strongest word a bare chain supports: anyone can re-seal one. */
export interface VerificationReport {
  readonly form: 'artifact' | 'json-lines';
  /** The artifact's own claims; null for JSON Lines, so count, head, tail and data hash were not there to check. */
  readonly header: ReportedHeader | null;
  readonly entryCount: number;
  /** Stored hash of the first and of the last entry; null when there is none. */
  readonly firstHash: string | null;
  readonly lastHash: string | null;
  /** SHA-256 over the stored entry hashes, one a line. */
  readonly computedDataHash: string;
  /** True when no fault was found: the ledger is internally consistent. */
  readonly consistent: boolean;
  readonly faultCount: number;
  /** Faults in order, as many as the caller asked to keep; `faultCount` counts all. */
  readonly faults: readonly LedgerFault[];
  /** True when the first entry names a predecessor: something may have been cut off the front. */
  readonly possibleCutAtFront: boolean;
  readonly writer: Writer;
  /** Entries whose hash covers number spellings that neither known writer produces. */
  readonly ownSpellingCount: number;
  /** Entries whose text was changed since sealing without changing any value. */
  readonly reformattedCount: number;
  /** Fields no hash covers, by path, with the number of times they occur. Sorted by path. */
  readonly unknownFields: readonly { readonly path: string; readonly count: number }[];
}

/** A ledger's columns together with what verification found: statistics ask for both. */
export interface VerifiedLedger {
  readonly report: VerificationReport;
  readonly columns: LedgerColumns;
}

/**
 * Refuses a ledger that statistics must not be computed from.
 *
 * @throws {@link InputError} INVALID_LEDGER if verification found a fault, EMPTY_LEDGER if there is no entry
 */
export function requireUsable({ report }: VerifiedLedger): void {
  if (!report.consistent) {
    const first = report.faults.slice(0, 3).map((f) => `[${String(f.index)}] ${f.code}: ${f.message}`).join('; ');
    throw new InputError('INVALID_LEDGER', `the ledger does not verify: ${first}`);
  }
  if (report.entryCount === 0) throw new InputError('EMPTY_LEDGER', 'the ledger has no entries');
}
