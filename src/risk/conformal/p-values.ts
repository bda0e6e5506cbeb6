import { InputError } from '../../errors.js';
import { countIndex } from '../../stats/count-index.js';
import type { Random } from '../../stats/random.js';
import { unit } from '../../stats/sample.js';
import { ascendingScores } from './split.js';

/** Conformal p-values against one set of calibration scores. */
export interface ConformalPValues {
  /** Calibration scores; no p-value is below 1 / (n + 1). */
  readonly n: number;
  /** (1 + scores at least `x`) / (n + 1). */
  readonly pValue: (x: number) => number;
  /** (scores above `x` + u (1 + scores equal to it)) / (n + 1), `u` in [0, 1]: uniform if `u` is. */
  readonly smoothed: (x: number, u: number) => number;
  /** {@link ConformalPValues.pValue} of many, into `out` if given. */
  readonly bulk: (xs: Float64Array, out?: Float64Array) => Float64Array;
  /** {@link ConformalPValues.smoothed} of many, one draw of `source` each, in (0, 1]: no p-value is 0. */
  readonly smoothedBulk: (xs: Float64Array, source: Random) => Float64Array;
}

/**
 * Conformal p-values: how strange a score is among calibration scores.
 *
 * @param scores - calibration scores, any order; larger means stranger. May be infinite
 * @returns functions of a score; they throw {@link InputError} NOT_FINITE for a NaN, BAD_PARAM for `u` outside [0, 1]
 * @throws {@link InputError} NOT_FINITE for a NaN
 * @remarks Guarantee: P(p <= alpha) <= alpha for every alpha; smoothed p-values are exactly uniform, ties or not.
 * Assumption: calibration scores and the judged one are exchangeable, the score function fixed without them. Scores
 * judged against the same set share its luck: each p-value is valid, together they are positively dependent
 *. p <= alpha is the same event as the score exceeding
 * {@link splitThreshold}, ties apart. O(n log n) to build, O(log n) a look-up and O(1) where scores spread evenly.
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, chapter 2; Bates et al. (2023),
 * Annals of Statistics 51, 149-178.
 * @example
 * ```ts
 * const against = conformalPValues([1, 2, 3, 4]);
 * against.pValue(3); // => 0.6
 * against.smoothed(3, 0.5); // => 0.4
 * [...against.bulk(Float64Array.of(0, 9))]; // => [1, 0.2]
 * ```
 */
export function conformalPValues(scores: ArrayLike<number>): ConformalPValues {
  const order = ascendingScores(scores);
  const n = order.length;
  const { distinct, below, rank, lookUp } = countIndex(order);
  const table = Float64Array.from(below, (less) => (1 + n - less) / (n + 1));
  const smoothed = (x: number, u: number): number => {
    const j = rank(notNaN(x));
    const notLess = n - (below[j] ?? 0);
    const equal = distinct[j] === x ? (below[j + 1] ?? 0) - (below[j] ?? 0) : 0;
    return (notLess - equal + u * (1 + equal)) / (n + 1);
  };
  return {
    n,
    pValue: (x) => table[rank(notNaN(x))] ?? NaN,
    smoothed: (x, u) => smoothed(x, unit(u, 'u')),
    bulk(xs, out = new Float64Array(xs.length)) {
      if (out.length !== xs.length) throw new InputError('BAD_PARAM', `out must hold ${String(xs.length)} values, got ${String(out.length)}`);
      const nan = lookUp(xs, table, out);
      if (nan >= 0) throw new InputError('NOT_FINITE', `score ${String(nan)} must not be NaN`);
      return out;
    },
    smoothedBulk: (xs, source) => xs.map((x) => smoothed(x, 1 - source.uniform())),
  };
}

function notNaN(x: number): number {
  if (Number.isNaN(x)) throw new InputError('NOT_FINITE', 'a score must not be NaN');
  return x;
}
