import { createHash, hash } from 'node:crypto';
import type { LedgerEntry, UnsealedEntry } from './entry.js';
import type { Spelling } from './float-text.js';
import { entryPayload } from './print.js';

/** Lower-case hex SHA-256 of bytes, or of the UTF-8 bytes of a text. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/**
 * Hash that binds an entry to the one before it: SHA-256 of the previous hash's text followed by the payload, which
 * ends with that hash again.
 *
 * @param entry - the entry; its own hashes are not looked at
 * @param prevHash - hash of the entry before, any text, or null at the start of a chain
 * @param spelling - the writer's number spelling
 */
export function entryHash(entry: UnsealedEntry, prevHash: string | null, spelling: Spelling = 'newer'): string {
  return sha256((prevHash ?? '') + entryPayload(entry, prevHash, spelling));
}

/** A running data hash: every entry's stored hash and a newline, in order. */
export interface DataHash {
  readonly add: (ledgerHash: string) => void;
  /** Adds lines as they are hashed: hash text and newline, back to back. */
  readonly addLines: (lines: Uint8Array) => void;
  /** The data hash of what was added so far; more can be added. */
  readonly soFar: () => string;
  /** The data hash; nothing can be added afterwards. */
  readonly digest: () => string;
}

/** Starts a data hash. */
export function dataHash(): DataHash {
  const sha = createHash('sha256');
  return {
    add: (ledgerHash) => void sha.update(`${ledgerHash}\n`),
    addLines: (lines) => void sha.update(lines),
    soFar: () => sha.copy().digest('hex'),
    digest: () => sha.digest('hex'),
  };
}

/** Data hash of a whole ledger. */
export function dataHashOf(entries: readonly LedgerEntry[]): string {
  const running = dataHash();
  for (const { ledger_hash: ledgerHash } of entries) running.add(ledgerHash);
  return running.digest();
}
