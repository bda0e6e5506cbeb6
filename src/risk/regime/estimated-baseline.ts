import { InputError } from '../../errors.js';
import { gammaQuantile, gammaQuantileUpper } from '../../stats/gamma-inc.js';
import { integerIn } from '../../stats/sample.js';
import { exponentialSumLaw, gaussianSumLaw } from './continuous-laws.js';
import { ratioOf } from './cusum-family.js';
import { chanceOfArl, gaussianMean, normalMargin, type GaussianScheme } from './estimated-gaussian.js';
import { ARL_MAX, boundedMean, meanRunLength } from './run-length.js';
import { NATS_MAX, SD_MAX } from './side-laws.js';
import { smallestThreshold } from './threshold-search.js';

/** A scheme whose approved parameters are the mean (and the sd with m - 1) of a baseline. */
export type EstimatedScheme =
  | GaussianScheme
  | { readonly kind: 'exponential'; readonly rateRatio: number; readonly sides: 'up' | 'down' };

/**
 * The mean time to a false alarm that a scheme with estimated parameters exceeds with a given probability: a quantile, over
 * baselines, of its mean given the baseline.
 *
 * @param scheme - what is watched for
 * @param threshold - alarm above this; sd for Gaussian data, nats for exponential
 * @param m - observations the parameters were estimated from, >= 5
 * @param level - probability of at least the returned mean, in [0.01, 0.99]
 * @returns a mean number of observations; Infinity where it is beyond 1e11
 * @throws {@link InputError} BAD_PARAM
 * @remarks Exact for exponential data; for Gaussian data a two-dimensional quadrature, about 1 % of the mean. Two sides
 * together are counted as 1 / (1/up + 1/down). Independent observations are assumed.
 * @see Gandy & Kvaloy (2013), Scandinavian Journal of Statistics 40, 647-668 (the conditional view).
 * @example
 * ```ts
 * const arl = conditionalArl({ kind: 'exponential', rateRatio: 2, sides: 'up' }, 4.83, 200, 0.5);
 * Math.abs(arl / 1004 - 1) < 0.02; // => true
 * ```
 */
export function conditionalArl(scheme: EstimatedScheme, threshold: number, m: number, level: number): number {
  check(scheme, m, level);
  if (!(threshold > 0 && threshold <= 60)) throw new InputError('BAD_PARAM', `threshold must be in (0, 60], got ${String(threshold)}`);
  if (scheme.kind === 'exponential') {
    // The waits over their estimated mean have rate (estimate / truth), a Gamma(m) / m variable. Upwards a high one hurts.
    const factor = (scheme.sides === 'up' ? gammaQuantile(m, level) : gammaQuantileUpper(m, level)) / m;
    return boundedMean(exponentialSumLaw(ratioOf(scheme.rateRatio, scheme.sides), threshold, factor));
  }
  if (chanceOfArl(scheme, threshold, m, ARL_MAX / 2) >= level) return Infinity;
  // The other way round: the loss of ln ARL below the largest plays the threshold's part.
  const loss = smallestThreshold({ most: Math.log(ARL_MAX), unit: null }, (less) => normalMargin(chanceOfArl(scheme, threshold, m, ARL_MAX * Math.exp(-less)), level));
  return loss === null ? 1 : ARL_MAX * Math.exp(-loss);
}

/** A threshold for estimated parameters, and what it costs. */
export interface BaselineDesign {
  readonly m: number;
  readonly level: number;
  /** Alarm above this: the mean time to a false alarm is then at least the target with probability `level`. */
  readonly threshold: number;
  /** The threshold for known parameters, which keeps the promise for a third to a half of all baselines only. */
  readonly plainThreshold: number;
  /** Mean delay from the start at the change designed for, true parameters, with each threshold: the price. */
  readonly delay: number;
  readonly plainDelay: number;
}

/**
 * The threshold with which the mean time to a false alarm is at least `arl0` for all but a few baselines of m observations.
 *
 * @param scheme - what is watched for
 * @param m - observations the parameters are estimated from, >= 5
 * @param arl0 - mean number of observations, in [10, 1e6]
 * @param level - probability of the promise over baselines, in [0.01, 0.99]; 0.9 where left out
 * @throws {@link InputError} BAD_PARAM, also where m is so small that no threshold to 60 sd or 30 nats will do
 * @remarks See {@link conditionalArl} for the assumptions. Up to seconds for Gaussian data.
 * @see Gandy & Kvaloy (2013), Scandinavian Journal of Statistics 40, 647-668.
 * @example
 * ```ts
 * const design = baselineDesign({ kind: 'exponential', rateRatio: 2, sides: 'up' }, 200, 1000);
 * design.threshold > design.plainThreshold; // => true
 * ```
 */
export function baselineDesign(scheme: EstimatedScheme, m: number, arl0: number, level = 0.9): BaselineDesign {
  check(scheme, m, level);
  if (!(arl0 >= 10 && arl0 <= 1e6)) throw new InputError('BAD_PARAM', `arl0 must be in [10, 1e6], got ${String(arl0)}`);
  const margin = (h: number): number =>
    scheme.kind === 'exponential' ? Math.log(conditionalArl(scheme, h, m, level) / arl0) : normalMargin(chanceOfArl(scheme, h, m, arl0), level);
  const scale = { most: mostOf(scheme), unit: null };
  const [threshold, plainThreshold] = [smallestThreshold(scale, margin), smallestThreshold(scale, (h) => Math.log(exactMean(scheme, h) / arl0))];
  if (threshold === null || plainThreshold === null) {
    throw new InputError('BAD_PARAM', `m must be larger for a mean of ${String(arl0)} with probability ${String(level)}: no threshold to ${String(mostOf(scheme))} will do with ${String(m)}`);
  }
  return { m, level, threshold, plainThreshold, delay: delayAt(scheme, threshold), plainDelay: delayAt(scheme, plainThreshold) };
}

function mostOf({ kind }: EstimatedScheme): number {
  return kind === 'gaussian' ? SD_MAX : NATS_MAX;
}

function exactMean(scheme: EstimatedScheme, h: number): number {
  return scheme.kind === 'gaussian' ? gaussianMean(scheme, h, 0, 1) : boundedMean(exponentialSumLaw(ratioOf(scheme.rateRatio, scheme.sides), h));
}

function delayAt(scheme: EstimatedScheme, h: number): number {
  if (scheme.kind === 'gaussian') return meanRunLength(gaussianSumLaw(scheme.shift / 2, h, scheme.shift));
  const ratio = ratioOf(scheme.rateRatio, scheme.sides);
  return meanRunLength(exponentialSumLaw(ratio, h, ratio));
}

function check(scheme: EstimatedScheme, m: number, level: number): void {
  integerIn(m, 5, 1e7, 'm');
  if (!(level >= 0.01 && level <= 0.99)) throw new InputError('BAD_PARAM', `level must be in [0.01, 0.99], got ${String(level)}`);
  const size = scheme.kind === 'gaussian' ? scheme.shift : scheme.rateRatio - 1;
  if (!(size >= 0.1 && size <= 10)) throw new InputError('BAD_PARAM', `shift must be in [0.1, 10] or rateRatio in [1.1, 11], got ${JSON.stringify(scheme)}`);
}
