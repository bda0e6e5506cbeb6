import { startChain, writerOf, type Chain } from './chain.js';
import { columnsOf } from './columns.js';
import { LEDGER_SCHEMA, type Ledger, type LedgerHeader } from './entry.js';
import { dataHashOf } from './hash.js';
import { judge } from './judge.js';
import type { FaultCode, LedgerFault, ReportedHeader, VerificationReport, VerifiedLedger } from './report.js';

/** What the entries themselves say, which a header is compared with. */
interface Facts {
  readonly chain: Chain;
  readonly computedDataHash: string;
}

/** Faults of an artifact's own fields, in two parts: those named before the entries' faults, and after. */
export function headerFaults(header: ReportedHeader | null, { chain, computedDataHash }: Facts): { before: LedgerFault[]; after: LedgerFault[] } {
  if (header === null) return { before: [], after: [] };
  const { count } = chain;
  const at = (index: number, code: FaultCode, wrong: boolean, message: string): LedgerFault[] => (wrong ? [{ index, code, message }] : []);
  const text = (hash: string | null): string => (hash === null ? 'null' : JSON.stringify(hash.length > 80 ? `${hash.slice(0, 80)}...` : hash));
  return {
    before: [
      ...at(0, 'schema_mismatch', header.schema !== LEDGER_SCHEMA, `schema is ${text(header.schema)}, expected ${text(LEDGER_SCHEMA)}`),
      ...at(count, 'entry_count_mismatch', header.entryCount !== BigInt(count), `entry_count is ${String(header.entryCount)}, there are ${String(count)} entries`),
      ...at(0, 'head_hash_mismatch', header.headHash !== chain.firstHash, `head_ledger_hash is ${text(header.headHash)}, the first entry stores ${text(chain.firstHash)}`),
      ...at(count, 'tail_hash_mismatch', header.tailHash !== chain.lastHash, `tail_ledger_hash is ${text(header.tailHash)}, the last entry stores ${text(chain.lastHash)}`),
    ],
    after: at(count, 'data_hash_mismatch', header.dataHash !== computedDataHash, `data_hash is ${text(header.dataHash)}, the entries give ${text(computedDataHash)}`),
  };
}

/** A header as reports name it. */
export function reportedHeader(header: LedgerHeader): ReportedHeader {
  return {
    schema: header.schema,
    generatedAtMs: header.generated_at_ms,
    entryCount: header.entry_count,
    headHash: header.head_ledger_hash,
    tailHash: header.tail_ledger_hash,
    dataHash: header.data_hash,
  };
}

/** What {@link reportOf} puts together. */
export interface ReportParts extends Facts {
  readonly header: ReportedHeader | null;
  /** Entry faults kept, in order, and how many there were. */
  readonly faults: readonly LedgerFault[];
  readonly faultCount: number;
  /** Faults the report may list. */
  readonly keepFaults: number;
  readonly unknownFields: ReadonlyMap<string, number>;
}

/** The report on a chain that has been read to its end. */
export function reportOf(parts: ReportParts): VerificationReport {
  const { header, chain, computedDataHash, keepFaults } = parts;
  const { before, after } = headerFaults(header, parts);
  const faultCount = before.length + parts.faultCount + after.length;
  return {
    form: header === null ? 'json-lines' : 'artifact',
    header,
    entryCount: chain.count,
    firstHash: chain.firstHash,
    lastHash: chain.lastHash,
    computedDataHash,
    consistent: faultCount === 0,
    faultCount,
    faults: [...before, ...parts.faults, ...after].slice(0, keepFaults),
    possibleCutAtFront: chain.firstPrevHash !== null,
    writer: writerOf(chain.tally),
    ownSpellingCount: chain.tally.seals.own,
    reformattedCount: chain.tally.reformatted,
    unknownFields: [...parts.unknownFields].map(([path, count]) => ({ path, count })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/**
 * Verifies a ledger in memory: schema, count, first and last hash, every link and entry hash, and the data hash.
 * Finds every fault, each with index, code and a sentence.
 *
 * @param ledger - typed values, as `sealLedger` makes or `readLedger` reads them
 * @returns the report; "internally consistent" is the most a chain without a key can be
 * @remarks O(n). Entries are judged by the canonical text of either known writer; number spellings that only a file's
 * own text shows are `verifyStream`'s to judge.
 * @example
 * ```ts
 * verifyLedger(sealLedger([], { generatedAtMs: 0n })).consistent; // => true
 * ```
 */
export function verifyLedger({ header, entries }: Ledger): VerificationReport {
  const faults: LedgerFault[] = [];
  const chain = startChain((fault) => faults.push(fault));
  for (const entry of entries) {
    const expected = chain.expected();
    const seal = judge(entry, expected === undefined ? entry.prev_ledger_hash : expected);
    chain.add({ ledgerHash: entry.ledger_hash, prevHash: entry.prev_ledger_hash }, seal, false);
  }
  return reportOf({
    header: header && reportedHeader(header),
    chain,
    computedDataHash: dataHashOf(entries),
    faults,
    faultCount: faults.length,
    keepFaults: Infinity,
    unknownFields: new Map(),
  });
}

/** A ledger in memory, verified and laid out by column. */
export function verifiedLedger(ledger: Ledger): VerifiedLedger {
  return { report: verifyLedger(ledger), columns: columnsOf(ledger.entries) };
}
