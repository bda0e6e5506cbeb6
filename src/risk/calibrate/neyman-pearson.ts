import { nextUp } from '../../stats/next-up.js';
import { InputError } from '../../errors.js';
import { radixSort } from '../../stats/radix-sort.js';
import { insideUnit } from '../../stats/sample.js';
import { toleranceRank, toleranceSize } from '../../stats/tolerance-rank.js';
import { complementOf, percentText } from './level.js';

/** A threshold that keeps one error rate below a bound, with confidence. */
export interface NeymanPearsonThreshold {
  readonly kind: 'threshold';
  /** Flag when `score >= threshold`; in the unit of the scores. */
  readonly threshold: number;
  /** Labelled calls it rests on. */
  readonly n: number;
  /** Which of them it stands at: the `rank`-th lowest score for the miss rate, the `rank`-th highest for false alarms. */
  readonly rank: number;
  /** The rate promised not to be exceeded. */
  readonly alpha: number;
  /** Chance, over the draw of the labelled calls, that it is exceeded all the same. */
  readonly delta: number;
}

/** Why there is no threshold, and how many labelled calls would do. */
export interface NoThreshold {
  readonly kind: 'none';
  readonly reason: string;
  /** The class that is in the way; null where it is both together. */
  readonly of: 'unsafe' | 'safe' | null;
  /** Labelled calls of that class. */
  readonly n: number;
  /** The fewest that would do; null where no number of calls like these does. */
  readonly neededN: number | null;
}

interface Level {
  readonly alpha: number;
  readonly delta: number;
}

/** Ascending scores, those of calls without one left out. */
function scoredOf(scores: ArrayLike<number>): Float64Array {
  const ascending = radixSort(Float64Array.from(scores).filter((x) => !Number.isNaN(x)));
  const ends = [ascending[0] ?? 0, ascending.at(-1) ?? 0];
  const infinite = ends.find((x) => !Number.isFinite(x));
  if (infinite !== undefined) throw new InputError('NOT_FINITE', `scores must be finite or NaN, got ${String(infinite)}`);
  return ascending;
}

/** "29 labelled unsafe events for 10 % at 95 %, 20 at hand". */
function tooFew(what: 'safe' | 'unsafe', n: number, { alpha, delta }: Level): NoThreshold {
  const neededN = toleranceSize(alpha, delta);
  const reason = `${String(neededN)} labelled ${what} events are needed for ${percentText(alpha)} at ${percentText(1 - delta)} confidence, ${String(n)} at hand`;
  return { kind: 'none', reason, of: what, n, neededN };
}

/**
 * The highest threshold whose miss rate is at most `miss`, with confidence: the Neyman-Pearson umbrella.
 *
 * @param scoresOfUnsafe - scores of labelled unsafe calls, any order; NaN (no score) is never flagged, so it is a miss
 * @param level - `miss`: the share of unsafe calls that may pass, in (0, 1); `confidence`: in (0, 1)
 * @returns the threshold, one of the scores; or why there is none and how many labelled unsafe calls would do
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE (an infinite score)
 * @remarks Guarantee: P(miss rate of the threshold > miss) <= 1 - confidence over the draw of the labelled calls, whatever
 * the law of the scores; equal to P(Bin(n, miss) <= rank - 1) where no two scores are equal, less with ties. Assumption:
 * the labelled unsafe calls are independent draws of the unsafe calls to come. Calls of one session are not. O(n).
 * @see Tong, Feng & Li (2018), Science Advances 4, eaao1659.
 * @example
 * ```ts
 * const scores = Array.from({ length: 29 }, (_, i) => (i + 1) / 30);
 * neymanPearson(scores, { miss: 0.1, confidence: 0.95 }).kind; // => 'threshold'
 * neymanPearson(scores.slice(0, 28), { miss: 0.1, confidence: 0.95 }).reason; // => '29 labelled unsafe events are needed for 10 % at 95 % confidence, 28 at hand'
 * ```
 */
export function neymanPearson(scoresOfUnsafe: ArrayLike<number>, level: { readonly miss: number; readonly confidence: number }): NeymanPearsonThreshold | NoThreshold {
  return lowRank(scoresOfUnsafe, { alpha: insideUnit(level.miss, 'miss'), delta: complementOf(level.confidence, 'confidence') });
}

/** {@link neymanPearson}, by alpha and delta. */
export function lowRank(scoresOfUnsafe: ArrayLike<number>, level: Level): NeymanPearsonThreshold | NoThreshold {
  const ascending = scoredOf(scoresOfUnsafe);
  const n = scoresOfUnsafe.length;
  const fromTop = toleranceRank(n, level.alpha, level.delta);
  if (fromTop === null) return tooFew('unsafe', n, level);
  const rank = n + 1 - fromTop;
  const unscored = n - ascending.length;
  if (rank <= unscored) {
    const reason = `${String(unscored)} of ${String(n)} labelled unsafe events have no score, so no threshold flags them; at most ${String(rank - 1)} may be missed`;
    return { kind: 'none', reason, of: 'unsafe', n, neededN: null };
  }
  return { kind: 'threshold', threshold: ascending[rank - 1 - unscored] ?? NaN, n, rank, ...level };
}

/**
 * The lowest threshold whose false-alarm rate is at most `falseAlarm`, with confidence: {@link neymanPearson} mirrored.
 *
 * @param scoresOfSafe - scores of labelled safe calls, any order; NaN (no score) is never flagged
 * @param level - `falseAlarm`: the share of safe calls that may be flagged, in (0, 1); `confidence`: in (0, 1)
 * @returns the threshold, just above one of the scores, so that calls that tie with it are not flagged; or why there is
 * none and how many labelled safe calls would do
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE (an infinite score)
 * @remarks Guarantee: P(false-alarm rate of the threshold > falseAlarm) <= 1 - confidence over the draw of the labelled
 * calls. Assumption: the labelled safe calls are independent draws of the safe calls to come. O(n).
 * @see Tong, Feng & Li (2018), Science Advances 4, eaao1659.
 * @example
 * ```ts
 * const { threshold, rank } = neymanPearsonFalseAlarm(Array.from({ length: 59 }, (_, i) => i), { falseAlarm: 0.05, confidence: 0.95 });
 * [threshold > 58, threshold < 58.1, rank]; // => [true, true, 1]
 * ```
 */
export function neymanPearsonFalseAlarm(scoresOfSafe: ArrayLike<number>, level: { readonly falseAlarm: number; readonly confidence: number }): NeymanPearsonThreshold | NoThreshold {
  return highRank(scoresOfSafe, { alpha: insideUnit(level.falseAlarm, 'falseAlarm'), delta: complementOf(level.confidence, 'confidence') });
}

/** {@link neymanPearsonFalseAlarm}, by alpha and delta. */
export function highRank(scoresOfSafe: ArrayLike<number>, level: Level): NeymanPearsonThreshold | NoThreshold {
  const ascending = scoredOf(scoresOfSafe);
  const n = scoresOfSafe.length;
  const fromTop = toleranceRank(n, level.alpha, level.delta);
  if (fromTop === null) return tooFew('safe', n, level);
  const rank = n + 1 - fromTop;
  // Calls without a score are never flagged: they rank below all others.
  const below = ascending[ascending.length - rank];
  return { kind: 'threshold', threshold: below === undefined ? -Number.MAX_VALUE : nextUp(below), n, rank, ...level };
}
