import { InputError } from '../errors.js';
import type { Chain } from './chain.js';
import { decodeEntry } from './decode.js';
import type { LedgerEntry } from './entry.js';
import { ownEntryText } from './own-text.js';
import { sha256 } from './hash.js';
import { judge, type Seal } from './judge.js';
import { LINKED, NEWER, OLDER, STARTS, type Kernel } from './kernel.js';
import { skipSpace, type JsonNode } from './lexeme.js';
import { parseJson } from './parse-json.js';
import { formatEntry } from './print.js';
import { DEPTH_MAX, ENTRY_BYTES_MAX, peek, takeLine, takeValue, type Window } from './window.js';

/** How entries follow each other: in the artifact's array, or one a line. */
export type Form = 'artifact' | 'json-lines';

/** What a reader of entries wants to be told. Exactly one of the first two is called for each entry, in order. */
export interface EntryEvents {
  /** The kernel proved an entry, verified, whose text is at `start` to `end` of its memory; see `kernel.spans`. */
  readonly onProven?: (kernel: Kernel, start: number, end: number) => void;
  /** An entry took the slow road. */
  readonly onDecoded?: (entry: LedgerEntry) => void;
  readonly onUnknown: (path: string) => void;
  /** Every stored hash, as raw bytes that are only valid during the call. */
  readonly onHash: (hash: Uint8Array) => void;
}

/** A run of entries being read and verified. */
export interface EntryRun {
  readonly window: Window;
  readonly form: Form;
  readonly chain: Chain;
  readonly events: EntryEvents;
  /** Index of the run's first entry in the file where that is known, for messages. */
  readonly firstIndex: number;
}

interface Slots {
  readonly hash: number;
  readonly prev: number;
}

/** Position after the entry that ends at `end` and, in lines, its newline; 0 where the entry does not stand as it must. */
function entryEnd({ window, form }: EntryRun, end: number): number {
  const { memory } = window.kernel;
  if (end === 0 || end > window.end || end - window.at > ENTRY_BYTES_MAX) return 0;
  if (form === 'artifact') return end;
  const newline = memory.indexOf(0x0a, window.at);
  return newline === end || (newline === end + 1 && memory[end] === 0x0d) ? newline + 1 : 0;
}

/** Proves the entry at the window's position, as it stands or put in order. Null where neither can be done. */
function proveEntry(run: EntryRun): { start: number; end: number; next: number } | null {
  const { kernel, at } = run.window;
  const end = kernel.prove(at);
  if (end !== 0) {
    const next = entryEnd(run, end);
    return next === 0 ? null : { start: at, end, next };
  }
  const next = entryEnd(run, kernel.arrange(at));
  const arrangedEnd = next === 0 ? 0 : kernel.prove(kernel.arranged);
  return arrangedEnd === 0 ? null : { start: kernel.arranged, end: arrangedEnd, next };
}

/** Which of the known writers an entry that the kernel proved is from. */
function sealOf(outcome: number): Seal {
  if ((outcome & NEWER) !== 0) return 'newer';
  return (outcome & OLDER) !== 0 ? 'older' : 'newer or older';
}

/** The fast road: true if the entry at the window's position was proven, verified and added to the chain. */
function addProven(run: EntryRun, slots: Slots): boolean {
  const { window, chain, events } = run;
  const { kernel } = window;
  const { memory, spans } = kernel;
  const proof = proveEntry(run);
  const outcome = kernel.outcome();
  if (proof === null || (outcome & LINKED) === 0) return false;
  const hashStart = spans[slots.hash] ?? 0;
  const ledgerHash = memory.toString('latin1', hashStart, hashStart + 64);
  if (sha256(memory.subarray(kernel.payload, kernel.payload + kernel.payloadLength())) !== ledgerHash) return false;
  const prevStart = (spans[slots.prev] ?? 0) + 1;
  const prevHash = (outcome & STARTS) !== 0 ? null : (chain.lastHash ?? memory.toString('latin1', prevStart, prevStart + 64));
  kernel.accept();
  chain.add({ ledgerHash, prevHash }, sealOf(outcome), proof.start !== window.at);
  events.onHash(memory.subarray(hashStart, hashStart + 64));
  events.onProven?.(kernel, proof.start, proof.end);
  window.at = proof.next;
  return true;
}

