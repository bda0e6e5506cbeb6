import { startChain } from './chain.js';
import { LEDGER_SCHEMA, type Ledger } from './entry.js';
import { dataHashOf, entryHash } from './hash.js';
import type { LedgerFault } from './report.js';
import { headerFaults, reportedHeader } from './verify.js';

/** The host's verification report, field for field. */
export interface PiVerification {
  readonly schema: string;
  readonly entry_count: number;
  readonly head_ledger_hash: string | null;
  readonly tail_ledger_hash: string | null;
  /** Null for JSON Lines, which has none. */
  readonly artifact_data_hash: string | null;
  readonly computed_data_hash: string;
  readonly valid: boolean;
  readonly errors: readonly LedgerFault[];
}

/**
 * The host's own verdict on a ledger: its newer number spelling alone, every fault in its order.
 *
 * @param ledger - typed values, numbers read correctly; `diagnoseHost` tells what the host's reader makes of a file
 * @example
 * ```ts
 * piVerify(sealLedger([], { generatedAtMs: 0n })).valid; // => true
 * ```
 */
export function piVerify({ header, entries }: Ledger): PiVerification {
  const faults: LedgerFault[] = [];
  const chain = startChain((fault) => faults.push(fault));
  for (const entry of entries) {
    const expected = chain.expected();
    const matches = entryHash(entry, expected === undefined ? entry.prev_ledger_hash : expected) === entry.ledger_hash;
    chain.add({ ledgerHash: entry.ledger_hash, prevHash: entry.prev_ledger_hash }, matches ? 'newer' : 'none', false);
  }
  const computedDataHash = dataHashOf(entries);
  const { before, after } = headerFaults(header && reportedHeader(header), { chain, computedDataHash });
  const errors = [...before, ...faults, ...after];
  return {
    schema: LEDGER_SCHEMA,
    entry_count: chain.count,
    head_ledger_hash: chain.firstHash,
    tail_ledger_hash: chain.lastHash,
    artifact_data_hash: header?.data_hash ?? null,
    computed_data_hash: computedDataHash,
    valid: errors.length === 0,
    errors,
  };
}
