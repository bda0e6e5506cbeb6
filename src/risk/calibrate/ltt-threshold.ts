import { nextUp } from '../../stats/next-up.js';
import { InputError } from '../../errors.js';
import { binomialCdf } from '../../stats/binomial.js';
import { hoeffdingBentkus } from '../../stats/hoeffding-bentkus.js';
import { insideUnit } from '../../stats/sample.js';
import { toleranceSize } from '../../stats/tolerance-rank.js';
import { distinctScores, type ClassCurve } from './class-curve.js';
import { percentText } from './level.js';
import type { NoThreshold } from './neyman-pearson.js';

/** Which rates must not be exceeded, and how surely. At least one rate. */
export interface RateTargets {
  /** Share of unsafe calls that may pass, in (0, 1); null promises nothing about it. */
  readonly miss: number | null;
  /** Share of safe calls that may be flagged, in (0, 1); null promises nothing about it. */
  readonly falseAlarm: number | null;
  /** Chance, over the draw of the labelled calls, that a promised rate is exceeded, in (0, 1). */
  readonly delta: number;
}

/** How {@link lttThreshold} tests. */
export interface LttPlan {
  /** `fixed-sequence` (default) or, for comparison, `bonferroni` over all distinct scores. */
  readonly procedure?: 'fixed-sequence' | 'bonferroni';
  /** Default: `binomial` where calls are not weighted, else `hoeffding-bentkus`, the only one that then holds. */
  readonly pValue?: 'binomial' | 'hoeffding-bentkus';
  /** The smallest chance that any call had of being labelled; needed where calls are weighted by 1 / chance. */
  readonly leastProbability?: number;
}

/** The thresholds that keep every promised rate. */
export interface LttThreshold {
  readonly kind: 'threshold';
  /** The highest of them, which flags least: flag when `score >= threshold`. */
  readonly threshold: number;
  /** The lowest of them, which flags most. Every distinct score between the two keeps the promise as well. */
  readonly lowest: number;
  /** Distinct scores there are to choose from. */
  readonly candidates: number;
  /** P-value that was asked of each test. */
  readonly level: number;
  /** At `threshold`; null where nothing is promised. */
  readonly pValues: { readonly miss: number | null; readonly falseAlarm: number | null };
}

interface Side {
  readonly curve: ClassCurve;
  readonly alpha: number;
  readonly what: 'unsafe' | 'safe';
  readonly weighted: boolean;
  readonly pValue: (threshold: number) => number;
}

/** The p-value of "the rate is above alpha" when errors of this weight were made. */
function pValueFor(curve: ClassCurve, alpha: number, plan: LttPlan): (errors: number) => number {
  const { n, total } = curve;
  if (n === 0) return () => 1;
  const weighted = isWeighted(curve, plan);
  if ((plan.pValue ?? (weighted ? 'hoeffding-bentkus' : 'binomial')) === 'binomial') {
    if (weighted) throw new InputError('BAD_PARAM', 'pValue must be hoeffding-bentkus where calls are weighted: the binomial tail counts every call alike');
    return (errors) => binomialCdf(errors, n, alpha);
  }
  const most = mostWeight(curve, plan.leastProbability, weighted);
  // Weight times (error - alpha) has mean 0 at a rate of alpha; shifted and scaled it is a loss in [0, 1] with mean alpha.
  return (errors) => hoeffdingBentkus(n, Math.min(1, Math.max(0, alpha + (errors - alpha * total) / (n * most))), alpha).p;
}

/** Calls that all weigh the same may still be those of a weighted sample: the heavy ones may just not have come up. */
const isWeighted = ({ n, total, largestWeight }: ClassCurve, { leastProbability }: LttPlan): boolean => leastProbability !== undefined || total !== n || largestWeight !== 1;

function mostWeight({ largestWeight }: ClassCurve, least: number | undefined, weighted: boolean): number {
  if (!weighted) return 1;
  if (least === undefined) throw new InputError('BAD_PARAM', 'leastProbability must be given where calls are weighted: it bounds what one call can weigh');
  if (!(least > 0 && least <= 1)) throw new InputError('BAD_PARAM', `leastProbability must be in (0, 1], got ${String(least)}`);
  if (largestWeight * least > 1 + 1e-9) throw new InputError('BAD_PARAM', `a weight of ${String(largestWeight)} is above 1 / leastProbability, ${String(1 / least)}`);
  return 1 / least;
}

function sideOf(curve: ClassCurve, alpha: number, what: 'unsafe' | 'safe', plan: LttPlan): Side {
  const p = pValueFor(curve, insideUnit(alpha, what === 'unsafe' ? 'miss' : 'falseAlarm'), plan);
  return { curve, alpha, what, weighted: isWeighted(curve, plan), pValue: what === 'unsafe' ? (t) => p(curve.below(t)) : (t) => p(curve.flagged(t)) };
}

