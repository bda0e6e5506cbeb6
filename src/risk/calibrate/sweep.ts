import { InputError } from '../../errors.js';
import { radixSort } from '../../stats/radix-sort.js';

/** What each outcome costs, in any one unit. */
export interface OutcomeCosts {
  /** A safe call flagged. Finite, at least 0. */
  readonly falsePositive: number;
  /** An unsafe call passed. Finite, at least 0. */
  readonly falseNegative: number;
  /** An unsafe call flagged. Default 0. */
  readonly truePositive?: number;
  /** A safe call passed. Default 0. */
  readonly trueNegative?: number;
}

/** One row a threshold, from "flag nothing" (Infinity) down over every distinct score. */
export interface ThresholdCurve {
  /** Flag when `score >= threshold`. Descending; the first is Infinity. */
  readonly thresholds: Float64Array;
  /** Unsafe calls flagged. */
  readonly truePositives: Float64Array;
  /** Safe calls flagged. */
  readonly falsePositives: Float64Array;
  /** Total cost in the unit of the costs. */
  readonly cost: Float64Array;
}

/** Every threshold that makes a difference, judged. */
export interface ThresholdSweep {
  readonly kind: 'sweep';
  readonly safeCount: number;
  readonly unsafeCount: number;
  /** Calls whose score is NaN: no threshold can flag them. They count as passed. */
  readonly unscored: { readonly safe: number; readonly unsafe: number };
  /** Chance that an unsafe call outscores a safe one, ties half; a call without a score ranks below all others. */
  readonly auc: number;
  /** Sum over thresholds of precision times gain in recall. */
  readonly averagePrecision: number;
  readonly curve: ThresholdCurve;
  readonly lowestCost: number;
  /** Positions in `curve` of every threshold with the lowest cost, in descending order of threshold. */
  readonly minimisers: Int32Array;
  /** Position of the lowest of them: of equally cheap thresholds the one that flags most. */
  readonly safest: number;
}

/** "Not enough data", as a value. */
export interface CalibrationRefusal {
  readonly kind: 'refusal';
  readonly what: string;
  readonly reason: string;
  /** Labelled calls of the class that is short. */
  readonly n: number;
  readonly neededN: number;
  readonly safeCount: number;
  readonly unsafeCount: number;
}

type CompleteCosts = Required<OutcomeCosts>;

function completeCosts(costs: OutcomeCosts): CompleteCosts {
  const complete = { truePositive: 0, trueNegative: 0, ...costs };
  for (const [name, cost] of Object.entries(complete)) {
    if (!(Number.isFinite(cost) && cost >= 0)) throw new InputError('BAD_PARAM', `${name} must be a finite cost of at least 0, got ${String(cost)}`);
  }
  return complete;
}

/** The calls of one class. */
interface SortedClass {
  /** Scores in ascending order, without those that are NaN. */
  readonly scores: Float64Array;
  /** All calls, those without a score too. */
  readonly count: number;
}

/** The classes apart, each sorted: `[safe, unsafe]`. Plain loops, since a million calls go through them. */
function sortedClasses(scores: Float64Array, unsafe: Uint8Array): readonly [SortedClass, SortedClass] {
  let unsafeCount = 0;
  for (let i = 0; i < unsafe.length; i += 1) unsafeCount += unsafe[i] ?? 0;
  const safeCount = scores.length - unsafeCount;
  const [safeScores, unsafeScores] = [new Float64Array(safeCount), new Float64Array(unsafeCount)];
  let [s, u] = [0, 0];
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i] ?? NaN;
    if (score !== score) continue;
    if (unsafe[i] === 1) unsafeScores[u++] = score;
    else safeScores[s++] = score;
  }
  return [sortedClass(safeScores.subarray(0, s), safeCount), sortedClass(unsafeScores.subarray(0, u), unsafeCount)];
}

function sortedClass(scores: Float64Array, count: number): SortedClass {
  radixSort(scores);
  if (scores[0] === -Infinity || scores[scores.length - 1] === Infinity) throw new InputError('NOT_FINITE', 'scores must be finite or NaN, got an infinity');
  return { scores, count };
}

