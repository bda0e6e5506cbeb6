import type { LedgerEntry } from '../ledger/entry.js';
import { outcomeWindow } from '../risk/pi/actor-state.js';
import { outcomeResidual } from '../risk/pi/outcome.js';
import { TRIGGER_LIMITS } from '../risk/pi/triggers.js';
import { WEIGHTS } from '../risk/pi/score.js';
import { meanOf, nearestRank } from '../risk/pi/windows.js';
import { alphasOf } from './alphas.js';
import { finitePosterior, impactOf, saysQuarantined } from './recorded.js';

/** The last recorded values of one actor, oldest first, long enough for the longest window. */
export interface ActorRecord {
  readonly scores: number[];
  readonly residuals: number[];
  readonly errors: number[];
  /** Quantile of the outcome residuals after the call before; null before the first entry. */
  quantile: number | null;
}

/** How a sieve looks at entries. */
export interface WindowLook {
  /** Whether an actor's record holds all of its calls. */
  readonly fromStart: boolean;
  /** Longest window in question. */
  readonly longest: number;
  /** Additions left for comparing means bit for bit; when they are used up, a mean that is near enough will do. */
  readonly budget: { additions: number };
}

/** Sums this close to a limit are not held against a window: they were not added up in the host's order. */
const MARGIN = 1e-9;

/** Whether an entry can have been written under a window of `size` scores, as far as one look can say. */
export type WindowTest = (size: number) => boolean;

/** How many of `length` values a window of `size` holds; null where it may hold others than those seen. */
type Held = (length: number, size: number) => number | null;

/** Sums of the last 0, 1, 2, ... values, up to `most` of them. */
function sumsFromEnd(values: readonly number[], most: number): Float64Array {
  const count = Math.min(values.length, most);
  const sums = new Float64Array(count + 1);
  for (let k = 1; k <= count; k += 1) sums[k] = (sums[k - 1] ?? 0) + (values[values.length - k] ?? NaN);
  return sums;
}

const meanOfLast = (sums: Float64Array, count: number): number => (count === 0 ? 0 : (sums[count] ?? NaN) / count);

/** The recent mean's term, compared bit for bit where the sums leave a doubt. Without one, all sizes will do. */
function meanTest(term: number, scores: readonly number[], held: Held, { longest, budget }: WindowLook): WindowTest {
  const sums = sumsFromEnd(scores, longest);
  const known = new Map<number, boolean>();
  const exactly = (count: number): boolean => {
    const before = known.get(count);
    if (before !== undefined) return before;
    if (budget.additions < count) return true;
    budget.additions -= count;
    const same = WEIGHTS.recentMean * meanOf(scores, scores.length - count) === term;
    known.set(count, same);
    return same;
  };
  return (size) => {
    const count = held(scores.length, size);
    if (count === null) return true;
    return Math.abs(WEIGHTS.recentMean * meanOfLast(sums, count) - term) <= MARGIN && exactly(count);
  };
}

function errorRateTest(entry: LedgerEntry, errors: readonly number[], held: Held, { longest }: WindowLook): WindowTest {
  const sums = sumsFromEnd(errors, outcomeWindow(longest));
  const term = impactOf(entry, 'feature_recent_error_rate');
  const raised = entry.triggers.includes('high_error_rate');
  return (size) => {
    const count = held(errors.length, outcomeWindow(size));
    if (count === null) return true;
    const rate = meanOfLast(sums, count);
    return term === null ? saysQuarantined(entry) || raised === rate >= TRIGGER_LIMITS.errorRate : term === WEIGHTS.errorRate * rate;
  };
}

/** The newer half of the last values against the older: which sizes would have raised the flag. */
function driftTest(entry: LedgerEntry, { scores, quantile }: ActorRecord, held: Held, { longest }: WindowLook): WindowTest {
  const { risk_score: score, drift_detected: flag } = entry;
  if (score === null || quantile === null) return () => true;
  const before = sumsFromEnd(scores, longest);
  const after = sumsFromEnd([...scores.slice(-longest), score], longest);
  return (size) => {
    const [counted, count] = [held(scores.length, size), held(scores.length + 1, size)];
    if (counted === null || count === null) return true;
    const excess = quantile > 0 ? Math.abs(score - meanOfLast(before, counted)) - quantile * 1.5 : -Infinity;
    const newer = count - Math.floor(count / 2);
    const older = ((after[count] ?? NaN) - (after[newer] ?? NaN)) / (count - newer);
    const moved = count >= Math.floor(size / 2) ? Math.abs(meanOfLast(after, newer) - older) - 0.22 : -Infinity;
    const most = Math.max(excess, moved);
    return Math.abs(most) <= MARGIN || flag === most > 0;
  };
}

function quantileTest({ e_threshold: threshold, conformal_quantile: quantile }: LedgerEntry, residuals: readonly number[], held: Held, { longest }: WindowLook): WindowTest {
  const alphas = threshold === null ? [] : alphasOf(threshold);
  if (alphas.length === 0 || quantile === null) return () => true;
  const below = sumsFromEnd(residuals.slice(-longest).map((r) => (r < quantile ? 1 : 0)), longest);
  const within = sumsFromEnd(residuals.slice(-longest).map((r) => (r <= quantile ? 1 : 0)), longest);
  return (size) => {
    const count = held(residuals.length, size);
    if (count === null) return true;
    return alphas.some((alpha) => {
      const rank = nearestRank(count, 1 - alpha);
      return (below[count] ?? NaN) <= rank && rank < (within[count] ?? NaN);
    });
  };
}

function learn(values: number[], value: number, longest: number): void {
  values.push(value);
  if (values.length > 2 * longest) values.splice(0, values.length - longest);
}

/** All windows longer than this look the same to an entry: none of them is full, and no halves are compared. */
function sameFrom({ errors }: ActorRecord): number {
  return 2 * errors.length + 4;
}

/** Asks a test once for all sizes that it cannot tell apart. */
function askedOnce(test: WindowTest, from: number): WindowTest {
  let beyond: boolean | null = null;
  return (size) => (size < from ? test(size) : (beyond ??= test(from)));
}

/**
 * What one entry says of the window's length, from recorded values alone. Learns the entry into the actor's record.
 *
 * @returns null if a number is missing, so that nothing can be said from here on
 */
export function windowTest(entry: LedgerEntry, record: ActorRecord, look: WindowLook): WindowTest | null {
  const posterior = finitePosterior(entry.posterior);
  const { risk_score: score, conformal_quantile: quantile, outcome_error_code: errorCode } = entry;
  if (posterior === null || score === null || quantile === null) return null;
  const { fromStart, longest } = look;
  const held: Held = (length, size) => (fromStart || length >= size ? Math.min(length, size) : null);
  const past: ActorRecord = { ...record, scores: record.scores.slice(-longest), errors: record.errors.slice(-outcomeWindow(longest)) };
  const term = impactOf(entry, 'feature_recent_mean_score');
  const decided = !saysQuarantined(entry);
  learn(record.errors, errorCode === null ? 0 : 1, outcomeWindow(longest));
  learn(record.residuals, outcomeResidual(posterior, errorCode), longest);
  if (decided) learn(record.scores, score, longest);
  record.quantile = quantile;
  const tests = [
    errorRateTest(entry, past.errors, held, look),
    quantileTest(entry, record.residuals.slice(-longest), held, look),
    ...(decided ? [driftTest(entry, past, held, look)] : []),
    ...(term === null ? [] : [meanTest(term, past.scores, held, look)]),
  ];
  return askedOnce((size) => tests.every((test) => test(size)), sameFrom(record));
}
