import { median } from '../../stats/robust.js';
import type { CostTable } from './costs.js';

/** A change that explains this share of all variation is reported whatever the memory of the noise. */
const SHARE = 0.1;

/** The default scale and penalty of a series, and what they were made from. */
export interface DefaultPenalty {
  /** Standard deviation of the whole series, changes included. */
  readonly scale: number;
  /** First autocorrelation of the noise, in [0, 1], by differences that a few changes of level do not move. */
  readonly autocorrelation: number;
  /** Cost that a change must save, for the `mean` cost over `scale`. */
  readonly penalty: number;
}

/**
 * The penalty for independent observations: (p + 2) ln n a change, p parameters a segment having.
 *
 * @remarks The leading term of the modified BIC for p = 1. The largest likelihood ratio over the n places of a change
 * in pure noise grows like 2 ln ln n and that of the best pair of changes like 2 ln n: 3 ln n is safely above both.
 * @see Zhang & Siegmund (2007), Biometrics 63, 22-32; Yao (1988), Statistics & Probability Letters 6, 181-189.
 */
export function independentPenalty(table: Pick<CostTable, 'parameters'>, n: number): number {
  return (table.parameters + 2) * Math.log(Math.max(2, n));
}

/**
 * Scale and penalty for changes in the mean of a series whose noise may have a memory.
 *
 * @param xs - finite, at least one
 * @remarks Why these. A scale taken from differences is right for white noise alone: where neighbours are alike it is far
 * too small, and the series is cut to pieces. So costs are in units of the whole series' standard deviation, which no
 * memory makes too small and which changes only enlarge: the cost of no change is n, and a change saves n times the
 * share of variation that it explains. Averages of noise with first autocorrelation a vary (1 + a) / (1 - a) times as
 * much as those of white noise, hence so much dearer is a change. For a near 1 no statistic tells slow noise from
 * changes, and any factor would forbid all: there the question is one of description, and a change that explains a tenth
 * of all variation is worth reporting. So: 3 ln n (1 + a) / (1 - a), at most n / 10, at least 3 ln n.
 *
 * a is found from the medians of |x(t+2) - x(t)| and |x(t+1) - x(t)|: for an autoregression of order one the squared
 * ratio is 1 + a, and a few changes move medians little.
 * @see Chakar, Lebarbier, Levy-Leduc & Robin (2017), Bernoulli 23, 1408-1447 (the estimate of a).
 * @example
 * ```ts
 * defaultPenalty([1, 2, 1, 2, 1, 2]).autocorrelation; // => 0
 * ```
 */
export function defaultPenalty(xs: ArrayLike<number>): DefaultPenalty {
  const n = xs.length;
  const values = Float64Array.from(xs);
  const mean = values.reduce((sum, x) => sum + x / n, 0);
  // Equal values have no scale, whatever their mean is rounded to.
  const scale = values.every((x) => x === values[0]) ? 0 : Math.sqrt(values.reduce((sum, x) => sum + ((x - mean) * (x - mean)) / n, 0));
  const autocorrelation = memory(values);
  const base = independentPenalty({ parameters: 1 }, n);
  const dearer = autocorrelation < 1 ? (base * (1 + autocorrelation)) / (1 - autocorrelation) : Infinity;
  return { scale, autocorrelation, penalty: Math.max(base, Math.min(dearer, SHARE * n)) };
}

function memory(xs: Float64Array): number {
  if (xs.length < 4) return 0;
  const typical = (lag: number): number => median(xs.slice(lag).map((x, i) => Math.abs(x - (xs[i] ?? 0))));
  const one = typical(1);
  return one > 0 ? Math.min(1, Math.max(0, (typical(2) / one) ** 2 - 1)) : 1;
}
