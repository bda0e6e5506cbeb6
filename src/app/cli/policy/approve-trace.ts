import { openSync, readSync, closeSync } from 'node:fs';
import { InputError } from '../../../errors.js';
import { sha256 } from '../../../ledger/hash.js';
import { parseJson } from '../../../ledger/parse-json.js';
import type { VerifiedLedger } from '../../../ledger/report.js';
import { readEntries } from '../../../ledger/stream.js';
import { approverOf, parseApproval, requireApproved, type Approval, type Approver } from '../../../risk/policy/approval.js';
import { markOf, type MarkedSource, type TraceSource } from '../../../risk/policy/trace-source.js';
import { readBytes, withOpen } from '../../files.js';
import { formOfHead, HEAD_BYTES } from '../../series/form.js';
import type { Io } from '../io.js';
import type { Page } from '../layout.js';
import { naming, requireConsistent, withLedger } from '../ledgers.js';

/** A trace file: what it is known by, and every entry's hash where it is a ledger. */
export interface TraceFile {
  readonly source: MarkedSource;
  readonly entryHashes: readonly string[];
}

/** Whether a file is a ledger, by its beginning. */
function isLedger(path: string): boolean {
  const head = new Uint8Array(HEAD_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    const size = readSync(descriptor, head, 0, head.length, 0);
    return formOfHead(head.subarray(0, size), true)?.startsWith('ledger') ?? false;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * What a trace is known by: a ledger, which must verify, by its data hash and its entries' hashes; another file by its bytes.
 *
 * @param path - a file that can be read more than once
 * @throws {@link InputError} EMPTY_INPUT
 */
export function readTrace(io: Io, path: string): TraceFile {
  const file = path.replace(/^.*[\\/]/, '');
  const byBytes = (hash: string): TraceFile => ({ source: { kind: 'file', dataHash: hash, entryCount: null, firstHash: null, lastHash: null, file, entries: '' }, entryHashes: [] });
  const trace = withOpen(naming(path, () => io.open(path)), (open) => open.trace);
  if (trace !== null) return byBytes(trace.sha256);
  if (!isLedger(path)) {
    const bytes = readBytes(path);
    if (bytes.length === 0) throw new InputError('EMPTY_INPUT', `${path}: the file is empty: expected a ledger or another trace`);
    return byBytes(sha256(bytes));
  }
  const entryHashes: string[] = [];
  const report = withLedger(io, path, (source, options) => {
    const found = readEntries(source, ({ ledger_hash: entryHash }) => entryHashes.push(entryHash), { ...options, keepFaults: 3 });
    requireConsistent(found);
    return found;
  });
  const { computedDataHash: dataHash, entryCount, firstHash, lastHash } = report;
  return { source: { kind: 'ledger', dataHash, entryCount, firstHash, lastHash, file, entries: entryHashes.map(markOf).join('') }, entryHashes };
}

/** A trace as it was given. */
export interface GivenTrace {
  readonly path: string;
  readonly source: MarkedSource;
}

/**
 * What traces are known by, once they are seen to be different ones: the same twice would count every call twice.
 *
 * @throws {@link InputError} NOT_DISJOINT naming both files
 */
export function distinctTraces(io: Io, paths: readonly string[]): GivenTrace[] {
  const seen = new Map<string, string>();
  return paths.map((path) => {
    const { source } = readTrace(io, path);
    const before = seen.get(source.dataHash);
    if (before !== undefined) throw new InputError('NOT_DISJOINT', `${path} has the content of ${before}, by its hash: every call in it would count twice, so give it once`);
    seen.set(source.dataHash, path);
    return { path, source };
  });
}

/** A trace without the marks of its entries. */
export function traceOf({ kind, dataHash, entryCount, firstHash, lastHash, file }: MarkedSource): TraceSource {
  return { kind, dataHash, entryCount, firstHash, lastHash, file };
}

/** Reads the approvals of `--approved`; null where it was not given. */
export function readApprovals(paths: readonly string[] | undefined): Approval[] | null {
  return paths === undefined ? null : paths.map((path) => naming(path, () => parseApproval(parseJson(readBytes(path)))));
}

/**
 * Refuses ledgers that no approval names.
 *
 * @returns what to say of it in the provenance; nothing where no approval was asked for
 * @throws {@link InputError} NOT_APPROVED
 */
function approvedLedgers(approvals: readonly Approval[] | null, ledgers: readonly { readonly dataHash: string; readonly file: string }[]): { readonly approvals?: readonly Approver[] } {
  if (approvals === null) return {};
  const used = new Set(ledgers.map((ledger) => requireApproved(ledger, approvals)));
  return { approvals: [...used].map(approverOf) };
}

/** {@link approvedLedgers} for ledgers read from files. */
export function approvedFiles(paths: readonly string[], ledgers: readonly VerifiedLedger[], approved: readonly string[] | undefined): ReturnType<typeof approvedLedgers> {
  return approvedLedgers(readApprovals(approved), ledgers.map(({ report }, i) => ({ dataHash: report.computedDataHash, file: String(paths[i]) })));
}

/** Shows who approved what a result rests on. */
export function showApprovals(page: Page, approvals: readonly Approver[] = []): void {
  for (const { approvedBy, at, reason } of approvals) page.row('approved', `by ${approvedBy}, ${at}: ${reason}`);
}
