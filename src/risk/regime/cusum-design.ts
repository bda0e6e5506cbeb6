import { InputError } from '../../errors.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import type { CusumSides, PerSide } from './cusum.js';
import { type CusumFamily, type CusumSide, checkFamily, incrementOf } from './cusum-family.js';
import { type CusumDelay, delaysOf } from './cusum-delay.js';
import { type SideDesign, type ThresholdMethod, designSide } from './cusum-side-design.js';
import { sideAt } from './side-laws.js';
import { type RunLength, alarmWithin, oneSided, twoSided } from './run-length.js';

/** What is asked of a scheme: a mean time to a false alarm, or a chance of one within so many observations. */
export type CusumTarget = { readonly arl0: number } | { readonly within: number; readonly probability: number };

/** What to design. */
export interface CusumDesignParams {
  readonly family: CusumFamily;
  readonly target: CusumTarget;
  /** `both` where left out. */
  readonly sides?: CusumSides;
  /** Head start as a fraction of the threshold, in [0, 0.5]; 0 where left out. */
  readonly headStart?: number;
  /** Changes to tell the delay for: shifts in sd, factors (above 1) on the rate, or chances. */
  readonly changes?: readonly number[];
  /** Numbers of observations to tell the chance of a false alarm for; 100 and 1000 where left out. */
  readonly within?: readonly number[];
}

/** A chance of a false alarm, and whether it is exact. */
export interface AlarmChance {
  readonly n: number;
  readonly probability: number;
  /** `upper bound` where both sides can be above 0 at once: the sum of their own chances. */
  readonly how: 'exact' | 'upper bound';
}

/** A threshold with what it promises. */
export interface CusumDesign {
  readonly family: CusumFamily;
  readonly sides: CusumSides;
  readonly threshold: { readonly up: number; readonly down: number };
  readonly headStart: { readonly up: number; readonly down: number };
  readonly how: ThresholdMethod;
  /** Mean number of observations to a false alarm, from the start. */
  readonly arl0: number;
  /** `lower bound` where the two sides can be above 0 at once. */
  readonly arl0How: 'exact' | 'lower bound';
  /** Where a lattice had to be rounded: limits of the mean from rounding both ways. */
  readonly arl0Bracket: { readonly lower: number; readonly upper: number };
  readonly alarmWithin: readonly AlarmChance[];
  readonly delays: readonly CusumDelay[];
  readonly assumes: string;
}

/**
 * The CUSUM threshold that keeps a promise about false alarms, computed: by integral equation for Gaussian and
 * exponential data, by an exact Markov chain for counts and 0/1 outcomes.
 *
 * @param params - see {@link CusumDesignParams}
 * @returns threshold, false-alarm figures and delays. For counts and 0/1 outcomes the mean is a step function of the
 * threshold: the smallest threshold with at least the target is returned, to the width of a lattice cell, and what it reaches
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; BAD_PARAM where no threshold can meet the target
 * @remarks The promise holds for independent observations of the family with exactly these parameters; for estimated
 * ones see {@link designCusumFromBaseline}. Milliseconds for Gaussian and exponential data, a second or so for counts and
 * outcomes; longer for a rate ratio near 1.1.
 * @see Page (1954); Brook & Evans (1972); Lucas & Crosier (1982), Technometrics 24, 199-205.
 * @example
 * ```ts
 * const design = designCusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, target: { arl0: 1000 } });
 * design.threshold.up.toFixed(5); // => '5.75735'
 * ```
 */
export function designCusum(params: CusumDesignParams): CusumDesign {
  const { family, target, sides, headStart, within } = checked(params);
  return described({ family, sides, headStart, within, changes: params.changes }, solve(family, sides, target, headStart));
}

/** A scheme whose threshold is given. */
export type CusumSchemeParams = Omit<CusumDesignParams, 'target'> & {
  /** Alarm when a statistic is above this; up to 60. */
  readonly threshold: PerSide;
};

/**
 * What a CUSUM threshold that is already there promises: {@link designCusum} the other way round.
 *
 * @param params - see {@link CusumSchemeParams}
 * @returns as of {@link designCusum}; where a lattice had to be rounded the mean is a lower bound, with a bracket
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks As {@link designCusum}, but that nothing is sought.
 * @see Page (1954); Brook & Evans (1972).
 * @example
 * ```ts
 * const seen = describeCusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, threshold: 4 });
 * seen.arl0.toFixed(2); // => '167.68'
 * ```
 */
export function describeCusum({ threshold, ...params }: CusumSchemeParams): CusumDesign {
  const { family, sides, headStart, within } = checked({ ...params, target: { arl0: 2 } });
  const h = typeof threshold === 'number' ? { up: threshold, down: threshold } : threshold;
  for (const value of [h.up, h.down]) if (!(value > 0 && value <= 60)) throw new InputError('BAD_PARAM', `threshold must be in (0, 60], got ${String(value)}`);
  const up = sides === 'down' ? null : sideAt(family, 'up', h.up);
  const down = sides === 'up' ? null : sideAt(family, 'down', h.down);
  return described({ family, sides, headStart, within, changes: params.changes }, { scheme: schemeOf(family, up, down, headStart), up, down });
}

type Described = Required<Omit<CusumDesignParams, 'target' | 'changes'>> & { readonly changes: readonly number[] | undefined };

