import { gammaQuantile } from '../../stats/gamma-inc.js';
import { gaussLegendre } from '../../stats/gauss-legendre.js';
import { normalCdf, normalQuantile } from '../../stats/normal.js';
import { chanceWithin } from './alarm-figure.js';
import { gaussianSumLaw } from './continuous-laws.js';
import type { CusumTarget } from './cusum-design.js';
import { boundedMean } from './run-length.js';

/** A Gaussian scheme whose mean and sd are estimates. */
export interface GaussianScheme {
  readonly kind: 'gaussian';
  /** What is watched for, in sd. */
  readonly shift: number;
  readonly sides: 'up' | 'down' | 'both';
}

/** Nodes over the law of the standard deviation. */
const SPREAD_NODES = 12;

/** Mean run length of a Gaussian scheme whose mean is off by `offset` true sd, and whose sd is the truth over `ratio`. */
export function gaussianMean(scheme: GaussianScheme, h: number, offset: number, ratio: number): number {
  const side = (mean: number): number => boundedMean(gaussianSumLaw(scheme.shift / 2 / ratio, h / ratio, mean));
  if (scheme.sides !== 'both') return side(offset);
  return 1 / (1 / side(offset) + 1 / side(-offset));
}

/** A false-alarm figure, longer is better, where the mean is off by `offset` true sd and the sd is the truth over `ratio`. */
type Figure = (offset: number, ratio: number) => number;

/**
 * The largest offset towards the alarm at which the figure is still `goal`: it falls with the offset (with its size, for
 * two sides). Sought within six standard errors; -Infinity where no offset will do.
 */
function largestOffset(figure: Figure, goal: number, { from, ratio, error }: { readonly from: number; readonly ratio: number; readonly error: number }): number {
  const excess = (offset: number): number => Math.min(50, Math.log(figure(offset, ratio) / goal));
  let [low, high] = [from, 6 * error];
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
 * The chance, over baselines of m independent Gaussian observations, that a scheme's figure is at least `goal`. It does not
 * depend on the true parameters.
 *
 * The outer integral runs over the estimated variance, from the smallest with which any offset will do; squaring the
 * variable takes out the square root with which the integrand starts there.
 */
function chanceOfFigure(figure: Figure, goal: number, m: number, twoSided: boolean): number {
  const error = 1 / Math.sqrt(m);
  const [shape, best] = [(m - 1) / 2, twoSided ? 0 : -6 * error];
  const ratioOfChance = (u: number): number => Math.sqrt(shape / gammaQuantile(shape, u));
  let [low, high] = [Math.log(1e-6), Math.log(0.999)];
  const reaches = (logU: number): boolean => figure(best, ratioOfChance(Math.exp(logU))) >= goal;
  if (reaches(low)) high = low;
  else if (!reaches(high)) return 0;
  for (let i = 0; i < 12 && high > low; i += 1) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  const from = Math.exp(high);
  const { nodes, weights } = gaussLegendre(SPREAD_NODES, 0, 1);
  return nodes.reduce((sum, v, i) => {
    const offset = largestOffset(figure, goal, { from: best, ratio: ratioOfChance(from + (1 - from) * v * v), error });
    const inside = offset === -Infinity ? 0 : normalCdf(offset / error) - (twoSided ? normalCdf(-offset / error) : 0);
    return sum + (weights[i] ?? 0) * 2 * v * (1 - from) * inside;
  }, 0);
}

/** The chance, over baselines of m points, that a Gaussian scheme's mean time to a false alarm is at least `arl`. */
export function chanceOfArl(scheme: GaussianScheme, h: number, m: number, arl: number): number {
  return chanceOfFigure((offset, ratio) => gaussianMean(scheme, h, offset, ratio), arl, m, scheme.sides === 'both');
}

/**
 * The chance, over baselines of m points, that a Gaussian scheme keeps a target. For a chance of an alarm within n
 * observations the two sides' own chances are added, which is never less than that of either.
 */
export function chanceOfTarget(scheme: GaussianScheme, h: number, m: number, target: CusumTarget): number {
  if ('arl0' in target) return chanceOfArl(scheme, h, m, target.arl0);
  const { within, probability } = target;
  const twoSided = scheme.sides === 'both';
  // As the mean of a constant hazard: a scale on which the root is nearly straight.
  const asMean = (chance: number): number => -within / Math.log1p(-Math.min(chance, 1 - 1e-15));
  const side = (offset: number, ratio: number): number => chanceWithin(gaussianSumLaw(scheme.shift / 2 / ratio, h / ratio, offset), within);
  return chanceOfFigure((offset, ratio) => asMean(Math.max(1e-18, side(offset, ratio) + (twoSided ? side(-offset, ratio) : 0))), asMean(probability), m, twoSided);
}

/** A chance against a level on the normal scale, where both move nearly in a line with a threshold; within +-8. */
export function normalMargin(chance: number, level: number): number {
  const scale = (p: number): number => (p <= 1e-15 ? -8 : p >= 1 - 1e-15 ? 8 : normalQuantile(p));
  return scale(chance) - scale(level);
}
