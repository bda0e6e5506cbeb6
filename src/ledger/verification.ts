import { startChain, type Chain } from './chain.js';
import type { EntryEvents } from './entries.js';
import { headerOfFrame, type Frame } from './frame.js';
import { dataHash } from './hash.js';
import type { LedgerFault, VerificationReport } from './report.js';
import { headerFaults, reportOf } from './verify.js';

/** How to report on a ledger file being verified. */
export interface VerificationOptions {
  /** Told of every fault as it is found; faults of the artifact's own fields come last. */
  readonly onFault?: (fault: LedgerFault) => void;
  /** Faults to keep in the report; all are counted. Default all. */
  readonly keepFaults?: number;
  /** Told now and then how many entries and bytes have been read. */
  readonly onProgress?: (entries: number, bytes: number) => void;
}

/** A verification under way: what has been gathered while entries are read. */
export interface Verification {
  readonly chain: Chain;
  readonly onFault: (fault: LedgerFault) => void;
  readonly onUnknown: EntryEvents['onUnknown'];
  /** Counts a field no hash covers several times over. */
  readonly addUnknown: (path: string, count: number) => void;
  readonly hashes: HashLines;
  /** Ends it: compares the artifact's own fields with what was gathered. */
  readonly finish: (frame: Frame) => VerificationReport;
}

/** A running data hash that takes stored hashes one by one or as ready lines. */
export interface HashLines {
  readonly add: (hash: Uint8Array) => void;
  readonly addLines: (lines: Uint8Array) => void;
}

/** Unknown fields told apart; the rest are counted together, so that a hostile file cannot fill the memory. */
const PATHS_MAX = 1000;
const PATH_LENGTH_MAX = 200;
const OTHER_PATHS = '(others)';

/** Lines collected before they are hashed together. */
const BATCH = 1024;

/** Collects stored hashes, a newline after each, and hands them over in large pieces. */
export function hashLines(take: (lines: Uint8Array) => void): HashLines & { flush: () => void } {
  const lines = Buffer.alloc(65 * BATCH, '\n');
  let used = 0;
  const flush = (): void => {
    if (used > 0) take(lines.subarray(0, used));
    used = 0;
  };
  return {
    flush,
    add: (hash) => {
      if (hash.length !== 64) {
        flush();
        take(Buffer.concat([hash, Buffer.from('\n')]));
        return;
      }
      if (used === lines.length) flush();
      lines.set(hash, used);
      used += 65;
    },
    addLines: (more) => {
      flush();
      take(more);
    },
  };
}

/** Starts a verification. */
export function startVerification({ onFault: tell, keepFaults = Infinity }: VerificationOptions): Verification {
  const faults: LedgerFault[] = [];
  let faultCount = 0;
  const onFault = (fault: LedgerFault): void => {
    faultCount += 1;
    if (faults.length < keepFaults) faults.push(fault);
    tell?.(fault);
  };
  const chain = startChain(onFault);
  const unknownFields = new Map<string, number>();
  const addUnknown = (path: string, count: number): void => {
    const short = path.length > PATH_LENGTH_MAX ? `${path.slice(0, PATH_LENGTH_MAX)}...` : path;
    const name = unknownFields.has(short) || unknownFields.size < PATHS_MAX ? short : OTHER_PATHS;
    unknownFields.set(name, (unknownFields.get(name) ?? 0) + count);
  };
  const sha = dataHash();
  const hashes = hashLines(sha.addLines);
  return {
    chain,
    onFault,
    addUnknown,
    onUnknown: (path) => {
      addUnknown(path, 1);
    },
    hashes,
    finish: (frame) => {
      const header = headerOfFrame(frame, (path) => {
        addUnknown(path, 1);
      });
      hashes.flush();
      const facts = { chain, computedDataHash: sha.digest() };
      const { before, after } = headerFaults(header, facts);
      for (const fault of [...before, ...after]) tell?.(fault);
      return reportOf({ ...facts, header, faults, faultCount, keepFaults, unknownFields });
    },
  };
}