function described({ family, sides, headStart, within, changes }: Described, { scheme, up, down }: Solution): CusumDesign {
  const chances = within.map((n): AlarmChance => ({ n, probability: scheme.within(n), how: scheme.exact ? 'exact' : 'upper bound' }));
  const [first = up, last = first] = [up, down].filter((side) => side !== null);
  const value = (side: SideDesign | null): number => side?.headStart(headStart).value ?? 0;
  return {
    family,
    sides,
    threshold: { up: first?.threshold ?? NaN, down: last?.threshold ?? NaN },
    headStart: { up: value(up), down: value(down) },
    ...accuracy(scheme, [up, down]),
    alarmWithin: chances,
    delays: delaysOf(family, { up, down }, headStart, changes),
    assumes: 'independent observations of the family, its approved parameters known',
  };
}

function accuracy(scheme: Scheme, sides: readonly (SideDesign | null)[]): Pick<CusumDesign, 'how' | 'arl0' | 'arl0How' | 'arl0Bracket'> {
  const watched = sides.filter((side) => side !== null);
  const methods = new Set(watched.map(({ how }) => how));
  const how = (['rational lattice', 'exact chain'] as const).find((method) => methods.has(method)) ?? 'integral equation';
  const slack = Math.max(...watched.map(({ bracket }) => bracket.upper / bracket.lower));
  return { how, arl0: scheme.mean, arl0How: scheme.exact ? 'exact' : 'lower bound', arl0Bracket: { lower: scheme.mean, upper: scheme.mean * slack } };
}

function checked({ family, target, sides = 'both', headStart = 0, within = [100, 1000] }: CusumDesignParams): Required<Omit<CusumDesignParams, 'changes'>> {
  checkTarget(target);
  if (!(headStart >= 0 && headStart <= 0.5)) throw new InputError('BAD_PARAM', `headStart must be a fraction in [0, 0.5] of the threshold, got ${String(headStart)}`);
  for (const n of within) integerIn(n, 1, 1e9, 'within');
  return { family: checkFamily(family), target, sides, headStart, within };
}

/**
 * Checks a target.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function checkTarget(target: CusumTarget): void {
  if ('arl0' in target) {
    if (!(target.arl0 > 1 && target.arl0 <= 1e8)) throw new InputError('BAD_PARAM', `target.arl0 must be in (1, 1e8], got ${String(target.arl0)}`);
    return;
  }
  integerIn(target.within, 1, 1e7, 'target.within');
  insideUnit(target.probability, 'target.probability');
}

/** The scheme's run length, and its chance of an alarm. */
interface Scheme {
  readonly mean: number;
  readonly exact: boolean;
  readonly within: (n: number) => number;
}

interface Solution {
  readonly scheme: Scheme;
  readonly up: SideDesign | null;
  readonly down: SideDesign | null;
}

/**
 * Scales the mean run length of the sides until the scheme's figure is the target's. Both figures are nearly
 * proportional to it, so few rounds are needed; on a lattice the first round that keeps the promise is taken.
 */
function solve(family: CusumFamily, sides: CusumSides, target: CusumTarget, headStart: number): Solution {
  const goal = 'arl0' in target ? target.arl0 : -target.within / Math.log1p(-target.probability);
  const lattice = family.kind === 'bernoulli' || family.kind === 'poisson';
  let arl = goal * (sides === 'both' ? 2 : 1);
  for (let round = 0; round < 40; round += 1) {
    const solution = solutionAt(family, sides, arl, headStart);
    const factor = goal / figureOf(solution.scheme, target);
    if (factor <= 1 + 1e-9 && (lattice || factor >= 1 - 1e-9)) return solution;
    // Small steps first, so as not to jump over the smallest lattice threshold; growing, so as to get to it.
    arl *= lattice ? Math.max(factor, 1 + Math.min(0.05, 1e-4 * 1.5 ** round)) : factor;
  }
  throw new InputError('BAD_PARAM', `no threshold was found for target ${JSON.stringify(target)} with a head start of ${String(headStart)}`);
}

/** The scheme's figure as a mean: a chance within n as that of a constant hazard. */
function figureOf(scheme: Scheme, target: CusumTarget): number {
  return 'arl0' in target ? scheme.mean : -target.within / Math.log1p(-scheme.within(target.within));
}

function solutionAt(family: CusumFamily, sides: CusumSides, arl: number, headStart: number): Solution {
  const up = sides === 'down' ? null : designSide(family, 'up', arl);
  const down = sides === 'up' ? null : designSide(family, 'down', arl);
  return { scheme: schemeOf(family, up, down, headStart), up, down };
}

function schemeOf(family: CusumFamily, up: SideDesign | null, down: SideDesign | null, headStart: number): Scheme {
  const runs = [up, down].filter((side) => side !== null).map((side) => oneSided(side.law(), side.headStart(headStart).state));
  const first = runs[0];
  if (!up || !down || !first) return single(first);
  const both = twoSided(up.law(), down.law(), { up: up.headStart(headStart).state, down: down.headStart(headStart).state });
  if (apart(family, up.threshold, down.threshold)) return single(both);
  return { mean: both.mean, exact: false, within: (n) => Math.min(1, runs.reduce((sum, run) => sum + alarmWithin(run, n), 0)) };
}

function single(run: RunLength | undefined): Scheme {
  if (!run) throw new InputError('BAD_PARAM', 'at least one side must be watched');
  return { mean: run.mean, exact: true, within: (n) => alarmWithin(run, n) };
}

/**
 * Whether the side that alarms always finds the other at 0: measured in units of the observation, the thresholds may
 * differ by no more than what the two sums together lose at each step.
 */
function apart(family: CusumFamily, up: number, down: number): boolean {
  const scaled = (side: CusumSide, threshold: number): { readonly height: number; readonly drift: number } => {
    const { slope, intercept } = incrementOf(family, side);
    return { height: threshold / Math.abs(slope), drift: intercept / Math.abs(slope) };
  };
  const [u, d] = [scaled('up', up), scaled('down', down)];
  return Math.abs(u.height - d.height) <= -(u.drift + d.drift);
}
