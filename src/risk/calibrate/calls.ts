import { InputError } from '../../errors.js';
import type { VerifiedLedger } from '../../ledger/report.js';
import type { LabelRow } from './label-rows.js';
import { matchCalls, type Matching } from './labels.js';
import { controllerLabels } from './pi-calibrate.js';

/** Labelled calls, one position a call in every array. */
export interface Calls {
  /** NaN where the ledger has none. */
  readonly scores: Float64Array;
  /** 1 for unsafe, 0 for safe. */
  readonly unsafe: Uint8Array;
  /** 1 over the chance of being labelled; null where every call had the same. */
  readonly weights: Float64Array | null;
  /** A number for each session; null where sessions are not known. */
  readonly sessions: Int32Array | null;
  /** Milliseconds since the epoch; NaN where the ledger's integer does not fit a double. */
  readonly tsMs: Float64Array;
}

/** {@link Calls} and what of ledgers and labels did not fit together. */
export interface MatchedCalls {
  readonly calls: Calls;
  readonly matching: Matching;
}

/**
 * The calls that rows of a label file name.
 *
 * @param leastProbability - the smallest chance of being labelled that any call had, where it is known: below that of the
 * labelled calls, others had a smaller one, and no equal weights can stand for them
 */
export function callsOf(ledgers: readonly VerifiedLedger[], rows: ReadonlyMap<string, LabelRow>, leastProbability?: number): MatchedCalls {
  const taken: { row: LabelRow; score: number; tsMs: number }[] = [];
  const matching = matchCalls(ledgers, rows, (row, columns, at) => { taken.push({ row, score: columns.riskScore[at] ?? NaN, tsMs: columns.tsMs[at] ?? NaN }); });
  const weights = Float64Array.from(taken, ({ row }) => row.weight);
  return {
    calls: {
      scores: Float64Array.from(taken, ({ score }) => score),
      unsafe: Uint8Array.from(taken, ({ row }) => Number(row.label === 'unsafe')),
      weights: areAlike(weights, leastProbability) ? null : weights,
      sessions: sessionCodes(taken.map(({ row }) => row.session)),
      tsMs: Float64Array.from(taken, ({ tsMs }) => tsMs),
    },
    matching,
  };
}

function areAlike(weights: Float64Array, least: number | undefined): boolean {
  const [first = 1] = weights;
  return weights.every((w) => w === first) && (least === undefined || first * least >= 1 - 1e-9);
}

function sessionCodes(sessions: readonly (string | null)[]): Int32Array | null {
  if (sessions.length === 0 || sessions.includes(null)) return null;
  const codes = new Map<string | null, number>();
  return Int32Array.from(sessions, (session) => {
    if (!codes.has(session)) codes.set(session, codes.size);
    return codes.get(session) ?? 0;
  });
}

/** All calls, labelled by the controller's own decisions. */
export function callsByController(ledgers: readonly VerifiedLedger[]): MatchedCalls {
  const calls: Calls = {
    scores: Float64Array.from(ledgers.flatMap(({ columns }) => [...columns.riskScore])),
    unsafe: Uint8Array.from(ledgers.flatMap(({ columns }) => [...controllerLabels(columns)])),
    weights: null,
    sessions: null,
    tsMs: Float64Array.from(ledgers.flatMap(({ columns }) => [...columns.tsMs])),
  };
  const examples = { unlabelled: [], unmatched: [], ambiguous: [] };
  return { calls, matching: { callCount: calls.scores.length, unlabelledCount: 0, unmatchedCount: 0, ambiguousCount: 0, examples } };
}

/** The calls at some positions. */
export function callsAt({ scores, unsafe, weights, sessions, tsMs }: Calls, positions: readonly number[]): Calls {
  const take = (from: ArrayLike<number>): number[] => positions.map((i) => from[i] ?? NaN);
  return {
    scores: Float64Array.from(take(scores)),
    unsafe: Uint8Array.from(take(unsafe)),
    weights: weights === null ? null : Float64Array.from(take(weights)),
    sessions: sessions === null ? null : Int32Array.from(take(sessions)),
    tsMs: Float64Array.from(take(tsMs)),
  };
}

/** Positions of one class. */
export function positionsOf({ unsafe }: Calls, label: 0 | 1): number[] {
  return Array.from(unsafe.keys()).filter((i) => unsafe[i] === label);
}

/** Time stamps, or an error where one is not known. */
export function knownTimes({ tsMs }: Calls): Float64Array {
  const unknown = tsMs.findIndex((t) => Number.isNaN(t));
  if (unknown >= 0) throw new InputError('UNSAFE_INTEGER', `labelled call ${String(unknown)}: ts_ms is beyond 2^53 milliseconds, so calls cannot be put in order of time`);
  return tsMs;
}
