import type { Ledger, LedgerEntry } from '../ledger/entry.js';
import type { EntryCheck, FieldMismatch, NotCheckableReason } from './finding.js';
import { inferWindowSize } from './infer-window.js';
import type { RecomputeState } from './known-past.js';
import { recomputation } from './recompute-step.js';

/** A field of an entry that is not what the ledger's own evidence gives. */
export interface RecomputeMismatch extends FieldMismatch {
  /** The entry, from 0. */
  readonly index: number;
  readonly call_id: string;
  readonly extension_id: string;
}

/** Where the score window's length came from: the caller, the ledger's own evidence, or the host's default. */
export type WindowSource = 'given' | 'inferred' | 'default';

/** What recomputing a ledger's decisions found. */
export interface RecomputeReport {
  readonly entryCount: number;
  readonly mismatchCount: number;
  readonly first: RecomputeMismatch | null;
  /** In ledger order, as many as were to be kept. */
  readonly mismatches: readonly RecomputeMismatch[];
  /** Comparisons made, by field. Sorted by name. */
  readonly checked: Readonly<Record<string, number>>;
  /** Comparisons that could not be made, by field and reason. Sorted by name. */
  readonly notCheckable: Readonly<Record<string, Partial<Readonly<Record<NotCheckableReason, number>>>>>;
  /** Length of the score window that mismatches of basis `window` assume. */
  readonly windowSize: number;
  readonly windowSource: WindowSource;
  /** True where the chain does not start at null, so that the actors' first calls are not there. */
  readonly startsMidChain: boolean;
}

/** Settings of {@link startRecompute} and {@link recomputeLedger}. */
export interface RecomputeParams {
  /** Length of the host's score window, an integer in [8, 4096]; no ledger holds it. */
  readonly windowSize?: number;
  /** Mismatches the report lists; all are counted. Default: all. */
  readonly keepMismatches?: number;
  /** Told of every mismatch as it is found. */
  readonly onMismatch?: (mismatch: RecomputeMismatch) => void;
}

/** A recomputation under way. */
export interface Recompute {
  /** Checks the next entry; returns how many of its fields differ. */
  readonly add: (entry: LedgerEntry) => number;
  /** What was found so far. */
  readonly report: () => RecomputeReport;
}

/** Window of the host's scores where nothing else is configured. */
export const DEFAULT_WINDOW_SIZE = 128;

type Reasons = Partial<Record<NotCheckableReason, number>>;

/** Counts of what was compared and what could not be. */
interface Tally {
  readonly checked: Map<string, number>;
  readonly open: Map<string, Reasons>;
}

function count({ checked, open }: Tally, check: EntryCheck): void {
  for (const field of check.checked) checked.set(field, (checked.get(field) ?? 0) + 1);
  for (const { field, reason } of check.notCheckable) {
    const reasons = open.get(field) ?? {};
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    open.set(field, reasons);
  }
}

function sorted<T>(counts: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Recomputes a ledger's decisions as its entries stream by, in ledger order.
 *
 * @param params - see {@link RecomputeParams}; the window's length, if not given, is the host's default
 * @throws {@link InputError} BAD_PARAM
 * @remarks Memory is a few windows an actor, plus the mismatches kept; some 20 microseconds an entry.
 * @example
 * ```ts
 * startRecompute().report().entryCount; // => 0
 * ```
 */
export function startRecompute(params: RecomputeParams = {}): Recompute {
  const { windowSize = DEFAULT_WINDOW_SIZE, keepMismatches = Infinity, onMismatch } = params;
  const fromStart = recomputation({ windowSize, fromStart: true });
  const midChain = recomputation({ windowSize, fromStart: false });
  const actors = new Map<string, RecomputeState>();
  const tally: Tally = { checked: new Map(), open: new Map() };
  const kept: RecomputeMismatch[] = [];
  let first: RecomputeMismatch | null = null;
  let [entryCount, mismatchCount, startsMidChain] = [0, 0, false];
  const note = (mismatch: RecomputeMismatch): void => {
    first ??= mismatch;
    if (mismatchCount < keepMismatches) kept.push(mismatch);
    mismatchCount += 1;
    onMismatch?.(mismatch);
  };
  const add = (entry: LedgerEntry): number => {
    const { call_id, extension_id } = entry;
    if (entryCount === 0) startsMidChain = entry.prev_ledger_hash !== null;
    const detector = startsMidChain ? midChain : fromStart;
    const { state, out } = detector.step(actors.get(extension_id) ?? detector.init(), entry);
    actors.set(extension_id, state);
    count(tally, out);
    for (const found of out.mismatches) note({ index: entryCount, call_id, extension_id, ...found });
    entryCount += 1;
    return out.mismatches.length;
  };
  const windowSource = params.windowSize === undefined ? 'default' : 'given';
  const report = (): RecomputeReport => ({
    entryCount, mismatchCount, first, mismatches: [...kept], checked: sorted(tally.checked), notCheckable: sorted(tally.open), windowSize, windowSource, startsMidChain,
  });
  return { add, report };
}

/**
 * Recomputes every decision of a ledger from the ledger's own evidence: losses, action and state from the posterior;
 * posterior, e-process, drift, score and outcome quantile from the actor's earlier entries; triggers and explanation
 * from all of it. What lacks its inputs is counted as not checkable, never as a mismatch.
 *
 * @param ledger - one ledger; verify it first, for whether its entries are what was sealed is not asked here
 * @param params - see {@link RecomputeParams}
 * @returns all mismatches, field by field; the e-process is compared within 1e-12, all else bit for bit
 * @throws {@link InputError} BAD_PARAM
 * @remarks It is assumed that an actor's calls do not overlap: each is decided after the one before it was recorded.
 * If no window's length is given and the default leaves mismatches that rest on it, a length that the ledger itself
 * shows is tried, and kept if it leaves fewer.
 * @example
 * ```ts
 * recomputeLedger(sealLedger([], { generatedAtMs: 0n })).mismatchCount; // => 0
 * ```
 */
export function recomputeLedger(ledger: Ledger, params: RecomputeParams = {}): RecomputeReport {
  const run = (windowSize: number | undefined): RecomputeReport => {
    const recompute = startRecompute({ ...params, ...(windowSize === undefined ? {} : { windowSize }) });
    for (const entry of ledger.entries) recompute.add(entry);
    return recompute.report();
  };
  const asGiven = run(params.windowSize);
  const inferred = params.windowSize === undefined && asGiven.mismatchCount > 0 ? inferWindowSize(ledger.entries) : null;
  if (inferred === null || inferred === DEFAULT_WINDOW_SIZE) return asGiven;
  const other = run(inferred);
  return other.mismatchCount < asGiven.mismatchCount ? { ...other, windowSource: 'inferred' } : asGiven;
}