/** Labelled events without which not even a threshold that makes no error passes; null where there are as many. */
function sizeNeeded({ curve, alpha, pValue, what, weighted }: Side, level: number): number | null {
  const { n } = curve;
  const best = what === 'unsafe' ? pValue(-Infinity) : pValue(Infinity);
  if (best <= level && curve.n > 0) return null;
  if (n === 0 || !weighted) {
    const size = toleranceSize(alpha, level);
    return n < size ? size : null;
  }
  // ln of a p-value is proportional to n while the weights keep their mean.
  const needed = Math.ceil((n * Math.log(level)) / Math.log(best));
  return Number.isFinite(needed) && curve.unscored === 0 ? Math.max(needed, n + 1) : null;
}

function impossible(what: 'unsafe' | 'safe', unscored: number, n: number): string {
  return what === 'safe' ? 'every threshold flags too many safe events: they tie at the highest score' : `no threshold passes: ${String(unscored)} of ${String(n)} labelled unsafe events have no score, so nothing flags them`;
}

function none(side: Side, level: number): NoThreshold {
  const { alpha, what, curve: { n, unscored } } = side;
  const neededN = sizeNeeded(side, level);
  const reason = neededN === null
    ? impossible(what, unscored, n)
    : `${String(neededN)} labelled ${what} events are needed for ${percentText(alpha)} at ${percentText(1 - level)} confidence, ${String(n)} at hand`;
  return { kind: 'none', reason, of: what, n, neededN };
}

/** The first position from `low` on where `holds` fails; it must hold up to there and fail after. */
function firstFailure(count: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Learn then Test over every distinct score: the thresholds whose miss rate, false-alarm rate or both stay below their
 * bounds, with confidence.
 *
 * @param unsafe - labelled unsafe calls, from {@link classCurve}
 * @param safe - labelled safe calls
 * @param targets - see {@link RateTargets}
 * @param plan - see {@link LttPlan}
 * @returns the highest and the lowest threshold that keep the promise; or why there is none, with the n that would do
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: P(a promised rate of any returned threshold is above its bound) <= delta. Misses are tested from the
 * threshold that flags most upward and false alarms from the one that flags least downward, each sequence at delta over
 * the number of rates: both rates are monotone, so that only the first threshold beyond each bound can be accepted
 * wrongly, and testing at the observed scores costs nothing. With binomial p-values one rate gives the threshold of
 * {@link neymanPearson}. Assumptions: labelled calls of a class are independent draws of those to come; where weighted,
 * each by one over its known chance of being labelled, no chance below `leastProbability`. O(n log n).
 * @see Angelopoulos, Bates, Candes, Jordan & Lei (2021), Learn then Test, arXiv:2110.01052.
 */
export function lttThreshold(unsafe: ClassCurve, safe: ClassCurve, targets: RateTargets, plan: LttPlan = {}): LttThreshold | NoThreshold {
  const misses = targets.miss === null ? null : sideOf(unsafe, targets.miss, 'unsafe', plan);
  const alarms = targets.falseAlarm === null ? null : sideOf(safe, targets.falseAlarm, 'safe', plan);
  const rates = Number(misses !== null) + Number(alarms !== null);
  if (rates === 0) throw new InputError('BAD_PARAM', 'a bound on the miss rate, on the false-alarm rate or on both must be given, got neither');
  const candidates = candidatesFor(distinctScores(unsafe, safe), alarms !== null);
  const level = insideUnit(targets.delta, 'delta') / (plan.procedure === 'bonferroni' ? Math.max(1, candidates.length) : rates);
  const range = passing(candidates, misses, alarms, level);
  if ('kind' in range) return range;
  const [lowest, threshold] = range;
  return { kind: 'threshold', threshold, lowest, candidates: candidates.length, level, pValues: { miss: pValueAt(misses, threshold), falseAlarm: pValueAt(alarms, threshold) } };
}

/** The scores at hand; where false alarms are bounded also the first threshold above them all, which flags none of these. */
function candidatesFor(scores: Float64Array, withAlarms: boolean): Float64Array {
  const highest = scores.at(-1);
  return withAlarms && highest !== undefined ? Float64Array.from([...scores, nextUp(highest)]) : scores;
}

const pValueAt = (side: Side | null, threshold: number): number | null => (side === null ? null : side.pValue(threshold));

/** The lowest and the highest candidate that pass every test there is. */
function passing(candidates: Float64Array, misses: Side | null, alarms: Side | null, level: number): readonly [number, number] | NoThreshold {
  const at = (i: number): number => candidates[i] ?? NaN;
  const end = misses === null ? candidates.length : firstFailure(candidates.length, (i) => misses.pValue(at(i)) <= level);
  if (misses !== null && end === 0) return none(misses, level);
  const start = alarms === null ? 0 : firstFailure(candidates.length, (i) => alarms.pValue(at(i)) > level);
  if (alarms !== null && start === candidates.length) return none(alarms, level);
  return start < end ? [at(start), at(end - 1)] : conflict(at(end - 1), at(start));
}

/** What to say where each promise alone could be kept. */
export function conflict(atMost: number, atLeast: number): NoThreshold {
  const text = (x: number): string => String(Number(x.toPrecision(4)));
  return { kind: 'none', reason: `no threshold keeps both promises: the miss rate asks for at most ${text(atMost)}, the false-alarm rate for at least ${text(atLeast)}`, of: null, n: 0, neededN: null };
}
