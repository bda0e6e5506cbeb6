import { LuDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../../errors.js';
import { gaussLegendre } from '../../stats/gauss-legendre.js';
import { logNormalPdf } from '../../stats/normal.js';
import { finite } from '../../stats/sample.js';

/** Which limits an average is held to: those of its long run, or those that grow with the number of observations. */
export type EwmaLimits = 'exact' | 'asymptotic';

/** An EWMA's limit with what it promises. */
export interface EwmaDesign {
  readonly weight: number;
  /** Half-width of the limits in sd of the average. */
  readonly limit: number;
  readonly limits: EwmaLimits;
  /** Mean number of observations to a false alarm. */
  readonly arl0: number;
  readonly how: 'integral equation';
  readonly assumes: string;
}

/** A smaller weight makes an average of so many observations that its law takes minutes. */
const LEAST_WEIGHT = 0.01;

/** Beyond this the mean run length has no digits left in doubles. */
const LARGEST_LIMIT = 7;

/** Growing limits are taken for grown where what they lack has fallen to half of this. */
const GROWN = 1e-10;

interface Chart {
  readonly weight: number;
  readonly shift: number;
  /** Half-width of the long-run limits, in sd of an observation. */
  readonly width: number;
  readonly nodeCount: number;
}

/**
 * Mean run length of a two-sided exponentially weighted moving average of independent normal observations. For
 * comparison with a CUSUM's.
 *
 * @param weight - weight of the newest observation, in [0.01, 1]
 * @param limit - half-width of the limits in sd of the average, in (0, 7]
 * @param options - `shift`: the mean's distance from the approved one in sd, default 0; `limits`: default `exact`, as
 * {@link ewma} has them: limit sqrt(weight / (2 - weight) (1 - (1 - weight)^(2 t))); `asymptotic` without the last factor
 * @returns mean number of observations to an alarm, the average starting at the approved mean
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Nystrom's method on Gauss-Legendre nodes; growing limits by carrying the law of the average from observation
 * to observation. About eight digits; at a weight of 0.01 a second.
 * @see Crowder (1987), Technometrics 29, 401-407; Lucas & Saccucci (1990), Technometrics 32, 1-12; Knoth (2003),
 * Sequential Analysis 22, 243-259.
 * @example
 * ```ts
 * ewmaArl(0.1, 2.7, { limits: 'asymptotic' }).toFixed(1); // => '369.0'
 * ```
 */
export function ewmaArl(weight: number, limit: number, options: { readonly shift?: number; readonly limits?: EwmaLimits } = {}): number {
  const { shift = 0, limits = 'exact' } = options;
  if (!(weight >= LEAST_WEIGHT && weight <= 1)) throw new InputError('BAD_PARAM', `weight must be in [${String(LEAST_WEIGHT)}, 1], got ${String(weight)}`);
  if (!(limit > 0 && limit <= LARGEST_LIMIT)) throw new InputError('BAD_PARAM', `limit must be in (0, ${String(LARGEST_LIMIT)}], got ${String(limit)}`);
  const width = limit * Math.sqrt(weight / (2 - weight));
  const chart = { weight, shift: finite(shift, 'shift'), width, nodeCount: 24 + Math.ceil((5 * width) / weight) };
  const meanFrom = longRun(chart);
  return limits === 'asymptotic' ? meanFrom(0) : withGrowingLimits(chart, meanFrom);
}

/**
 * The EWMA limit with a given mean time to a false alarm. For comparison with {@link designCusum}.
 *
 * @param params - weight in [0.01, 1]; arl0 in (1, 1e8]; limits as for {@link ewmaArl}
 * @returns the limit, for {@link ewma} if `limits` is `exact`
 * @throws {@link InputError} BAD_PARAM
 * @remarks Holds for independent normal observations with known mean and sd. Some eight times {@link ewmaArl}.
 * @see Lucas & Saccucci (1990), Technometrics 32, 1-12.
 * @example
 * ```ts
 * designEwma({ weight: 0.2, arl0: 1000 }).limit.toFixed(4); // => '3.1883'
 * ```
 */
export function designEwma({ weight, arl0, limits = 'exact' }: { readonly weight: number; readonly arl0: number; readonly limits?: EwmaLimits }): EwmaDesign {
  if (!(arl0 > 1 && arl0 <= 1e8)) throw new InputError('BAD_PARAM', `arl0 must be in (1, 1e8], got ${String(arl0)}`);
  const asymptotic = limitFor((limit) => Math.log(ewmaArl(weight, limit, { limits: 'asymptotic' }) / arl0), [0, LARGEST_LIMIT]);
  if (limits === 'asymptotic') return designed(asymptotic);
  // Growing limits are narrower, so the answer is above, and mostly a little.
  const excess = (limit: number): number => Math.log(ewmaArl(weight, limit) / arl0);
  let step = 0.02;
  while (asymptotic + step < LARGEST_LIMIT && excess(asymptotic + step) < 0) step *= 4;
  return designed(limitFor(excess, [asymptotic, Math.min(LARGEST_LIMIT, asymptotic + step)]));

  function designed(limit: number): EwmaDesign {
    return { weight, limit, limits, arl0: ewmaArl(weight, limit, { limits }), how: 'integral equation', assumes: 'independent normal observations, mean and sd known' };
  }
}

/** Where `excess` is 0, which is below 0 at the first end and above it at the last: regula falsi (Illinois). */
function limitFor(excess: (limit: number) => number, [from, to]: readonly [number, number]): number {
  let [low, below] = [from, excess(Math.max(from, 1e-9))];
  let [high, above] = [to, excess(to)];
  for (let i = 0; i < 100 && high - low > 1e-11 * high; i += 1) {
    const limit = (low * above - high * below) / (above - below);
    const value = excess(limit);
    if (Math.abs(value) < 1e-10) return limit;
    if (value < 0) {
      [low, below] = [limit, value];
      above /= 2;
    } else {
      [high, above] = [limit, value];
      below /= 2;
    }
  }
  return high;
}

/** Density of the average at `to` one observation after it was `from`. */
function density({ weight, shift }: Chart, from: number, to: number): number {
  return Math.exp(logNormalPdf((to - (1 - weight) * from) / weight - shift)) / weight;
}

/** An observation so many sd off has a density below the rounding of any sum. */
const OUT_OF_REACH = 9;

/** Density of the average at `to` one observation after it was at `places` with `masses`. */
function densityFrom({ weight, shift }: Chart, places: Float64Array, masses: Float64Array, to: number): number {
  let sum = 0;
  for (let i = 0; i < places.length; i += 1) {
    const z = (to - (1 - weight) * (places[i] as number)) / weight - shift;
    if (Math.abs(z) < OUT_OF_REACH) sum += (masses[i] as number) * Math.exp(-0.5 * z * z);
  }
  return sum / (Math.sqrt(2 * Math.PI) * weight);
}

/** Mean run length within the long-run limits, as a function of where the average is. */
function longRun(chart: Chart): (from: number) => number {
  const { nodes, weights } = gaussLegendre(chart.nodeCount, -chart.width, chart.width);
  const into = (from: number): number[] => Array.from(nodes, (to, j) => (weights[j] as number) * density(chart, from, to));
  const identityMinus = new Matrix(Array.from(nodes, (from, i) => into(from).map((mass, j) => (i === j ? 1 : 0) - mass)));
  const means = new LuDecomposition(identityMinus).solve(Matrix.ones(nodes.length, 1)).to1DArray();
  return (from) => into(from).reduce((sum, mass, j) => sum + mass * (means[j] as number), 1);
}

/** Sums the chances of no alarm yet, until the limits have grown and the long run takes over. */
function withGrowingLimits(chart: Chart, meanFrom: (from: number) => number): number {
  const unitRule = gaussLegendre(chart.nodeCount, -1, 1);
  let [places, masses] = [Float64Array.of(0), Float64Array.of(1)];
  let [total, alive] = [0, 1];
  for (let lacking = (1 - chart.weight) ** 2; lacking > GROWN && alive > 1e-16 * total; lacking *= (1 - chart.weight) ** 2) {
    total += alive;
    const width = chart.width * Math.sqrt(1 - lacking);
    const next = unitRule.nodes.map((node) => node * width);
    const [from, mass] = [places, masses];
    masses = next.map((to, j) => (unitRule.weights[j] as number) * width * densityFrom(chart, from, mass, to));
    places = next;
    alive = masses.reduce((sum, part) => sum + part, 0);
  }
  return total + masses.reduce((sum, mass, i) => sum + mass * meanFrom(places[i] as number), 0);
}
