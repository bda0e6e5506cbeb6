import { LEDGER_SCHEMA, type Ledger, type LedgerEntry, type LedgerHeader, type UnsealedEntry } from './entry.js';
import { dataHashOf, entryHash } from './hash.js';
import { formatEntry, formatLedgerStart } from './print.js';

/**
 * Binds an entry to the one before it.
 *
 * @param prevHash - `ledger_hash` of the entry before, or null at the start of a chain
 */
export function sealEntry(entry: UnsealedEntry, prevHash: string | null): LedgerEntry {
  return { ...entry, ledger_hash: entryHash(entry, prevHash), prev_ledger_hash: prevHash };
}

/** What an artifact says about itself besides its entries. */
export interface SealOptions {
  /** Hash the chain goes on from; null (the default) starts a chain. */
  readonly prevHash?: string | null;
  /** When the artifact was made, in milliseconds since the epoch. Covered by no hash. */
  readonly generatedAtMs: bigint;
}

/**
 * Seals entries into a ledger artifact, byte for byte as the host would.
 *
 * @param entries - in ledger order
 * @returns the ledger; `verifyLedger` finds no fault in it
 * @remarks A seal without a key: anyone can make one, so it shows consistency, not origin.
 * @example
 * ```ts
 * sealLedger([], { generatedAtMs: 5n }).header?.data_hash; // => 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 * ```
 */
export function sealLedger(entries: readonly UnsealedEntry[], options: SealOptions): Ledger {
  let prevHash = options.prevHash ?? null;
  const sealed = entries.map((entry) => {
    const next = sealEntry(entry, prevHash);
    prevHash = next.ledger_hash;
    return next;
  });
  return { header: headerOf(sealed, options.generatedAtMs), entries: sealed };
}

/** The artifact fields that fit these entries. */
export function headerOf(entries: readonly LedgerEntry[], generatedAtMs: bigint): LedgerHeader {
  return {
    schema: LEDGER_SCHEMA,
    generated_at_ms: generatedAtMs,
    entry_count: BigInt(entries.length),
    head_ledger_hash: entries[0]?.ledger_hash ?? null,
    tail_ledger_hash: entries.at(-1)?.ledger_hash ?? null,
    data_hash: dataHashOf(entries),
  };
}

/** A ledger as compact text in the host's field order: an artifact, or JSON Lines where there is no header. */
export function formatLedger({ header, entries }: Ledger): string {
  const texts = entries.map((entry) => formatEntry(entry));
  return header === null ? texts.map((line) => `${line}\n`).join('') : `${formatLedgerStart(header)}${texts.join(',')}]}`;
}