/** Where an entry stands, for messages. */
function placeOf(run: EntryRun): string {
  const index = run.firstIndex + run.chain.count;
  return run.form === 'artifact' ? `entries[${String(index)}]` : `line ${String(index + 1)}`;
}

/** Whether an entry's text differs from the one its hash covers. */
function isReformatted(bytes: Uint8Array, entry: LedgerEntry, node: JsonNode, seal: Seal): boolean {
  if (seal === 'none') return false;
  const sealed = seal === 'own' ? ownEntryText(node) : formatEntry(entry, seal === 'older' ? 'older' : 'newer');
  return Buffer.compare(bytes, Buffer.from(sealed)) !== 0;
}

/** Takes the entry at the window's position and parses it. */
function takeEntry({ window, form }: EntryRun): { bytes: Uint8Array; node: JsonNode } {
  const { bytes, offset } = form === 'artifact' ? takeValue(window) : takeLine(window);
  if (form === 'json-lines' && skipSpace(bytes, 0) === bytes.length) throw new InputError('BAD_JSON', 'the line is empty: expected an entry');
  return { bytes, node: parseJson(bytes, { base: offset, maxDepth: DEPTH_MAX, depth: form === 'artifact' ? 2 : 0 }) };
}

/** The slow road: parses the entry, judges its seal by every text it may have been sealed over, and adds it. */
function addDecoded(run: EntryRun): void {
  const { window, chain, events } = run;
  const place = placeOf(run);
  const start = window.offset(window.at);
  try {
    const { bytes, node } = takeEntry(run);
    const entry = decodeEntry(node, 'entry', events.onUnknown);
    const expected = chain.expected();
    const link = { ledgerHash: entry.ledger_hash, prevHash: entry.prev_ledger_hash };
    const seal = judge(entry, expected === undefined ? link.prevHash : expected, node);
    chain.add(link, seal, isReformatted(bytes, entry, node, seal));
    events.onHash(Buffer.from(link.ledgerHash));
    events.onDecoded?.(entry);
    window.kernel.expect(link.ledgerHash);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const at = error.offset === null ? `byte ${String(start)}: ` : '';
    throw new InputError(error.code, `${place}, ${at}${error.message}`, { offset: error.offset ?? start, cause: error });
  }
}

/** Adds the entry at the window's position, reading on as far as it needs. */
function addEntry(run: EntryRun, slots: Slots): void {
  do {
    if (addProven(run, slots)) return;
  } while (run.window.more());
  addDecoded(run);
}

/** Moves behind what separates entries. True if another entry follows. */
function nextEntry(run: EntryRun, first: boolean): boolean {
  const { window } = run;
  if (run.form === 'json-lines') return window.at < window.end || window.more();
  const byte = peek(window);
  if (byte === 0x5d) {
    window.at += 1;
    return false;
  }
  if (first) return true;
  if (byte !== 0x2c) refuseSeparator(run, byte);
  window.at += 1;
  if (peek(window) === 0x5d) refuseSeparator(run, 0x5d);
  return true;
}

function refuseSeparator(run: EntryRun, byte: number): never {
  const offset = run.window.offset(run.window.at);
  const found = byte < 0 ? 'the end of the file' : byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
  throw new InputError('BAD_JSON', `${placeOf(run)}, byte ${String(offset)}: expected an entry or the end of entries, found ${found}`, { offset });
}

/**
 * Reads and verifies entries from the window's position on, which is the start of an entry or the end of entries.
 *
 * @param until - file offset: stops before the first entry that starts at or after it
 * @returns true if entries follow, the window then being at the start of one; false at the end of entries
 * @throws {@link InputError} whatever makes an entry unreadable, naming entry or line and byte
 */
export function readRun(run: EntryRun, until: number = Infinity): boolean {
  const { window } = run;
  const slots: Slots = { hash: window.kernel.slot('ledger_hash'), prev: window.kernel.slot('prev_ledger_hash') };
  if (run.chain.count > 0) window.kernel.expect(run.chain.lastHash ?? '');
  let first = true;
  while (nextEntry(run, first)) {
    if (window.offset(window.at) >= until) return true;
    addEntry(run, slots);
    first = false;
  }
  return false;
}
