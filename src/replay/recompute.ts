import type { Float, LedgerEntry } from '../ledger/entry.js';
import type { Basis, EntryCheck, FieldMismatch, NotCheckableReason } from './finding.js';
import type { RecomputeState } from './known-past.js';
import { recomputation } from './recompute-step.js';

/** A field of an entry that is not what the ledger's own evidence gives. */
export interface RecomputeMismatch extends FieldMismatch {
  /** The entry, from 0. */
  readonly index: number;
  readonly call_id: string;
  readonly extension_id: string;
}

/**
 * Where the score window's length came from: the caller, the ledger's own evidence, or the host's default; `unknown`
 * where none of these will do, so that what rests on it was not checked.
 */
export type WindowSource = 'given' | 'inferred' | 'default' | 'unknown';

/** What recomputing a ledger's decisions found. */
export interface RecomputeReport {
  readonly entryCount: number;
  readonly mismatchCount: number;
  /** How many of them rest on their entry alone. */
  readonly entryMismatchCount: number;
  /** How many of them rest on the window's length. */
  readonly windowMismatchCount: number;
  readonly first: RecomputeMismatch | null;
  /** In ledger order, as many as were to be kept. */
  readonly mismatches: readonly RecomputeMismatch[];
  /** Comparisons made, by field. Sorted by name. */
  readonly checked: Readonly<Record<string, number>>;
  /** Comparisons that could not be made, by field and reason. Sorted by name. */
  readonly notCheckable: Readonly<Record<string, Partial<Readonly<Record<NotCheckableReason, number>>>>>;
  /** Length of the score window that mismatches of basis `window` assume; null where it is not known. */
  readonly windowSize: number | null;
  readonly windowSource: WindowSource;
  /** True where the chain does not start at null, so that the actors' first calls are not there. */
  readonly startsMidChain: boolean;
  /** What a ledger cannot show and was taken for granted, a sentence each. */
  readonly assumptions: readonly string[];
  /** What is no mismatch and yet worth a look, a sentence each. */
  readonly observations: readonly string[];
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

/** Follows the e-process threshold, which is one for the whole host and changes only with its settings. */
function thresholdWatch(): { readonly add: (entry: LedgerEntry, index: number) => void; readonly observations: () => string[] } {
  let last: Float = null;
  let [changes, first] = [0, ''];
  const add = ({ e_threshold: threshold }: LedgerEntry, index: number): void => {
    if (threshold === null) return;
    if (last !== null && threshold !== last) {
      changes += 1;
      if (changes === 1) first = `e_threshold changes at entry ${String(index)}, from ${String(last)} to ${String(threshold)}`;
    }
    last = threshold;
  };
  const observations = (): string[] => {
    if (changes === 0) return [];
    const rest = changes === 1 ? '' : ` (changes in all: ${String(changes)})`;
    return [`${first}${rest}: the host's settings were changed, or the entries were`];
  };
  return { add, observations };
}

/** Said of every recomputation: no ledger shows when a call was decided. */
const NO_OVERLAP = 'calls of one actor do not overlap: each is decided after the one before it was recorded; calls that overlapped in time would look like mismatches of basis actor or window';

const ONE_WINDOW = "the host's score window has one length throughout";

/**
 * Recomputes a ledger's decisions as its entries stream by, in ledger order.
 *
 * @param params - see {@link RecomputeParams}; if no window's length is given, what rests on it is not checkable
 * @throws {@link InputError} BAD_PARAM
 * @remarks Memory is a few windows an actor, plus the mismatches kept; some 20 microseconds an entry.
 * @example
 * ```ts
 * startRecompute().report().entryCount; // => 0
 * ```
 */
export function startRecompute(params: RecomputeParams = {}): Recompute {
  const { windowSize = null, keepMismatches = Infinity, onMismatch } = params;
  const fromStart = recomputation({ windowSize, fromStart: true });
  const midChain = recomputation({ windowSize, fromStart: false });
  const actors = new Map<string, RecomputeState>();
  const tally: Tally = { checked: new Map(), open: new Map() };
  const thresholds = thresholdWatch();
  const kept: RecomputeMismatch[] = [];
  let first: RecomputeMismatch | null = null;
  let [entryCount, mismatchCount, startsMidChain] = [0, 0, false];
  const byBasis: Record<Basis, number> = { entry: 0, actor: 0, window: 0 };
  const note = (mismatch: RecomputeMismatch): void => {
    first ??= mismatch;
    if (mismatchCount < keepMismatches) kept.push(mismatch);
    mismatchCount += 1;
    byBasis[mismatch.basis] += 1;
    onMismatch?.(mismatch);
  };
  const add = (entry: LedgerEntry): number => {
    const { call_id, extension_id } = entry;
    if (entryCount === 0) startsMidChain = entry.prev_ledger_hash !== null;
    const detector = startsMidChain ? midChain : fromStart;
    const { state, out } = detector.step(actors.get(extension_id) ?? detector.init(), entry);
    actors.set(extension_id, state);
    count(tally, out);
    thresholds.add(entry, entryCount);
    for (const found of out.mismatches) note({ index: entryCount, call_id, extension_id, ...found });
    entryCount += 1;
    return out.mismatches.length;
  };
  const report = (): RecomputeReport => ({
    entryCount, mismatchCount, entryMismatchCount: byBasis.entry, windowMismatchCount: byBasis.window, first, mismatches: [...kept], checked: sorted(tally.checked), notCheckable: sorted(tally.open), windowSize,
    windowSource: windowSize === null ? 'unknown' : 'given', startsMidChain, assumptions: windowSize === null ? [NO_OVERLAP] : [NO_OVERLAP, ONE_WINDOW], observations: thresholds.observations(),
  });
  return { add, report };
}
