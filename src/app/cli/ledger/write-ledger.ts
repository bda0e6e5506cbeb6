import type { UnsealedEntry } from '../../../ledger/entry.js';
import { dataHash } from '../../../ledger/hash.js';
import { sealEntry } from '../../../ledger/seal.js';
import type { AtomicFile } from '../../atomic-file.js';
import { ledgerText, placeholder, type LedgerLayout } from '../../ledger-text.js';

/** An entry to seal, and the truth about its call. */
export interface LabelledEntry {
  readonly entry: UnsealedEntry;
  readonly label: 'safe' | 'unsafe';
}

/** Where a ledger and its labels go. */
export interface LedgerTarget {
  /** How many entries there are. */
  readonly count: number;
  readonly ledger: AtomicFile;
  /** Null for a ledger without labels. */
  readonly labels: AtomicFile | null;
  readonly layout: LedgerLayout;
  readonly onProgress: (entries: number, done: number) => void;
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Thirteen digits, as every time from 2001 to 2286 has. */
const PLACEHOLDER_MS = 1_000_000_000_000n;

/** Seals and writes entry after entry; the artifact's own hashes, which come first, are filled in at the end. */
export function writeLedger(entries: Iterable<LabelledEntry>, { count, ledger, labels, layout, onProgress }: LedgerTarget): void {
  const encoder = new TextEncoder();
  const text = ledgerText(layout);
  const blank = encoder.encode(text.start(placeholder(BigInt(count), PLACEHOLDER_MS)));
  const hash = dataHash();
  let [index, head, tail, latest]: [number, string | null, string | null, bigint] = [0, null, null, PLACEHOLDER_MS];
  ledger.append(blank);
  labels?.append(encoder.encode('call_id,label\n'));
  for (const { entry, label } of entries) {
    const sealed = sealEntry(entry, tail);
    ledger.append(encoder.encode(text.entry(sealed, index)));
    labels?.append(encoder.encode(`${csvCell(entry.call_id)},${label}\n`));
    tail = sealed.ledger_hash;
    head ??= tail;
    hash.add(tail);
    if (entry.ts_ms > latest) latest = entry.ts_ms;
    index += 1;
    if ((index & 1023) === 0) onProgress(index, index);
  }
  const header = { ...placeholder(BigInt(count), latest), head_ledger_hash: head, tail_ledger_hash: tail, data_hash: hash.digest() };
  ledger.append(encoder.encode(text.end(header)));
  const start = encoder.encode(text.start(header));
  if (start.length !== blank.length) throw new RangeError('the start of the ledger must not change its length');
  ledger.overwrite(0, start);
}
