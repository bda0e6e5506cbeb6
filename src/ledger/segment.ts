import { startChain, type ChainStretch } from './chain.js';
import { readRun, type Form } from './entries.js';
import type { LedgerFault } from './report.js';
import type { ByteSource } from './source.js';
import { hashLines, type Verification } from './verification.js';
import { ENTRY_BYTES_MAX, openWindow, peek, type Window } from './window.js';

/** A part of a file's entries that can be verified before what comes ahead of it is known. */
export interface SegmentTask {
  readonly form: Form;
  /** File offset from which to look for the first entry; for lines, of the newline before it at the earliest. */
  readonly from: number;
  /** Whether an entry is known to start at `from`. */
  readonly exact: boolean;
  /** The segment ends before the first entry that starts at or after this file offset. */
  readonly until: number;
  /** Bytes that every entry starts with, up to the end of its first key: how an entry's start is guessed. */
  readonly opening: Uint8Array;
}

/** What verifying a segment gave. All of it can be passed between threads. */
export interface Segment extends ChainStretch {
  /** File offset of the first entry. */
  readonly start: number;
  /** File offset of the next entry, or behind the end of entries. */
  readonly end: number;
  readonly entriesFollow: boolean;
  /** Stored hashes, a newline after each. */
  readonly hashes: readonly Uint8Array[];
  readonly unknownFields: readonly (readonly [string, number])[];
}

/** How the entry at the window's position opens: its brace and first key. The window does not move. */
export function openingOf(window: Window): Uint8Array {
  const { memory } = window.kernel;
  peek(window);
  while (window.end - window.at < ENTRY_BYTES_MAX && window.more());
  const key = memory.indexOf(0x22, window.at);
  const close = key < 0 || key >= window.end ? -1 : memory.indexOf(0x22, key + 1);
  return Uint8Array.from(memory.subarray(window.at, close < 0 ? window.at + 1 : close + 1));
}

/** Moves the window to the first place that looks like the start of an entry; false if there is none before `until`. */
function seekEntry(window: Window, { form, exact, until, opening }: SegmentTask): boolean {
  const { memory } = window.kernel;
  window.more();
  if (exact) return true;
  for (;;) {
    const hit = form === 'json-lines' ? memory.indexOf(0x0a, window.at) : memory.indexOf(opening, window.at);
    if (hit >= 0 && hit < window.end) {
      window.at = form === 'json-lines' ? hit + 1 : hit;
      return window.offset(window.at) < until;
    }
    // The opening may lie across the edge of what has been read.
    window.at = Math.max(window.at, window.end - opening.length);
    if (!window.more() || window.offset(window.at) >= until) return false;
  }
}

/**
 * Verifies a segment of a file on its own, its first entry against the previous hash that entry names itself.
 *
 * @param source - the file's bytes from `task.from` on
 * @returns null where no entry starts in it
 * @throws {@link InputError} where it cannot be read, which may mean that the start was guessed wrong
 */
export function verifySegment(source: ByteSource, task: SegmentTask): Segment | null {
  const window = openWindow(source, { base: task.from });
  if (!seekEntry(window, task)) return null;
  const start = window.offset(window.at);
  const faults: LedgerFault[] = [];
  const chain = startChain((fault) => faults.push(fault));
  const unknownFields = new Map<string, number>();
  const hashes: Uint8Array[] = [];
  const lines = hashLines((piece) => hashes.push(Uint8Array.from(piece)));
  const events = {
    onUnknown: (path: string) => unknownFields.set(path, (unknownFields.get(path) ?? 0) + 1),
    onHash: lines.add,
  };
  const entriesFollow = readRun({ window, form: task.form, chain, events, firstIndex: 0 }, task.until);
  lines.flush();
  const { count, firstHash, firstPrevHash, lastHash, tally } = chain;
  const stretch: ChainStretch = { count, firstHash, firstPrevHash, lastHash, tally, faults };
  return { ...stretch, start, end: window.offset(window.at), entriesFollow, hashes, unknownFields: [...unknownFields] };
}

/** Whether a segment goes on exactly where a verification stands, so that nothing in it was guessed wrong. */
export function follows({ chain }: Verification, at: number, segment: Segment): boolean {
  return segment.start === at && (chain.count === 0 || segment.firstPrevHash === chain.lastHash);
}

/** Adds a segment to the verification it {@link follows}. */
export function addSegment(verification: Verification, segment: Segment): void {
  verification.chain.append(segment);
  for (const lines of segment.hashes) verification.hashes.addLines(lines);
  for (const [path, count] of segment.unknownFields) verification.addUnknown(path, count);
}
