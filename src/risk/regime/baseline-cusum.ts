import { InputError } from '../../errors.js';
import type { CusumSides } from './cusum.js';
import { type CusumDesign, type CusumTarget, checkTarget, describeCusum, designCusum } from './cusum-design.js';
import type { CusumFamily } from './cusum-family.js';
import { type Estimate, estimated, estimatedOfNone, type Wanted } from './baseline-estimate.js';
import { baselineWatch, type BaselineWatch, neededPoints } from './baseline-watch.js';

/** What to design from a baseline. */
export interface BaselineCusumParams {
  readonly kind: CusumFamily['kind'];
  /** The change to find: a shift in sd (1 where left out), or a factor above 1 on the rate or on the chance (2). */
  readonly change?: number;
  /** `both` where left out. */
  readonly sides?: CusumSides;
  readonly target: CusumTarget;
  /** Probability of the promise, over baselines, in [0.5, 0.99]; 0.9 where left out. */
  readonly level?: number;
}

/** A CUSUM whose approved parameters were estimated, with a promise that allows for that. */
export interface BaselineCusum {
  readonly refused: false;
  /** With the estimates in it: what the detector takes. */
  readonly family: CusumFamily;
  /** True where the baseline counted nothing, so that the family stands at the upper limit of what that leaves possible. */
  readonly atLimit: boolean;
  readonly sides: CusumSides;
  /** With probability `level` over baselines the target is kept; the same twice where one side is watched. */
  readonly threshold: { readonly up: number; readonly down: number };
  /** Observations in the baseline. */
  readonly m: number;
  readonly level: number;
  /** What the threshold would promise if the estimates were the truth. */
  readonly known: CusumDesign;
  /** The mean time to a false alarm given this baseline: 90 % limits. Infinity beyond 1e11. */
  readonly conditional: { readonly lower: number; readonly upper: number };
  /** The threshold that would do if the estimates were the truth; it breaks the target for a half of all baselines or more. */
  readonly plainThreshold: { readonly up: number; readonly down: number };
  /** Mean delay at the change designed for, there from the start and the estimates right: the longer of the sides. */
  readonly delay: number;
  /** The same with the plain threshold: the difference is the price of not knowing. */
  readonly plainDelay: number;
  readonly guarantee: string;
  readonly assumes: string;
}

/** A baseline on which no promise can stand. */
export interface BaselineRefusal {
  readonly refused: true;
  readonly reason: string;
  /** About how many approved observations would do. */
  readonly needed: number;
}

/**
 * The CUSUM for a stream of which only an approved stretch is known: parameters estimated from it, and a threshold that
 * keeps the target for all but a few baselines.
 *
 * @param xs - approved observations, at least 5: values, waits >= 0, outcomes 0 or 1, or counts
 * @param params - see {@link BaselineCusumParams}
 * @returns the design, or a refusal saying about how many observations would do
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; BAD_PARAM also for a baseline without a scale (all values equal; all
 * waits 0)
 * @remarks Guarantee: with probability >= `level` over the draw of the baseline, the mean time to a false alarm given that
 * baseline is at least `arl0`, or the chance of a false alarm within so many observations at most `probability`, from the
 * start or from any reset. Gaussian data: the exact law of mean and sd, by quadrature (about 1 % of the mean); the sides'
 * chances are added. Others: the target is met at the exact one-sided confidence limit of the rate, mean or chance
 * (Clopper-Pearson, Garwood), since a false alarm can only be likelier on that side of the truth; for counts and outcomes
 * that is more than was promised. Where nothing was counted the limit itself is the approved law, and the watch is upwards
 * only. Two sides of these each get half of what `level` leaves, and half of the target.
 * Assumption: independent observations of one law, the baseline's. A second or two; longer, up to a minute, where few counts or
 * outcomes leave open whether the sum drifts up or down.
 * @see Gandy & Kvaloy (2013), Scandinavian Journal of Statistics 40, 647-668.
 * @example
 * ```ts
 * const waits = Array.from({ length: 200 }, (_, i) => -Math.log((i + 0.5) / 200));
 * const design = designCusumFromBaseline(waits, { kind: 'exponential', sides: 'up', target: { arl0: 1000 } });
 * design.refused ? design.needed : design.threshold.up > design.plainThreshold.up; // => true
 * ```
 */
