import { InputError } from '../../errors.js';
import { dataHash } from '../../ledger/hash.js';
import { requireUsable, type VerifiedLedger } from '../../ledger/report.js';
import { count, hash, nullOr, oneOf, record, text, type Reader } from './artifact-reader.js';

/** A trace by its hash. Plain JSON. */
export interface TraceSource {
  /** `ledger`: the hash is the ledger's data hash; `file`: the SHA-256 of the file's bytes, for what has no chain. */
  readonly kind: 'ledger' | 'file';
  readonly dataHash: string;
  /** Entries of a ledger; null for another file. */
  readonly entryCount: number | null;
  /** Hash of a ledger's first and last entry; null for another file, and for a ledger without entries. */
  readonly firstHash: string | null;
  readonly lastHash: string | null;
  /** What the file was called; a comment, which nothing rests on. */
  readonly file: string | null;
}

const TRACE_SOURCE: { readonly [K in keyof TraceSource]: Reader<TraceSource[K]> } = {
  kind: oneOf(['ledger', 'file']),
  dataHash: hash,
  entryCount: nullOr(count),
  firstHash: nullOr(text),
  lastHash: nullOr(text),
  file: nullOr(text),
};

/** Reads a {@link TraceSource}. */
export const traceSource: Reader<TraceSource> = record<TraceSource>(TRACE_SOURCE);

/**
 * What a ledger is known by in approvals and policies.
 *
 * @param ledger - as read; only its report is looked at
 * @param file - what the file was called; null where it has no name
 * @throws {@link InputError} INVALID_LEDGER, EMPTY_LEDGER where the ledger cannot be relied on
 * @example
 * ```ts
 * const ledger = verifiedLedger(sealLedger([...generateEntries({ entries: 2, seed: 1 })].map(({ entry }) => entry), { generatedAtMs: 0n }));
 * const { kind, entryCount, file } = ledgerSource(ledger, 'monday.json');
 * [kind, entryCount, file]; // => ['ledger', 2, 'monday.json']
 * ```
 */
export function ledgerSource(ledger: VerifiedLedger, file: string | null = null): TraceSource {
  requireUsable(ledger);
  const { computedDataHash, entryCount, firstHash, lastHash } = ledger.report;
  return { kind: 'ledger', dataHash: computedDataHash, entryCount, firstHash, lastHash, file };
}

/** A trace and the mark of every entry in it. */
export interface MarkedSource extends TraceSource {
  /** The first 16 hex digits of each entry's hash, in order, run together; empty where there are no entries. */
  readonly entries: string;
}

/** Digits of an entry's hash that mark it: 64 bits, which two different entries share by chance once in 1e19 pairs. */
const MARK = 16;

/** The mark of an entry, from its hash. */
export function markOf(entryHash: string): string {
  return entryHash.slice(0, MARK).padEnd(MARK, '-');
}

/** The mark of each entry, in order. */
export function* marksOf({ entries }: Pick<MarkedSource, 'entries'>): Generator<string> {
  for (let at = 0; at < entries.length; at += MARK) yield entries.slice(at, at + MARK);
}

/** The members of a {@link MarkedSource}. */
export const MARKED_SOURCE: { readonly [K in keyof MarkedSource]: Reader<MarkedSource[K]> } = { ...TRACE_SOURCE, entries: text };

/** Refuses a source whose marks are not one an entry. @throws {@link InputError} NUMBER_OUT_OF_RANGE */
export function requireMarked<T extends MarkedSource>(source: T, at: string): T {
  if (source.entries.length === MARK * (source.entryCount ?? 0)) return source;
  throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.entries must hold ${String(MARK)} digits for each of ${String(source.entryCount ?? 0)} entries, got ${String(source.entries.length)}`);
}

const nameOf = ({ file, dataHash: hashText }: Pick<TraceSource, 'file' | 'dataHash'>): string => file ?? hashText.slice(0, 16);

/**
 * Refuses traces that share an entry with each other.
 *
 * @throws {@link InputError} NOT_DISJOINT naming both and the entry
 * @remarks Exact for ledgers, whole or cut: an entry's hash covers all before it, so two traces share an entry exactly
 * if they share a hash. Two records of the same calls that are sealed apart, or not at all, cannot be told to be the same.
 */
export function requireDisjoint(sources: readonly MarkedSource[], what: string): void {
  const seen = new Map<string, number>();
  for (const [i, source] of sources.entries()) {
    for (const mark of [source.dataHash, ...marksOf(source)]) {
      const at = seen.get(mark);
      const other = at === undefined || at === i ? undefined : sources[at];
      if (other !== undefined) {
        const shared = mark === source.dataHash ? 'they have the same data hash' : `both hold the entry with the hash ${mark}...`;
        throw new InputError('NOT_DISJOINT', `${what} must be disjoint, but ${nameOf(source)} and ${nameOf(other)} are not: ${shared}`);
      }
      seen.set(mark, i);
    }
  }
}

/**
 * The data hash of a ledger cut off after each of its entries: what a shorter copy of it would be known by.
 *
 * @param entryHashes - in order
 * @returns data hashes; the last is the ledger's own
 */
export function* prefixDataHashes(entryHashes: Iterable<string>): Generator<string> {
  const running = dataHash();
  for (const entryHash of entryHashes) {
    running.add(entryHash);
    yield running.soFar();
  }
}
