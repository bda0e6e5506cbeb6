import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import { grapaBet, learnMoments, type UnitMoments } from '../regime/betting.js';
import { checkObservations } from '../regime/e-values.js';
import { confidenceSequence, type SequenceOptions, type SequenceState, type SequenceStep } from './confidence-sequence.js';
import { predictableWeight } from './empirical-bernstein.js';
import type { RiskLimits } from './pac-bayes.js';

/** Settings of betting limits. */
export interface BettingLimitsParams {
  /** Chance that the limits ever miss the mean, in (0, 1). */
  readonly alpha: number;
  /** Largest bet as a share of what could be lost, in (0, 1). Default 0.5. */
  readonly cap?: number;
}

interface Checked {
  readonly alpha: number;
  readonly cap: number;
  readonly logThreshold: number;
}

function checked({ alpha, cap = 0.5 }: BettingLimitsParams): Checked {
  return { alpha: insideUnit(alpha, 'alpha'), cap: insideUnit(cap, 'cap'), logThreshold: Math.log(2 / alpha) };
}

/** ln of what a bet of `weight` that the mean is above m earns on x; at m = 0 a bet cannot lose. It falls as m rises. */
function logGain(x: number, m: number, weight: number, cap: number): number {
  return Math.log1p(Math.min(weight, cap / m) * (x - m));
}

/**
 * Limits on the mean of values in [0, 1] by betting, after each of which they hold at once: all m against which neither
 * a bettor on a larger mean nor one on a smaller has multiplied its money by 2 / alpha.
 *
 * @param values - in the order seen, in [0, 1]; with none the limits are 0 and 1
 * @param params - alpha, cap on bets
 * @returns the limits after the last value, to the last digits: wealth is a monotone function of m, so its root is found
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee (Ville): P(the limits ever miss the mean, at any n) <= alpha. Assumption: values in [0, 1] with one
 * mean given the past; nothing else. The bet is the predictable one of {@link empiricalBernstein}, the same for all m
 * but for its cap, and that is what makes wealth monotone in m; the bets of {@link betting}, tuned to one m, would not.
 * Narrowest where values vary little or events are rare: mean widths after 1000 zeros and ones, alpha 0.05, with 2 %
 * ones 0.028 (empirical Bernstein 0.031, beta-binomial 0.034), with 50 % ones 0.131 (0.125, 0.111). Some 60 passes over
 * the values; as a stream {@link bettingSequence}.
 * @see Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting, Journal of the Royal
 * Statistical Society B 86, 1-27, theorem 3 (hedged capital).
 * @example
 * ```ts
 * const { lower, upper } = bettingLimits(Array(100).fill(0.5), { alpha: 0.05 });
 * [lower.toFixed(4), upper.toFixed(4)]; // => ['0.4650', '0.5350']
 * ```
 */
export function bettingLimits(values: ArrayLike<number>, params: BettingLimitsParams): RiskLimits {
  const settings = checked(params);
  const x = Float64Array.from(values);
  checkObservations('unit', x, 0);
  let seen: UnitMoments = { count: 0, sum: 0, squares: 0 };
  const weights = x.map((value) => {
    const weight = predictableWeight(seen, settings.alpha);
    seen = learnMoments(seen, value);
    return weight;
  });
  return { lower: lowerRoot(x, weights, settings), upper: 1 - lowerRoot(x.map((value) => 1 - value), weights, settings) };
}

/** The largest m in [0, 1) at which the bettor on a larger mean has reached 2 / alpha; 0 where there is none. */
function lowerRoot(x: Float64Array, weights: Float64Array, { cap, logThreshold }: Checked): number {
  const isOut = (m: number): boolean => {
    let logWealth = 0;
    for (const [i, value] of x.entries()) logWealth += logGain(value, m, weights[i] ?? 0, cap);
    return logWealth >= logThreshold;
  };
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i += 1) {
    const mid = (low + high) / 2;
    if (isOut(mid)) low = mid;
    else high = mid;
  }
  return low;
}

