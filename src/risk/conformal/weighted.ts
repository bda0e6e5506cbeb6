import { InputError } from '../../errors.js';
import { decimalOf, type Decimal } from '../../stats/decimal.js';
import { insideUnit, integerIn, nonNegative, positive, unit } from '../../stats/sample.js';

/** A weighted conformal threshold. */
export interface WeightedThreshold {
  /** Flag a score above it. Infinity where the weights are too small. */
  readonly threshold: number;
  readonly n: number;
  readonly alpha: number;
  /** (sum of weights)^2 / sum of their squares: how many equal weights would be as steady; 0 without scores. */
  readonly effectiveN: number;
  /** Sum of the scores' weights; the largest double where it is more. */
  readonly weight: number;
  /**
   * The sum that would be enough, (1 / alpha - 1) testWeight; null where the sum is, Infinity where none is;
   * the largest double where it is more. */
  readonly neededWeight: number | null;
}

/** Settings of a weighted threshold. */
export interface WeightedOptions {
  /** Miscoverage before drift, in [0, 1]. */
  readonly alpha: number;
  /** Weight of the score to come, > 0. Default 1. */
  readonly testWeight?: number;
}

/** A sum this close to its goal, relatively, is compared exactly. */
const TIE = 1e-9;

/**
 * Weighted conformal threshold: the smallest score up to which the normalised weights, that of the score to come
 * counted in, reach 1 - alpha.
 *
 * @param scores - calibration scores, any order; larger means stranger. May be infinite
 * @param weights - one a score, finite, >= 0; {@link recencyWeights} for those that forget
 * @param options - alpha and the weight of the score to come
 * @returns the threshold, or Infinity with the total weight that would be enough
 * @throws {@link InputError} NOT_FINITE for a NaN, BAD_PARAM
 * @remarks Guarantee: coverage at least 1 - alpha - sum of w_i d_i, w_i the normalised weights and d_i the total
 * variation between the scores as they are and with the i-th and the new one exchanged; {@link weightedLoss} and
 * {@link recencyLoss} put a number to it. Under exchangeability the loss is 0. Assumption: weights are fixed before the scores are seen, and in
 * units of a test weight that is their largest. Forgetting fast makes the loss small and the threshold jumpy: see
 * `effectiveN`. Weights that sum up to less than 1 / alpha - 1 give Infinity for ever, as rho = 0.8 does at alpha =
 * 0.1. Decimals are compared exactly where a sum comes close to its goal. O(n log n).
 * @see Barber, Candes, Ramdas & Tibshirani (2023), Conformal prediction beyond exchangeability, Annals of Statistics
 * 51, 816-845.
 * @example
 * ```ts
 * weightedThreshold([5, 1, 4, 2], [0.1, 0.4, 0.2, 0.3], { alpha: 0.4, testWeight: 0.5 }).threshold; // => 4
 * weightedThreshold([1, 2], [1, 1], { alpha: 0.05 }).neededWeight; // => 19
 * ```
 */
export function weightedThreshold(scores: ArrayLike<number>, weights: ArrayLike<number>, { alpha, testWeight = 1 }: WeightedOptions): WeightedThreshold {
  unit(alpha, 'alpha');
  positive(testWeight, 'testWeight');
  const n = scores.length;
  if (weights.length !== n) throw new InputError('BAD_PARAM', `weights must be as many as scores, ${String(n)}, got ${String(weights.length)}`);
  const pairs = Array.from(scores, (score, i) => {
    if (Number.isNaN(score)) throw new InputError('NOT_FINITE', `score ${String(i)} must not be NaN`);
    return { score: score + 0, weight: nonNegative(weights[i] ?? NaN, `weight ${String(i)}`) };
  }).sort((a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : 0));
  const weight = pairs.reduce((sum, pair) => sum + pair.weight, 0);
  const threshold = alpha === 1 ? -Infinity : reach(pairs, alpha, testWeight);
  return {
    threshold: threshold ?? Infinity,
    n,
    alpha,
    effectiveN: effectiveOf(pairs),
    weight: Math.min(weight, Number.MAX_VALUE),
    neededWeight: threshold === null ? neededOf(alpha, testWeight) : null,
  };
}

interface Weighted {
  readonly score: number;
  readonly weight: number;
}

const largestOf = (pairs: readonly Weighted[]): number => pairs.reduce((largest, { weight }) => Math.max(largest, weight), 0);

/** In units of the largest weight, so that neither sums nor squares leave the doubles. */
function effectiveOf(pairs: readonly Weighted[]): number {
  const unitWeight = largestOf(pairs);
  if (unitWeight === 0) return 0;
  const sum = pairs.reduce((total, { weight }) => total + weight / unitWeight, 0);
  return (sum * sum) / pairs.reduce((total, { weight }) => total + (weight / unitWeight) ** 2, 0);
}

function neededOf(alpha: number, testWeight: number): number {
  return alpha === 0 ? Infinity : Math.min(testWeight * (1 / alpha - 1), Number.MAX_VALUE);
}