export function designCusumFromBaseline(xs: ArrayLike<number>, params: BaselineCusumParams): BaselineCusum | BaselineRefusal {
  const { kind, target, sides = 'both', level = 0.9 } = params;
  const wanted = checkedWanted(kind, params.change);
  if (!(level >= 0.5 && level <= 0.99)) throw new InputError('BAD_PARAM', `level must be in [0.5, 0.99], got ${String(level)}`);
  checkTarget(target);
  const m = xs.length;
  const ask = { wanted, sides, target, level };
  if (m < 5) return { refused: true, reason: `a baseline needs at least 5 observations, got ${String(m)}`, needed: neededPoints(ask, m, null) };
  const estimate = startFrom(xs, ask);
  if (estimate === null) return nothingToEstimate(m, xs[0] ?? 0);
  const watch = baselineWatch(ask, estimate);
  const threshold = watch.threshold();
  if (threshold === null) {
    const reason = `${String(m)} approved observations leave the ${kind} parameters so uncertain that no threshold to ${kind === 'gaussian' ? '60 sd' : '30 nats'} keeps the target with probability ${String(level)}`;
    return { refused: true, reason, needed: neededPoints(ask, m, estimate) };
  }
  return designed({ estimate, sides, target, level }, watch, threshold);
}

function startFrom(xs: ArrayLike<number>, { wanted, sides, level }: { readonly wanted: Wanted; readonly sides: CusumSides; readonly level: number }): Estimate | null {
  const estimate = estimated(xs, wanted);
  return estimate === null && xs[0] === 0 && sides === 'up' ? estimatedOfNone(xs.length, wanted, level) : estimate;
}

interface Settled {
  readonly estimate: Estimate;
  readonly sides: CusumSides;
  readonly target: CusumTarget;
  readonly level: number;
}

function designed({ estimate: { m, family, atLimit = false }, sides, target, level }: Settled, watch: BaselineWatch, threshold: BaselineCusum['threshold']): BaselineCusum {
  const changes = changesOf(family);
  const known = describeCusum({ family, sides, threshold, ...changes });
  const plain = designCusum({ family, sides, target, ...changes });
  const longest = ({ delays }: CusumDesign): number => delays.reduce((most, { meanFromStart }) => Math.max(most, meanFromStart), 0);
  return {
    refused: false,
    family,
    atLimit,
    sides,
    threshold,
    m,
    level,
    known,
    conditional: watch.conditional(threshold),
    plainThreshold: plain.threshold,
    delay: longest(known),
    plainDelay: longest(plain),
    guarantee: `with probability at least ${String(level)} over baselines of ${String(m)} observations, ${promiseOf(target)}`,
    assumes: `independent observations of one ${family.kind} law, in the baseline and in the stream until a change${atLimit ? `; none of the approved is above 0, so the law is taken at its upper ${String(100 * level)} % limit` : ''}`,
  };
}

function promiseOf(target: CusumTarget): string {
  return 'arl0' in target
    ? `the mean time to a false alarm is at least ${String(target.arl0)} observations`
    : `the chance of a false alarm within ${String(target.within)} observations is at most ${String(target.probability)}`;
}

/** The change designed for alone; a Bernoulli family names its own. */
function changesOf(family: CusumFamily): { readonly changes?: readonly number[] } {
  if (family.kind === 'bernoulli') return {};
  return { changes: [family.kind === 'gaussian' ? family.shift : family.rateRatio] };
}

/** All zeros, watched for fewer; or all ones. */
function nothingToEstimate(m: number, value: number): BaselineRefusal {
  const reason = value === 0
    ? `the ${String(m)} approved observations are all 0, and nothing is fewer: watch upwards alone, or give the parameter outright`
    : `the ${String(m)} approved outcomes are all 1, which leaves no chance of a 0 to start from: watch for 0 instead, or give the parameter outright`;
  return { refused: true, reason, needed: 2 * m };
}

function checkedWanted(kind: CusumFamily['kind'], change: number | undefined = kind === 'gaussian' ? 1 : 2): Wanted {
  const [low, high, name] = kind === 'gaussian' ? [0.1, 10, 'shift in sd'] : [1.1, 11, 'factor'];
  if (!(change >= low && change <= high)) throw new InputError('BAD_PARAM', `change must be a ${name} in [${String(low)}, ${String(high)}] for a ${kind} family, got ${String(change)}`);
  return { kind, change };
}
