import { InputError } from '../../errors.js';
import type { VerificationReport, VerifiedLedger } from '../../ledger/report.js';
import type { ByteSource } from '../../ledger/source.js';
import { readVerified, type StreamOptions } from '../../ledger/stream.js';
import { isArrowStream } from '../arrow-head.js';
import { sizeOfFile, withSource } from '../files.js';
import { peekInput } from '../input.js';
import { startProgress } from '../progress.js';
import { readTraceLedger } from '../trace-ledger.js';
import { usageError } from './exit.js';
import { say, type Io } from './io.js';

/** Errors that say which file they are about: another file that was open at the time is not it. */
const NAMED = new WeakSet<InputError>();

function named(path: string, error: unknown): unknown {
  if (!(error instanceof InputError) || NAMED.has(error)) return error;
  const full = new InputError(error.code, `${path}: ${error.message}`, { cause: error, ...(error.offset === null ? {} : { offset: error.offset }) });
  NAMED.add(full);
  return full;
}

/** Says which file an error is about, where several could be meant. */
export function naming<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw named(path, error);
  }
}

/** {@link naming} for work that takes its time. */
export async function namingAsync<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw named(path, error);
  }
}

/** Refuses the standard input and pipes where `what` reads a file more than once. */
export function requireRereadable(files: readonly string[], what: string): void {
  const pipe = files.find((path) => path === '-' || sizeOfFile(path) === null);
  if (pipe !== undefined) throw usageError(`${what} reads a file twice, and ${pipe} can be read once: save it to a file first`);
}

/** Opens a ledger file with a progress bar and hands over its bytes. */
export function withLedger<T>(io: Io, path: string, use: (source: ByteSource, options: StreamOptions) => T): T {
  return withSource(path, (source, sizeBytes) => {
    const progress = startProgress(io, 'reading', sizeBytes);
    try {
      return naming(path, () => use(source, { onProgress: progress.update }));
    } finally {
      progress.stop();
    }
  });
}

/**
 * Refuses a ledger that does not verify; an empty one is fine.
 *
 * @throws {@link InputError} INVALID_LEDGER with the first three faults
 */
export function requireConsistent({ consistent, faultCount, faults }: VerificationReport): void {
  if (consistent) return;
  const first = faults.slice(0, 3).map((f) => `[${String(f.index)}] ${f.code}: ${f.message}`).join('; ');
  throw new InputError('INVALID_LEDGER', `the ledger does not verify (faults: ${String(faultCount)}): ${first}`);
}

/**
 * Reads ledgers, or traces in their place, that statistics are to be computed from, in order.
 *
 * @throws {@link InputError} INVALID_LEDGER naming the file and its first faults, or as `readVerified` and `readTraceLedger`
 */
export function readLedgers(io: Io, paths: readonly string[], options: { readonly callIds?: boolean } = {}): VerifiedLedger[] {
  const ledgers = paths.map((path) => withLedger(io, path, (source, stream) => {
    if (isTraceFile(path)) return readTraceLedger(source, options);
    const ledger = readVerified(source, { ...stream, ...options, keepFaults: 3 });
    requireConsistent(ledger.report);
    return ledger;
  }));
  warnOfRepeats(io, paths, ledgers);
  return ledgers;
}

/** Whether a file is a trace, by its beginning; what can be read only once is not looked at. */
function isTraceFile(path: string): boolean {
  const head = path === '-' || sizeOfFile(path) === null ? null : peekInput(path);
  return head !== null && isArrowStream(head);
}

/** The same ledger twice counts every call twice: worth a word, since the figures do not show it. */
function warnOfRepeats(io: Io, paths: readonly string[], ledgers: readonly VerifiedLedger[]): void {
  const seen = new Map<string, number>();
  for (const [i, { report }] of ledgers.entries()) {
    const first = seen.get(report.computedDataHash);
    if (first === undefined) seen.set(report.computedDataHash, i);
    else if (report.entryCount > 0) say(io, `${String(paths[i])} holds the same entries as ${String(paths[first])}: every call in it counts twice`);
  }
}
