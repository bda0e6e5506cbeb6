import { InputError } from '../../errors.js';
import { gammaQuantile, gammaQuantileUpper } from '../../stats/gamma-inc.js';
import { gaussLegendre } from '../../stats/gauss-legendre.js';
import { normalCdf } from '../../stats/normal.js';
import { integerIn } from '../../stats/sample.js';
import { exponentialSumLaw, gaussianSumLaw } from './continuous-laws.js';
import { ratioOf } from './cusum-family.js';
import { meanRunLength } from './run-length.js';

/** A scheme whose approved parameters are the mean (and the sd with m - 1) of a baseline. */
export type EstimatedScheme =
  | { readonly kind: 'gaussian'; readonly shift: number; readonly sides: 'up' | 'down' | 'both' }
  | { readonly kind: 'exponential'; readonly rateRatio: number; readonly sides: 'up' | 'down' };

type GaussianScheme = Extract<EstimatedScheme, { kind: 'gaussian' }>;

/** Means beyond this are taken as infinite: the linear system can no longer tell. */
const MEAN_MAX = 1e11;

/** Nodes over the law of the standard deviation. */
const SPREAD_NODES = 12;

/** Mean run length of a Gaussian scheme whose mean is off by `offset` true sd, and whose sd is the truth over `ratio`. */
function gaussianMean(scheme: GaussianScheme, h: number, offset: number, ratio: number): number {
  const side = (mean: number): number => bounded(meanRunLength(gaussianSumLaw(scheme.shift / 2 / ratio, h / ratio, mean)));
  if (scheme.sides !== 'both') return side(offset);
  return 1 / (1 / side(offset) + 1 / side(-offset));
}

function bounded(mean: number): number {
  return mean > 0 && mean < MEAN_MAX ? mean : Infinity;
}

/**
 * The largest offset towards the alarm at which the mean run length is still `arl`: the mean falls with the offset (with
 * its size, for two sides). Sought within six standard errors; -Infinity where no offset will do.
 */
function largestOffset(scheme: GaussianScheme, h: number, arl: number, { ratio, error }: { readonly ratio: number; readonly error: number }): number {
  const excess = (offset: number): number => Math.min(50, Math.log(gaussianMean(scheme, h, offset, ratio) / arl));
  let [low, high] = [scheme.sides === 'both' ? 0 : -6 * error, 6 * error];
  let [above, below] = [excess(low), excess(high)];
  if (above < 0) return -Infinity;
  if (below >= 0) return high;
  for (let i = 0; i < 30 && high - low > 1e-4 * error; i += 1) {
    // Regula falsi (Illinois), with a bisection now and then for the flat top.
    const at = i % 4 === 3 ? (low + high) / 2 : (low * below - high * above) / (below - above);
    const value = excess(at);
    if (Math.abs(value) < 1e-5) return at;
    if (value >= 0) {
      [low, above] = [at, value];
      below /= 2;
    } else {
      [high, below] = [at, value];
      above /= 2;
    }
  }
  return (low + high) / 2;
}

/**
 * The chance, over baselines of m independent observations, that a Gaussian scheme's mean time to a false alarm is at least
 * `arl`. It does not depend on the true parameters.
 *
 * The outer integral runs over the estimated variance, from the smallest with which any offset will do; squaring the
 * variable takes out the square root with which the integrand starts there.
 */
function chanceOfArl(scheme: GaussianScheme, h: number, m: number, arl: number): number {
  const error = 1 / Math.sqrt(m);
  const [shape, best] = [(m - 1) / 2, scheme.sides === 'both' ? 0 : -6 * error];
  const ratioOfChance = (u: number): number => Math.sqrt(shape / gammaQuantile(shape, u));
  let [low, high] = [Math.log(1e-6), 0];
  const reaches = (logU: number): boolean => gaussianMean(scheme, h, best, ratioOfChance(Math.exp(logU))) >= arl;
  if (reaches(low)) high = low;
  else if (!reaches(Math.log(0.999))) return 0;
  for (let i = 0; i < 16 && high > low; i += 1) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  const from = Math.exp(high);
  const { nodes, weights } = gaussLegendre(SPREAD_NODES, 0, 1);
  return nodes.reduce((sum, v, i) => {
    const offset = largestOffset(scheme, h, arl, { ratio: ratioOfChance(from + (1 - from) * v * v), error });
    const inside = offset === -Infinity ? 0 : normalCdf(offset / error) - (scheme.sides === 'both' ? normalCdf(-offset / error) : 0);
    return sum + (weights[i] ?? 0) * 2 * v * (1 - from) * inside;
  }, 0);
}

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
    return bounded(meanRunLength(exponentialSumLaw(ratioOf(scheme.rateRatio, scheme.sides), threshold, factor)));
  }
  let [low, high] = [0, Math.log(MEAN_MAX)];
  if (chanceOfArl(scheme, threshold, m, MEAN_MAX / 2) >= level) return Infinity;
  for (let i = 0; i < 16; i += 1) {
    const middle = (low + high) / 2;
    if (chanceOfArl(scheme, threshold, m, Math.exp(middle)) >= level) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
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
 * @throws {@link InputError} BAD_PARAM, also where m is so small that no threshold to 60 will do
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
  const holds = (h: number): boolean => (scheme.kind === 'exponential' ? conditionalArl(scheme, h, m, level) >= arl0 : chanceOfArl(scheme, h, m, arl0) >= level);
  if (!holds(60)) throw new InputError('BAD_PARAM', `m must be larger for a mean of ${String(arl0)} with probability ${String(level)}: no threshold to 60 will do with ${String(m)}`);
  const [threshold, plainThreshold] = [smallest(holds), smallest((h) => exactMean(scheme, h) >= arl0)];
  return { m, level, threshold, plainThreshold, delay: delayAt(scheme, threshold), plainDelay: delayAt(scheme, plainThreshold) };
}

function exactMean(scheme: EstimatedScheme, h: number): number {
  return scheme.kind === 'gaussian' ? gaussianMean(scheme, h, 0, 1) : bounded(meanRunLength(exponentialSumLaw(ratioOf(scheme.rateRatio, scheme.sides), h)));
}

function delayAt(scheme: EstimatedScheme, h: number): number {
  if (scheme.kind === 'gaussian') return meanRunLength(gaussianSumLaw(scheme.shift / 2, h, scheme.shift));
  const ratio = ratioOf(scheme.rateRatio, scheme.sides);
  return meanRunLength(exponentialSumLaw(ratio, h, ratio));
}

/** The smallest threshold in (0, 60] that holds, to 1e-4 of itself. */
function smallest(holds: (h: number) => boolean): number {
  let [low, high] = [0, 60];
  for (let step = 4; step < 60; step *= 1.6) {
    if (holds(step)) {
      high = step;
      break;
    }
    low = step;
  }
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function check(scheme: EstimatedScheme, m: number, level: number): void {
  integerIn(m, 5, 1e7, 'm');
  if (!(level >= 0.01 && level <= 0.99)) throw new InputError('BAD_PARAM', `level must be in [0.01, 0.99], got ${String(level)}`);
  const size = scheme.kind === 'gaussian' ? scheme.shift : scheme.rateRatio - 1;
  if (!(size >= 0.1 && size <= 10)) throw new InputError('BAD_PARAM', `shift must be in [0.1, 10] or rateRatio in [1.1, 11], got ${JSON.stringify(scheme)}`);
}