/** The first score at which the weights so far reach (1 - alpha) (all of them + testWeight); null where none does. */
function reach(pairs: readonly Weighted[], alpha: number, testWeight: number): number | null {
  const unitWeight = Math.max(largestOf(pairs), testWeight);
  const total = pairs.reduce((sum, { weight }) => sum + weight / unitWeight, testWeight / unitWeight);
  const goal = (1 - alpha) * total;
  let sum = 0;
  for (const [i, { score, weight }] of pairs.entries()) {
    sum += weight / unitWeight;
    const reached = Math.abs(sum - goal) > TIE * total ? sum > goal : reachedExactly(pairs, i + 1, alpha, testWeight);
    if (reached) return score;
  }
  return null;
}

function reachedExactly(pairs: readonly Weighted[], count: number, alpha: number, testWeight: number): boolean {
  const decimals = [...pairs.map(({ weight }) => weight), testWeight].map((weight) => decimalOf(weight));
  const denominator = decimals.reduce((largest, d) => (d.denominator > largest ? d.denominator : largest), 1n);
  const whole = ({ numerator, denominator: own }: Decimal): bigint => numerator * (denominator / own);
  const sumOf = (part: readonly Decimal[]): bigint => part.reduce((sum, d) => sum + whole(d), 0n);
  const share = decimalOf(alpha);
  return sumOf(decimals.slice(0, count)) * share.denominator >= (share.denominator - share.numerator) * sumOf(decimals);
}

/**
 * Weights that forget: rho^age, the newest of `n` scores, the last, having age 1 and the score to come age 0.
 *
 * @param n - scores, integer >= 0, in the order of time
 * @param rho - in (0, 1)
 * @throws {@link InputError} BAD_PARAM
 * @example
 * ```ts
 * [...recencyWeights(3, 0.5)]; // => [0.125, 0.25, 0.5]
 * ```
 */
export function recencyWeights(n: number, rho: number): Float64Array {
  integerIn(n, 0, 2 ** 32, 'n');
  insideUnit(rho, 'rho');
  return Float64Array.from({ length: n }, (_, i) => Math.pow(rho, n - i));
}

/**
 * The coverage that drift can cost a {@link weightedThreshold}: sum of w_i t_i (2 - t_i), w_i the normalised weights.
 *
 * @param weights - one a score, finite, >= 0
 * @param variations - t_i: total variation between the law of score i and that of the score to come, in [0, 1]
 * @param testWeight - weight of the score to come, > 0. Default 1
 * @returns at most what coverage falls short of 1 - alpha by, in [0, 1]
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: an upper bound. Assumption: independent scores, for which exchanging the i-th and the new one
 * changes their law by at most t (2 - t). The variations are an assumption too: no data can confirm them. O(n).
 * @see Barber, Candes, Ramdas & Tibshirani (2023), Annals of Statistics 51, 816-845, theorem 2 and lemma 1.
 * @example
 * ```ts
 * weightedLoss([1, 1, 1], [1, 0, 0]); // => 0.25
 * weightedLoss([0.25, 1, 1], [1, 0, 0]).toFixed(4); // => '0.0769'
 * ```
 */
export function weightedLoss(weights: ArrayLike<number>, variations: ArrayLike<number>, testWeight = 1): number {
  const n = weights.length;
  if (variations.length !== n) throw new InputError('BAD_PARAM', `variations must be as many as weights, ${String(n)}, got ${String(variations.length)}`);
  const checked = Float64Array.from({ length: n }, (_, i) => nonNegative(weights[i] ?? NaN, `weight ${String(i)}`));
  const unitWeight = checked.reduce((largest, weight) => Math.max(largest, weight), positive(testWeight, 'testWeight'));
  let [sum, lost] = [testWeight / unitWeight, 0];
  for (let i = 0; i < n; i += 1) {
    const weight = (checked[i] ?? NaN) / unitWeight;
    const variation = unit(variations[i] ?? NaN, `variation ${String(i)}`);
    sum += weight;
    lost += weight * variation * (2 - variation);
  }
  return lost / sum;
}

/**
 * The {@link weightedLoss} of {@link recencyWeights} under steady drift: t = min(1, age times `driftPerStep`).
 *
 * @param params - n and rho of the weights; driftPerStep: total variation between the laws of neighbouring scores, in [0, 1]
 * @returns at most what coverage falls short of 1 - alpha by, in [0, 1]
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee and assumption: those of {@link weightedLoss}. A sudden change c scores ago, of any size, costs at
 * most rho^c instead: the weight of what is older. O(n).
 * @see Barber, Candes, Ramdas & Tibshirani (2023), Annals of Statistics 51, 816-845.
 * @example
 * ```ts
 * recencyLoss({ n: 1000, rho: 0.9, driftPerStep: 0.001 }).toFixed(4); // => '0.0178'
 * recencyLoss({ n: 1000, rho: 0.99, driftPerStep: 0.001 }).toFixed(4); // => '0.1783'
 * ```
 */
export function recencyLoss({ n, rho, driftPerStep }: { readonly n: number; readonly rho: number; readonly driftPerStep: number }): number {
  unit(driftPerStep, 'driftPerStep');
  const weights = recencyWeights(n, rho);
  return weightedLoss(weights, weights.map((_, i) => Math.min(1, (n - i) * driftPerStep)));
}
