import type { Ledger, LedgerEntry } from '../ledger/entry.js';
import { startRecompute, type RecomputeParams, type RecomputeReport } from './recompute.js';
import { windowSieve, type WindowEvidence } from './window-sieve.js';

/** Window of the host's scores where nothing else is configured. */
export const DEFAULT_WINDOW_SIZE = 128;

/** Hands over a ledger's entries in order; can be asked again. */
export type EntryPass = (visit: (entry: LedgerEntry) => void) => void;

/** Lengths tried at most, of those that the figures leave. */
const TRIES = 4;

function report(pass: EntryPass, params: RecomputeParams): RecomputeReport {
  const recompute = startRecompute(params);
  pass((entry) => void recompute.add(entry));
  return recompute.report();
}

function evidenceOf(pass: EntryPass): WindowEvidence {
  const sieve = windowSieve();
  pass(sieve.add);
  return sieve.evidence();
}

/** Of reports, the one with the fewest mismatches; of equal ones the first. */
function fewest(reports: readonly RecomputeReport[], otherwise: RecomputeReport): RecomputeReport {
  return reports.reduce((best, next) => (next.mismatchCount < best.mismatchCount ? next : best), otherwise);
}

/** Recomputes without anyone's word on the window's length; sound whatever the length was. */
function recomputeUntold(pass: EntryPass, keepMismatches: number): RecomputeReport {
  const run = (windowSize: number): RecomputeReport => ({ ...report(pass, { windowSize, keepMismatches }), windowSource: windowSize === DEFAULT_WINDOW_SIZE ? 'default' : 'inferred' });
  const byDefault = run(DEFAULT_WINDOW_SIZE);
  if (byDefault.windowMismatchCount === 0) return byDefault;
  const { allExcluded, sizes, longestPast } = evidenceOf(pass);
  const others = sizes.filter((size) => size !== DEFAULT_WINDOW_SIZE);
  if (allExcluded) return fewest(others.map(run), byDefault);
  // A window longer than anything seen from the middle would leave all that rests on it unchecked, and say otherwise.
  for (const size of others.filter((s) => !byDefault.startsMidChain || s <= longestPast).slice(0, TRIES)) {
    const inferred = run(size);
    if (inferred.windowMismatchCount === 0) return inferred;
  }
  const untold = report(pass, { keepMismatches });
  const left = `with a score window of ${String(DEFAULT_WINDOW_SIZE)}, the host's default, ${String(byDefault.windowMismatchCount)} values would differ that another length may explain`;
  return { ...untold, observations: [...untold.observations, left] };
}

/**
 * As {@link recomputeLedger}, for entries that can be gone through several times without being held.
 *
 * @param pass - hands over the same entries each time
 */
export function recomputePasses(pass: EntryPass, params: RecomputeParams = {}): RecomputeReport {
  const { windowSize, keepMismatches = Infinity, onMismatch } = params;
  if (windowSize !== undefined) return report(pass, params);
  const found = recomputeUntold(pass, keepMismatches);
  if (onMismatch === undefined) return found;
  if (found.mismatchCount <= found.mismatches.length) found.mismatches.forEach(onMismatch);
  else report(pass, { keepMismatches: 0, onMismatch, ...(found.windowSize === null ? {} : { windowSize: found.windowSize }) });
  return found;
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
 * If no window's length is given, values that rest on it differ only if they do under every length the host allows: the
 * host's default is tried, then the lengths that the ledger's own figures leave. Where some length may explain what no
 * length tried does, such values are not checkable.
 * @example
 * ```ts
 * recomputeLedger(sealLedger([], { generatedAtMs: 0n })).mismatchCount; // => 0
 * ```
 */
export function recomputeLedger(ledger: Ledger, params: RecomputeParams = {}): RecomputeReport {
  return recomputePasses((visit) => {
    for (const entry of ledger.entries) visit(entry);
  }, params);
}