interface Steps {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/** A score; below all others before the first, so that no read leaves the array. */
const scoreAt = (scores: Float64Array, i: number): number => (i < 0 ? -Infinity : (scores[i] ?? NaN));

/** Walks both classes down from the highest score, one step a distinct score. */
function walkDown({ scores: safe }: SortedClass, { scores: unsafe }: SortedClass): Steps {
  const [safeScored, unsafeScored] = [safe.length, unsafe.length];
  const room = safeScored + unsafeScored + 1;
  const [thresholds, truePositives, falsePositives] = [new Float64Array(room), new Float64Array(room), new Float64Array(room)];
  thresholds[0] = Infinity;
  let [s, u, count] = [safeScored - 1, unsafeScored - 1, 1];
  while (s >= 0 || u >= 0) {
    const score = Math.max(scoreAt(safe, s), scoreAt(unsafe, u));
    while (s >= 0 && safe[s] === score) s -= 1;
    while (u >= 0 && unsafe[u] === score) u -= 1;
    thresholds[count] = score + 0; // -0 and 0 are one threshold
    truePositives[count] = unsafeScored - 1 - u;
    falsePositives[count] = safeScored - 1 - s;
    count += 1;
  }
  return { thresholds: thresholds.slice(0, count), truePositives: truePositives.slice(0, count), falsePositives: falsePositives.slice(0, count) };
}

/** Area under the steps by trapezoids, the calls without a score as a last step; and the average precision. */
function areas({ truePositives, falsePositives }: Steps, unsafeCount: number, safeCount: number): { auc: number; averagePrecision: number } {
  const count = truePositives.length;
  let [tp, fp, doubled, precision] = [0, 0, 0, 0];
  for (let i = 1; i <= count; i += 1) {
    const nextTp = i < count ? (truePositives[i] ?? 0) : unsafeCount;
    const nextFp = i < count ? (falsePositives[i] ?? 0) : safeCount;
    doubled += (nextFp - fp) * (nextTp + tp);
    if (nextTp > tp) precision += (nextTp - tp) * (nextTp / (nextTp + nextFp));
    tp = nextTp;
    fp = nextFp;
  }
  return { auc: doubled / (2 * unsafeCount * safeCount), averagePrecision: precision / unsafeCount };
}

function costOf({ truePositives, falsePositives }: Steps, costs: CompleteCosts, unsafeCount: number, safeCount: number): Float64Array {
  const { falsePositive, falseNegative, truePositive, trueNegative } = costs;
  const cost = new Float64Array(truePositives.length);
  for (let i = 0; i < cost.length; i += 1) {
    const tp = truePositives[i] ?? 0;
    const fp = falsePositives[i] ?? 0;
    cost[i] = (unsafeCount - tp) * falseNegative + fp * falsePositive + tp * truePositive + (safeCount - fp) * trueNegative;
  }
  return cost;
}

function minimisersOf(cost: Float64Array): { lowestCost: number; minimisers: Int32Array } {
  let lowestCost = Infinity;
  for (let i = 0; i < cost.length; i += 1) lowestCost = Math.min(lowestCost, cost[i] ?? Infinity);
  // Costs such as 0.2 have no exact double: sums that are equal on paper differ in their last bits.
  const limit = lowestCost * (1 + 1e-12);
  const minimisers: number[] = [];
  for (let i = 0; i < cost.length; i += 1) if ((cost[i] ?? Infinity) <= limit) minimisers.push(i);
  return { lowestCost, minimisers: Int32Array.from(minimisers) };
}

/** Position of the first label that is neither 0 nor 1; -1 where all are. */
function oddLabel(unsafe: Uint8Array): number {
  for (let i = 0; i < unsafe.length; i += 1) if ((unsafe[i] ?? 0) > 1) return i;
  return -1;
}

function refusal(unsafeCount: number, safeCount: number): CalibrationRefusal {
  const missing = unsafeCount === 0 ? 'unsafe' : 'safe';
  return {
    kind: 'refusal',
    what: 'a threshold between safe and unsafe calls',
    reason: `no usable label says ${missing}, so no threshold can be told from another`,
    n: 0,
    neededN: 1,
    safeCount,
    unsafeCount,
  };
}

/**
 * Judges every threshold that makes a difference: one for each distinct score, and Infinity, which flags nothing.
 *
 * @param scores - one score a call, any order; NaN (no score) is never flagged
 * @param unsafe - 1 for an unsafe call, 0 for a safe one; as long as `scores`
 * @param costs - cost of each outcome; see {@link OutcomeCosts}
 * @returns curve, area, lowest cost and all thresholds that reach it; a refusal where a class has no call
 * @throws {@link InputError} BAD_PARAM (lengths, labels, costs), NOT_FINITE (an infinite score)
 * @remarks O(n log n). The ROC area is a quotient of two integers, rounded once, while safe times unsafe calls stay below
 * 2^52. Costs within
 * 1e-12 of the lowest count as equal to it. Any threshold above the next lower score flags the same calls. The
 * cost is that on these very calls: a threshold chosen on few labels looks better than it is.
 * @see Fawcett (2006), Pattern Recognition Letters 27, 861-874, Algorithm 1 (ties); Hanley & McNeil (1982),
 * Radiology 143, 29-36 (area and ties).
 * @example
 * ```ts
 * sweepThresholds(Float64Array.of(0.1, 0.4, 0.4, 0.8), Uint8Array.of(0, 0, 1, 1), { falsePositive: 1, falseNegative: 1 }).auc; // => 0.875
 * ```
 */
export function sweepThresholds(scores: Float64Array, unsafe: Uint8Array, costs: OutcomeCosts): ThresholdSweep | CalibrationRefusal {
  const complete = completeCosts(costs);
  if (scores.length !== unsafe.length) throw new InputError('BAD_PARAM', `unsafe must have one label a score, got ${String(unsafe.length)} for ${String(scores.length)}`);
  const odd = oddLabel(unsafe);
  if (odd >= 0) throw new InputError('BAD_PARAM', `unsafe must hold 0 or 1, got ${String(unsafe[odd])} at ${String(odd)}`);
  const [safeClass, unsafeClass] = sortedClasses(scores, unsafe);
  const [safeCount, unsafeCount] = [safeClass.count, unsafeClass.count];
  if (safeCount === 0 || unsafeCount === 0) return refusal(unsafeCount, safeCount);
  const steps = walkDown(safeClass, unsafeClass);
  const cost = costOf(steps, complete, unsafeCount, safeCount);
  const { lowestCost, minimisers } = minimisersOf(cost);
  return {
    kind: 'sweep',
    safeCount,
    unsafeCount,
    unscored: { safe: safeCount - safeClass.scores.length, unsafe: unsafeCount - unsafeClass.scores.length },
    ...areas(steps, unsafeCount, safeCount),
    curve: { ...steps, cost },
    lowestCost,
    minimisers,
    safest: minimisers.at(-1) ?? 0,
  };
}