/** Settings of a betting sequence. */
export interface BettingSequenceParams extends BettingLimitsParams, SequenceOptions {
  /** Means at which wealth is kept, an integer in [10, 10000]; default 200. Limits are rounded outward to them. */
  readonly resolution?: number;
  /**
   * `predictable` (default): one bet for all means, tuned to the values' variance; narrower for rare events and calm
   * values. `grapa`: for each mean the bet of {@link betting}; narrower where the variance is large (zeros and ones in
   * equal parts, n = 1000: 0.114 wide against 0.131).
   */
  readonly bets?: 'predictable' | 'grapa';
}

/** What a betting sequence remembers. */
export type BettingSequenceCore = UnitMoments & {
  /** Logarithmic wealth of the bettors on a larger mean and on a smaller one, for each mean of the grid. */
  readonly above: readonly number[];
  readonly below: readonly number[];
};

/**
 * {@link bettingLimits} as a stream, on a grid of means.
 *
 * @param params - alpha, cap on bets, resolution, whether to intersect
 * @returns a detector of values in [0, 1]
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Guarantee and assumption as there. The grid is sin^2, so it is finer towards 0 and 1; limits are rounded
 * outward to it and stay valid, since a bet tuned to a mean of the grid wins no less against the means beyond it, up to
 * the next one. Wealth at a mean needs every observation again, so the state holds two numbers a mean;
 * O(resolution) a step.
 * @see Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting, Journal of the Royal
 * Statistical Society B 86, 1-27.
 * @example
 * ```ts
 * const last = [...scan(bettingSequence({ alpha: 0.05 }), Array(100).fill(0.5))].at(-1)?.out;
 * (last?.lower ?? 1) > 0.41 && (last?.upper ?? 0) < 0.59; // => true
 * ```
 */
export function bettingSequence(params: BettingSequenceParams): Detector<number, SequenceState<BettingSequenceCore>, SequenceStep> {
  const { alpha, cap, logThreshold } = checked(params);
  const resolution = integerIn(params.resolution ?? 200, 10, 10_000, 'resolution');
  const bets = params.bets ?? 'predictable';
  if (!['predictable', 'grapa'].includes(bets)) throw new InputError('BAD_PARAM', `bets must be predictable or grapa, got ${bets}`);
  const grid = Float64Array.from({ length: resolution - 1 }, (_, i) => Math.sin((Math.PI / 2) * ((i + 1) / resolution)) ** 2);
  const process = {
    kind: 'betting-sequence',
    params: { cap, resolution, bets },
    init: (): BettingSequenceCore => ({ count: 0, sum: 0, squares: 0, above: [...grid].fill(0), below: [...grid].fill(0) }),
    advance(core: BettingSequenceCore, x: number, index: number): BettingSequenceCore {
      checkObservations('unit', Float64Array.of(x), index);
      const weight = predictableWeight(core, alpha);
      const mirrored = { ...core, sum: core.count - core.sum };
      const betOn = (before: UnitMoments, m: number): number => (bets === 'grapa' ? grapaBet(before, m) : weight);
      return {
        ...learnMoments(core, x),
        above: core.above.map((log, i) => log + logGain(x, grid[i] ?? NaN, betOn(core, grid[i] ?? NaN), cap)),
        below: core.below.map((log, i) => log + logGain(1 - x, 1 - (grid[i] ?? NaN), betOn(mirrored, 1 - (grid[i] ?? NaN)), cap)),
      };
    },
    limits({ count, sum, above, below }: BettingSequenceCore) {
      // All means up to the lower limit, and from the upper one on, are out: wealth that is not monotone may have gaps.
      const lowest = above.findIndex((log) => log < logThreshold);
      const highest = below.findLastIndex((log) => log < logThreshold);
      return { estimate: sum / count, lower: grid[(lowest < 0 ? grid.length : lowest) - 1] ?? 0, upper: grid[highest + 1] ?? 1 };
    },
  };
  return confidenceSequence(process, alpha, params.intersect ?? false);
}
