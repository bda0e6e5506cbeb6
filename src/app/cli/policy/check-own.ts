import { InputError } from '../../../errors.js';
import type { Policy, PolicySource } from '../../../risk/policy/policy.js';
import { markOf, marksOf, prefixDataHashes } from '../../../risk/policy/trace-source.js';
import type { StreamKind } from '../../series/record.js';
import { readTrace, type TraceFile } from './approve-trace.js';
import { streamsOfFiles } from '../envelope/streams.js';
import { EXIT, exitCodeOf } from '../exit.js';
import type { Io } from '../io.js';

/** Whether a policy comes from a file: it names its bytes, or a trace in it. */
export function comesFrom({ provenance, sources }: Policy, { fileHash, dataHashes }: PolicySource): boolean {
  return sources.some((source) => source.fileHash === fileHash) || provenance.traces.some(({ dataHash }) => dataHash === fileHash || dataHashes.includes(dataHash));
}

/** Which of the files that a policy is tried on it was made of. */
export interface OwnFiles {
  /** Those that are a trace of the policy, or share an entry with one as far as that can be seen. */
  readonly ownTraces: readonly string[];
  /** Data hashes of traces whose entries are not at hand: a part of one cannot be told from another ledger. */
  readonly entriesUnknown: readonly string[];
}

/** What of a policy's traces is at hand to compare entries with. */
interface Known {
  readonly hashes: ReadonlySet<string>;
  readonly marks: ReadonlySet<string>;
  /** Traces of which every entry is among the marks. */
  readonly whole: ReadonlySet<string>;
}

function knownOf({ provenance, envelopes, approvals }: Policy, given: readonly TraceFile[]): Known {
  const hashes = new Set(provenance.traces.map(({ dataHash }) => dataHash));
  const marked = [...envelopes.flatMap((envelope) => envelope.provenance.sources), ...given.map(({ source }) => source)].filter(({ dataHash, entries }) => hashes.has(dataHash) && entries !== '');
  // An approval names the first and the last entry: enough for a copy that begins or ends like the trace.
  const ends = approvals.flatMap(({ traces }) => traces).filter(({ dataHash }) => hashes.has(dataHash)).flatMap(({ firstHash, lastHash }) => [firstHash, lastHash].filter((hash) => hash !== null));
  return { hashes, marks: new Set([...marked.flatMap((source) => [...marksOf(source)]), ...ends.map(markOf)]), whole: new Set(marked.map(({ dataHash }) => dataHash)) };
}

function isOwn({ source, entryHashes }: TraceFile, { hashes, marks }: Known): boolean {
  if (hashes.has(source.dataHash) || entryHashes.some((hash) => marks.has(markOf(hash)))) return true;
  for (const dataHash of prefixDataHashes(entryHashes)) if (hashes.has(dataHash)) return true;
  return false;
}

/**
 * Finds the files that a policy was made of, whole, longer or cut.
 *
 * @param files - files that it is tried on
 * @param sources - files named as its own, whose entries are compared too
 */
export function ownFiles(io: Io, policy: Policy, files: readonly string[], sources: readonly string[]): OwnFiles {
  if (files.length === 0) return { ownTraces: [], entriesUnknown: [] };
  const known = knownOf(policy, sources.map((path) => readTrace(io, path)));
  return {
    ownTraces: files.filter((path) => isOwn(readTrace(io, path), known)),
    entriesUnknown: [...known.hashes].filter((hash) => !known.whole.has(hash)),
  };
}

const STREAMS: readonly StreamKind[] = ['score', 'interval', 'error', 'latency', 'value'];

/** Why no stream of any kind can be read from a file; null where one can. */
function whyNoSeries(io: Io, path: string): InputError | null {
  let first: InputError | null = null;
  for (const stream of STREAMS) {
    try {
      streamsOfFiles(io, [path], { stream, by: 'none', sort: true });
      return null;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
    }
  }
  return first;
}

/**
 * Refuses a file that is neither a ledger nor a series of any kind.
 *
 * @throws {@link InputError} as the reader of series, naming the file
 */
export function requireSeries(io: Io, path: string): void {
  const error = whyNoSeries(io, path);
  if (error === null) return;
  if (exitCodeOf(error) !== EXIT.malformed) throw error;
  throw new InputError(error.code, `${path}: this is no ledger, no calls, no telemetry and no other series to try a policy on: ${error.message.replace(`${path}: `, '')}`, { cause: error });
}
