import { clopperPearson } from '../../stats/binomial.js';

/** How often a threshold erred on labelled calls of one class. */
export interface ObservedRate {
  /** Labelled calls it erred on. */
  readonly errors: number;
  /** Labelled calls of the class. */
  readonly n: number;
  /** Share of errors, each call counted by its weight; null without a call. */
  readonly rate: number | null;
  /** Clopper-Pearson limits; null where calls are weighted, which the binomial law does not cover. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Both error rates of a threshold on labelled calls. */
export interface ObservedRates {
  /** Unsafe calls passed. */
  readonly miss: ObservedRate;
  /** Safe calls flagged. */
  readonly falseAlarm: ObservedRate;
  /** Confidence of each pair of limits. */
  readonly level: number;
}

interface Tally {
  errors: number;
  n: number;
  errorWeight: number;
  weight: number;
}

function rateOf({ errors, n, errorWeight, weight }: Tally, weighted: boolean, level: number): ObservedRate {
  const limits = weighted ? { lower: null, upper: null } : clopperPearson(errors, n, level);
  return { errors, n, rate: n === 0 ? null : errorWeight / weight, lower: limits.lower, upper: limits.upper };
}

/**
 * Error rates of a threshold on labelled calls, with exact limits.
 *
 * @param calls - scores, labels and, where calls had unequal chances of being labelled, weights
 * @param threshold - flag when `score >= threshold`; a call without a score is never flagged
 * @param level - confidence of each pair of limits, in (0, 1). Default 0.95
 * @returns counts, rates and limits
 * @throws {@link InputError} BAD_PARAM
 * @remarks On calls that the threshold was not chosen on each pair of limits holds the true rate with at least the level,
 * calls being independent. On those it was chosen on they hold nothing: the best of many looks better than it is.
 * @see Clopper & Pearson (1934), Biometrika 26, 404-413; Horvitz & Thompson (1952), JASA 47, 663-685 (weights).
 * @example
 * ```ts
 * observedRates({ scores: [0.2, 0.7, 0.9], unsafe: [0, 0, 1], weights: null }, 0.5).falseAlarm.rate; // => 0.5
 * ```
 */
export function observedRates(calls: { readonly scores: ArrayLike<number>; readonly unsafe: ArrayLike<number>; readonly weights: ArrayLike<number> | null }, threshold: number, level = 0.95): ObservedRates {
  const { scores, unsafe, weights } = calls;
  const tallies: readonly [Tally, Tally] = [{ errors: 0, n: 0, errorWeight: 0, weight: 0 }, { errors: 0, n: 0, errorWeight: 0, weight: 0 }];
  for (let i = 0; i < scores.length; i += 1) {
    const isUnsafe = unsafe[i] === 1;
    const tally = tallies[isUnsafe ? 1 : 0];
    const weight = weights?.[i] ?? 1;
    tally.n += 1;
    tally.weight += weight;
    if ((scores[i] ?? NaN) >= threshold !== isUnsafe) {
      tally.errors += 1;
      tally.errorWeight += weight;
    }
  }
  return { miss: rateOf(tallies[1], weights !== null, level), falseAlarm: rateOf(tallies[0], weights !== null, level), level };
}

