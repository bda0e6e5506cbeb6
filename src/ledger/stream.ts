import { startChain } from './chain.js';
import { buildColumns } from './column-builder.js';
import { decodeEntry } from './decode.js';
import { readRun, type EntryEvents } from './entries.js';
import type { Ledger, LedgerEntry } from './entry.js';
import { headerOfFrame, readFrameEnd, readFrameStart } from './frame.js';
import { dataHash } from './hash.js';
import { parseJson } from './lexeme.js';
import type { LedgerFault, VerificationReport, VerifiedLedger } from './report.js';
import { bytesSource, type ByteSource } from './source.js';
import { headerFaults, reportOf } from './verify.js';
import { openWindow } from './window.js';

/** How to verify a stream. */
export interface StreamOptions {
  /** Told of every fault as it is found; faults of the artifact's own fields come last. */
  readonly onFault?: (fault: LedgerFault) => void;
  /** Faults to keep in the report; all are counted. Default all. */
  readonly keepFaults?: number;
  /** Told now and then how many entries and bytes have been read. */
  readonly onProgress?: (entries: number, bytes: number) => void;
  /** Bytes to read at a time. Default 256 KiB. */
  readonly readBytes?: number;
}

/** Lines collected before the data hash takes them. */
const HASH_LINES = 1024;

/** A data hash fed with raw hashes, in large pieces. */
function lineHash(): { add: (hash: Uint8Array) => void; digest: () => string } {
  const sha = dataHash();
  const lines = Buffer.alloc(65 * HASH_LINES, '\n');
  let used = 0;
  const flush = (): void => {
    sha.addLines(lines.subarray(0, used));
    used = 0;
  };
  return {
    add: (hash) => {
      if (hash.length !== 64) {
        flush();
        sha.addLines(Buffer.concat([hash, Buffer.from('\n')]));
        return;
      }
      if (used === lines.length) flush();
      lines.set(hash, used);
      used += 65;
    },
    digest: () => {
      flush();
      return sha.digest();
    },
  };
}

type Listeners = Pick<EntryEvents, 'onProven' | 'onDecoded'>;

function readAll(source: ByteSource, options: StreamOptions, listeners: Listeners): VerificationReport {
  const { onFault, onProgress, keepFaults = Infinity } = options;
  const window = openWindow(source, { ...(options.readBytes === undefined ? {} : { step: options.readBytes }) });
  const faults: LedgerFault[] = [];
  let faultCount = 0;
  const chain = startChain((fault) => {
    faultCount += 1;
    if (faults.length < keepFaults) faults.push(fault);
    onFault?.(fault);
  });
  const unknownFields = new Map<string, number>();
  const hashes = lineHash();
  const events: EntryEvents = {
    ...listeners,
    onUnknown: (path) => unknownFields.set(path, (unknownFields.get(path) ?? 0) + 1),
    onHash: (hash) => {
      hashes.add(hash);
      if ((chain.count & 4095) === 0) onProgress?.(chain.count, window.offset(window.at));
    },
  };
  const { frame, entriesFollow } = readFrameStart(window);
  if (entriesFollow) readRun({ window, form: frame.form, chain, events, firstIndex: 0 });
  readFrameEnd(window, frame);
  const header = headerOfFrame(frame, events.onUnknown);
  const facts = { chain, computedDataHash: hashes.digest() };
  const { before, after } = headerFaults(header, facts);
  for (const fault of [...before, ...after]) onFault?.(fault);
  return reportOf({ ...facts, header, faults, faultCount, keepFaults, unknownFields });
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
    onProven: ({ memory }, start, end) => {
      onDecoded(decodeEntry(parseJson(memory.subarray(start, end))));
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
