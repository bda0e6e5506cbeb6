import type { Seal } from './judge.js';
import type { FaultCode, LedgerFault, Writer } from './report.js';

/** How many entries carried which seal, and how many were laid out unlike the host does. */
export interface Tally {
  readonly seals: Record<Seal, number>;
  reformatted: number;
}

const SEALS: readonly Seal[] = ['newer or older', 'newer', 'older', 'own', 'none'];

/** A tally of nothing. */
function emptyTally(): Tally {
  return { seals: { 'newer or older': 0, newer: 0, older: 0, own: 0, none: 0 }, reformatted: 0 };
}

/** What the seals say about the writer. */
export function writerOf({ seals }: Tally): Writer {
  if (seals.newer > 0 && seals.older > 0) return 'both';
  if (seals.newer > 0) return 'newer';
  if (seals.older > 0) return 'older';
  return seals.own > 0 && seals['newer or older'] === 0 ? 'neither' : 'newer or older';
}

/** The entry to be judged next. */
interface Link {
  readonly ledgerHash: string;
  readonly prevHash: string | null;
}

/** A chain of entries checked one after the other. */
export interface Chain {
  /** Entries added. */
  count: number;
  firstHash: string | null;
  firstPrevHash: string | null;
  lastHash: string | null;
  readonly tally: Tally;
  /** The previous hash that the next entry must name; undefined for the first, which may name any. */
  readonly expected: () => string | null | undefined;
  /** Adds an entry whose seal was judged against {@link Chain.expected}, or its own previous hash if that is undefined. */
  readonly add: (link: Link, seal: Seal, reformatted: boolean) => void;
  /** Goes on with a stretch that was checked elsewhere and starts where this one ends. */
  readonly append: (stretch: ChainStretch) => void;
}

/** Entries checked in a row, the first against its own previous hash. */
export interface ChainStretch extends Pick<Chain, 'count' | 'firstHash' | 'firstPrevHash' | 'lastHash' | 'tally'> {
  /** Faults inside the stretch, indices counted from its first entry. */
  readonly faults: readonly LedgerFault[];
}

function shortHash(hash: string | null): string {
  if (hash === null) return 'null';
  return JSON.stringify(hash.length > 20 ? `${hash.slice(0, 16)}...` : hash);
}

/**
 * Starts a chain.
 *
 * @param onFault - told of every fault as it is found
 */
export function startChain(onFault: (fault: LedgerFault) => void): Chain {
  const chain: Chain = {
    count: 0,
    firstHash: null,
    firstPrevHash: null,
    lastHash: null,
    tally: emptyTally(),
    expected: () => (chain.count === 0 ? undefined : chain.lastHash),
    add: ({ ledgerHash, prevHash }, seal, reformatted) => {
      const fault = (code: FaultCode, message: string): void => {
        onFault({ index: chain.count, code, message });
      };
      if (chain.count === 0) {
        chain.firstHash = ledgerHash;
        chain.firstPrevHash = prevHash;
      } else if (prevHash !== chain.lastHash) {
        fault('prev_hash_mismatch', `names ${shortHash(prevHash)} as its predecessor, which stores ${shortHash(chain.lastHash)}`);
      }
      if (seal === 'none') fault('hash_mismatch', `stores ${shortHash(ledgerHash)}, which is not the hash of its content`);
      chain.tally.seals[seal] += 1;
      if (reformatted) chain.tally.reformatted += 1;
      chain.lastHash = ledgerHash;
      chain.count += 1;
    },
    append: ({ count, firstHash, firstPrevHash, lastHash, tally, faults }) => {
      if (count === 0) return;
      if (chain.count === 0) {
        chain.firstHash = firstHash;
        chain.firstPrevHash = firstPrevHash;
      }
      for (const fault of faults) onFault({ ...fault, index: fault.index + chain.count });
      for (const seal of SEALS) chain.tally.seals[seal] += tally.seals[seal];
      chain.tally.reformatted += tally.reformatted;
      chain.lastHash = lastHash;
      chain.count += count;
    },
  };
  return chain;
}
