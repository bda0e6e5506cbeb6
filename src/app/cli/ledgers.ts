import { InputError } from '../../errors.js';
import type { VerificationReport, VerifiedLedger } from '../../ledger/report.js';
import type { ByteSource } from '../../ledger/source.js';
import { readVerified, type StreamOptions } from '../../ledger/stream.js';
import { traceLedger, type TraceIdentity } from '../../baseline/trace/trace-ledger.js';
import { readArrowStream } from '../../trace/arrow-stream-read.js';
import { sizeOfFile, withOpen } from '../files.js';
import { startProgress } from '../progress.js';
import { withVettedFiles, type VettedTrace } from '../trace-files/vetted.js';
import type { Cli } from './cli.js';
import { usageError } from './exit.js';
import { say, type Io } from './io.js';

/** The part of help that says in which forms a trace may be given. */
export const TRACE_HELP = `
A trace may be an Arrow stream or file, Parquet, or JSON Lines of the trace
table, recognised by content, gzip or not. A process of its own reads and checks
it first; a FILE.sha256 beside it must hold.`;

/** Errors that say which file they are about: another file that was open at the time is not it. */
const NAMED = new WeakSet<InputError>();

function named(path: string, error: unknown): unknown {
  if (!(error instanceof InputError) || NAMED.has(error)) return error;
  const full = new InputError(error.code, `${path}: ${error.message}${otherKind(error)}`, { cause: error, ...(error.offset === null ? {} : { offset: error.offset }) });
  NAMED.add(full);
  return full;
}

/** A first line of something else than a ledger fails at its first field, which says little to who mistook the file. */
function otherKind({ code, message }: InputError): string {
  if (code !== 'MISSING_FIELD' || !message.startsWith('line 1, byte 0: entry.')) return '';
  return ': a line of a ledger is a sealed entry; recorded calls and other records are for "hindcast detect", "novel", "report" and "import"';
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

/** Runs `use` with a command line whose `io.open` opens the traces among the files too, in any form, once they are checked. */
export async function withTraces<T>(cli: Cli, paths: readonly string[], use: (cli: Cli) => T | Promise<T>): Promise<T> {
  return withVettedFiles(paths, (open) => use({ ...cli, io: { ...cli.io, open } }), { onTrace: (_, size) => startProgress(cli.io, 'checking', size) });
}

/** Opens a ledger file, or a trace in its place, with a progress bar and hands over its bytes. */
export function withLedger<T>(io: Io, path: string, use: (source: ByteSource, options: StreamOptions, trace: VettedTrace | null) => T): T {
  return withOpen(naming(path, () => io.open(path)), ({ source, sizeBytes, trace }) => {
    const progress = startProgress(io, 'reading', sizeBytes);
    try {
      return naming(path, () => use(source, { onProgress: progress.update }, trace));
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
 * @throws {@link InputError} INVALID_LEDGER naming the file and its first faults, or as `readVerified` and `traceLedger`
 */
export function readLedgers(io: Io, paths: readonly string[], { callIds = false, partial = false }: Pick<TraceIdentity, 'callIds' | 'partial'> = {}): VerifiedLedger[] {
  const ledgers = paths.map((path) => withLedger(io, path, (source, stream, trace) => {
    if (trace !== null) return traceLedger(readArrowStream(source).chunks, { dataHash: trace.sha256, callIds, partial });
    const ledger = readVerified(source, { ...stream, callIds: callIds !== false, keepFaults: 3 });
    requireConsistent(ledger.report);
    return ledger;
  }));
  warnOfRepeats(io, paths, ledgers);
  return ledgers;
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
