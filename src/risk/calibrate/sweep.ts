import { InputError } from '../../errors.js';

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

/** Scores of one class in ascending order, NaN last as `Float64Array.prototype.sort` leaves them. */
interface SortedClass {
  readonly scores: Float64Array;
  /** How many of them are numbers. */
  readonly scored: number;
}

function sortedClass(scores: Float64Array, unsafe: Uint8Array, label: 0 | 1): SortedClass {
  const sorted = scores.filter((_, i) => unsafe[i] === label).sort();
  let scored = sorted.length;
  while (scored > 0 && Number.isNaN(sorted[scored - 1])) scored -= 1;
  if (sorted[0] === -Infinity || sorted[scored - 1] === Infinity) throw new InputError('NOT_FINITE', 'scores must be finite or NaN, got an infinity');
  return { scores: sorted, scored };
}

interface Steps {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/** Walks both classes down from the highest score, one step a distinct score. */
function walkDown(safe: SortedClass, unsafe: SortedClass): Steps {
  const room = safe.scored + unsafe.scored + 1;
  const thresholds = new Float64Array(room);
  const truePositives = new Float64Array(room);
  const falsePositives = new Float64Array(room);
  thresholds[0] = Infinity;
  let [s, u, count] = [safe.scored - 1, unsafe.scored - 1, 1];
  while (s >= 0 || u >= 0) {
    const score = Math.max(safe.scores[s] ?? -Infinity, unsafe.scores[u] ?? -Infinity);
    while (s >= 0 && safe.scores[s] === score) s -= 1;
    while (u >= 0 && unsafe.scores[u] === score) u -= 1;
    thresholds[count] = score;
    truePositives[count] = unsafe.scored - 1 - u;
    falsePositives[count] = safe.scored - 1 - s;
    count += 1;
  }
  return {
    thresholds: thresholds.slice(0, count),
    truePositives: truePositives.slice(0, count),
    falsePositives: falsePositives.slice(0, count),
  };
}

/** Area under the steps by trapezoids, the calls without a score as a last step; and the average precision. */
function areas({ truePositives, falsePositives }: Steps, unsafeCount: number, safeCount: number): { auc: number; averagePrecision: number } {
  let [tp, fp, doubled, precision] = [0, 0, 0, 0];
  for (let i = 1; i <= truePositives.length; i += 1) {
    const nextTp = truePositives[i] ?? unsafeCount;
    const nextFp = falsePositives[i] ?? safeCount;
    doubled += (nextFp - fp) * (nextTp + tp);
    if (nextTp > tp) precision += (nextTp - tp) * (nextTp / (nextTp + nextFp));
    [tp, fp] = [nextTp, nextFp];
  }
  return { auc: doubled / (2 * unsafeCount * safeCount), averagePrecision: precision / unsafeCount };
}

function costOf(steps: Steps, costs: CompleteCosts, unsafeCount: number, safeCount: number): Float64Array {
  const { falsePositive, falseNegative, truePositive, trueNegative } = costs;
  return steps.truePositives.map((tp, i) => {
    const fp = steps.falsePositives[i] ?? 0;
    return (unsafeCount - tp) * falseNegative + fp * falsePositive + tp * truePositive + (safeCount - fp) * trueNegative;
  });
}

function minimisersOf(cost: Float64Array): { lowestCost: number; minimisers: Int32Array } {
  const lowestCost = cost.reduce((a, b) => Math.min(a, b), Infinity);
  // Costs such as 0.2 have no exact double: sums that are equal on paper differ in their last bits.
  const limit = lowestCost * (1 + 1e-12);
  const minimisers: number[] = [];
  cost.forEach((c, i) => {
    if (c <= limit) minimisers.push(i);
  });
  return { lowestCost, minimisers: Int32Array.from(minimisers) };
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
  const odd = unsafe.findIndex((label) => label > 1);
  if (odd >= 0) throw new InputError('BAD_PARAM', `unsafe must hold 0 or 1, got ${String(unsafe[odd])} at ${String(odd)}`);
  const safeClass = sortedClass(scores, unsafe, 0);
  const unsafeClass = sortedClass(scores, unsafe, 1);
  const safeCount = safeClass.scores.length;
  const unsafeCount = unsafeClass.scores.length;
  if (safeCount === 0 || unsafeCount === 0) return refusal(unsafeCount, safeCount);
  const steps = walkDown(safeClass, unsafeClass);
  const cost = costOf(steps, complete, unsafeCount, safeCount);
  const { lowestCost, minimisers } = minimisersOf(cost);
  return {
    kind: 'sweep',
    safeCount,
    unsafeCount,
    unscored: { safe: safeCount - safeClass.scored, unsafe: unsafeCount - unsafeClass.scored },
    ...areas(steps, unsafeCount, safeCount),
    curve: { ...steps, cost },
    lowestCost,
    minimisers,
    safest: minimisers.at(-1) ?? 0,
  };
}
