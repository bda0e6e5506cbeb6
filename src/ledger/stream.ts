import { buildColumns } from './column-builder.js';
import { readRun, type EntryEvents } from './entries.js';
import type { Ledger, LedgerEntry } from './entry.js';
import { readFrameEnd, readFrameStart } from './frame.js';
import type { Kernel } from './kernel.js';
import { provenEntry } from './proven-entry.js';
import type { VerificationReport, VerifiedLedger } from './report.js';
import { bytesSource, type ByteSource } from './source.js';
import { startVerification, type VerificationOptions } from './verification.js';
import { openWindow } from './window.js';

/** How to verify a stream. */
export interface StreamOptions extends VerificationOptions {
  /** Bytes to read at a time. Default 256 KiB. */
  readonly readBytes?: number;
  /** A kernel from {@link startKernel} to use again, one reading at a time: worth it for many small files. */
  readonly kernel?: Kernel;
  /** Told at the end, where there are entries, which hash the first names as its predecessor's and which the last has. */
  readonly onChain?: (chain: { readonly firstPrevHash: string | null; readonly lastHash: string | null }) => void;
}

/** Entries between two calls of `onProgress`, a power of two. */
const PROGRESS_STRIDE = 4096;

function readAll(source: ByteSource, options: StreamOptions, listeners: Pick<EntryEvents, 'onProven' | 'onDecoded'>): VerificationReport {
  const { onProgress, readBytes, kernel } = options;
  const window = openWindow(source, { ...(readBytes && { step: readBytes }), ...(kernel && { kernel }) });
  const verification = startVerification(options);
  const { chain, hashes, onUnknown } = verification;
  const onHash = (hash: Uint8Array): void => {
    hashes.add(hash);
    if ((chain.count & (PROGRESS_STRIDE - 1)) === 0) onProgress?.(chain.count, window.offset(window.at));
  };
  const { frame, entriesFollow } = readFrameStart(window);
  if (entriesFollow) readRun({ window, form: frame.form, chain, events: { ...listeners, onUnknown, onHash }, firstIndex: 0 });
  readFrameEnd(window, frame);
  if (chain.count > 0) options.onChain?.(chain);
  return verification.finish(frame);
}

/**
 * Verifies a ledger file of any size as it streams by: structure, types, every link and hash. An artifact (compact,
 * pretty or in any key order) and JSON Lines of entries are told apart by their keys.
 *
 * @param source - the file's bytes
 * @returns the report, with as many faults as `keepFaults` allows and the number of all
 * @throws {@link InputError} with a code, a sentence naming entry or line, byte, field and value, and the byte's
 * offset, where the file cannot be read
 * @remarks One pass, bounded memory. An entry verifies if its stored hash is that of its canonical text in the newer
 * or older number spelling, or of the same text with its numbers as they stand (reported as sealed by neither known
 * writer).
 * @example
 * ```ts
 * const text = formatLedger(sealLedger([], { generatedAtMs: 0n }));
 * verifyStream(bytesSource(new TextEncoder().encode(text))).consistent; // => true
 * ```
 */
export function verifyStream(source: ByteSource, options: StreamOptions = {}): VerificationReport {
  return readAll(source, options, {});
}

/** {@link StreamOptions}, and whether the columns should hold every call_id. */
export interface ColumnOptions extends StreamOptions {
  readonly callIds?: boolean;
}

/** Verifies a ledger as {@link verifyStream} does and lays it out by column in the same pass. */
export function readVerified(source: ByteSource, options: ColumnOptions = {}): VerifiedLedger {
  const columns = buildColumns(options.callIds ?? false);
  const report = readAll(source, options, { onProven: columns.addProven, onDecoded: columns.addDecoded });
  return { report, columns: columns.done() };
}

/**
 * Verifies a ledger as {@link verifyStream} does and hands over its entries one by one, in order.
 *
 * @param visit - gets each entry and its index; the chain's verdict is known only at the end
 */
export function readEntries(source: ByteSource, visit: (entry: LedgerEntry, index: number) => void, options: StreamOptions = {}): VerificationReport {
  let index = 0;
  const onDecoded = (entry: LedgerEntry): void => {
    visit(entry, index);
    index += 1;
  };
  return readAll(source, options, {
    onDecoded,
    onProven: (kernel, start, end) => {
      onDecoded(provenEntry(kernel, start, end));
    },
  });
}

/**
 * Reads a whole ledger into memory, whether it verifies or not.
 *
 * @throws {@link InputError} as {@link verifyStream}
 */
export function readLedger(source: ByteSource | Uint8Array): Ledger {
  const entries: LedgerEntry[] = [];
  const { header } = readEntries(source instanceof Uint8Array ? bytesSource(source) : source, (entry) => entries.push(entry));
  return {
    header: header && {
      schema: header.schema,
      generated_at_ms: header.generatedAtMs,
      entry_count: header.entryCount,
      head_ledger_hash: header.headHash,
      tail_ledger_hash: header.tailHash,
      data_hash: header.dataHash,
    },
    entries,
  };
}
