import { InputError } from '../../errors.js';
import { type CusumFamily, type CusumSide, ratioOf } from './cusum-family.js';
import { exponentialSumLaw, gaussianSumLaw } from './continuous-laws.js';
import { latticeLaw } from './lattice-chain.js';
import { type Fraction, fractionsNear, isAt, type LatticeProblem, latticeProblem, onOtherSide } from './rational-lattice.js';
import { type SumLaw, meanRunLength } from './run-length.js';
import { smallestThreshold } from './threshold-search.js';

/** How a threshold was found. */
export type ThresholdMethod = 'integral equation' | 'exact chain' | 'rational lattice';

/** One side of a scheme with its threshold and its laws. */
export interface SideDesign {
  readonly threshold: number;
  readonly how: ThresholdMethod;
  /** Limits of the mean run length from 0: equal but for a rational lattice, whose roundings bracket it. */
  readonly bracket: { readonly lower: number; readonly upper: number };
  /** The law of the sum under the approved regime, or after a change: a shift of the mean in sd towards this side, or a factor on the rate or chance. */
  readonly law: (change?: number) => SumLaw;
  /** The state and the value of a head start that is a fraction of the threshold. */
  readonly headStart: (fraction: number) => { readonly state: number; readonly value: number };
}

/** The threshold at which one side, started at 0, has mean run length `arl` (on a lattice: at least), the smallest such. */
export function designSide(family: CusumFamily, side: CusumSide, arl: number): SideDesign {
  if (family.kind === 'gaussian') return continuousSide((h, change = 0) => gaussianSumLaw(family.shift / 2, h, change), arl, family.shift);
  if (family.kind === 'exponential') {
    const ratio = ratioOf(family.rateRatio, side);
    return continuousSide((h, factor = 1) => exponentialSumLaw(ratio, h, factor), arl, 1);
  }
  return latticeSide(latticeProblem(family, side), arl);
}

/** A side of given threshold whose increments are continuous. */
function continuousSideAt(lawOf: (h: number, change?: number) => SumLaw, threshold: number): SideDesign {
  const law = lawOf(threshold);
  const mean = meanRunLength(law);
  return {
    threshold,
    how: 'integral equation',
    bracket: { lower: mean, upper: mean },
    law: (change) => (change === undefined ? law : lawOf(threshold, change)),
    headStart: (fraction) => ({ state: fraction * threshold, value: fraction * threshold }),
  };
}

/** @param slope - about d ln ARL / dh, for the first guess */
function continuousSide(lawOf: (h: number, change?: number) => SumLaw, arl: number, slope: number): SideDesign {
  const excess = (h: number): number => Math.log(meanRunLength(lawOf(h)) / arl);
  let [low, below] = [1e-6, excess(1e-6)];
  if (below > 0) throw new InputError('BAD_PARAM', `any threshold has a mean run length of ${(arl * Math.exp(below)).toPrecision(4)} observations a side or more, and the target asks for ${arl.toPrecision(4)} only: raise it, or design for a smaller change`);
  let high = Math.max(0.5, Math.log(arl) / slope / 2);
  let above = excess(high);
  while (above < 0) {
    [low, below] = [high, above];
    high *= 1.5;
    above = excess(high);
  }
  // Regula falsi (Illinois): ln ARL is nearly a line in h.
  for (let i = 0; i < 100 && high - low > 1e-11 * high; i += 1) {
    const h = (low * above - high * below) / (above - below);
    const value = excess(h);
    if (Math.abs(value) < 1e-12) return continuousSideAt(lawOf, h);
    if (value < 0) {
      [low, below] = [h, value];
      above /= 2;
    } else {
      [high, above] = [h, value];
      below /= 2;
    }
  }
  return continuousSideAt(lawOf, high);
}

/** States beyond which a lattice is refined no further. */
const STATES_ENOUGH = 60_000;

function latticeSide(problem: LatticeProblem, arl: number): SideDesign {
  const fractions = fractionsNear(problem.ratio);
  let best: SideDesign | null = null;
  for (const [i, fraction] of fractions.entries()) {
    const exact = isAt(fraction, problem.ratio);
    // Rounding that makes the sum larger makes the run length shorter: a lower bound, on which a promise can stand.
    if (!exact && fraction.over / fraction.under > problem.ratio !== problem.largerRises) continue;
    if ((Math.log(arl) + 1) / problem.unit(fraction.under) > (best ? STATES_ENOUGH : problem.statesMax)) break;
    best = latticeSideOn(problem, arl, fraction, exact ? null : onOtherSide(fractions, i, problem.ratio));
    if (exact || best.bracket.upper / best.bracket.lower - 1 <= 1e-4) break;
  }
  if (!best) throw new InputError('BAD_PARAM', `the chance or mean is too small for an exact chain of ${String(problem.statesMax)} states: sum several observations into one`);
  return best;
}

/** The smallest lattice threshold, half a step above a lattice point so that rounding cannot reach it. */
function latticeSideOn(problem: LatticeProblem, arl: number, fraction: Fraction, other: Fraction | null): SideDesign {
  const lawAt = (f: Fraction, limit: number, factor = 1): SumLaw => latticeLaw(problem.steps(f, limit, factor), limit);
  const unit = problem.unit(fraction.under);
  // Wald: the mean run length of a likelihood sum is at least exp(threshold), so the answer is at most ln arl.
  const cells = { most: Math.log(arl) + 2 * unit, unit };
  const threshold = smallestThreshold(cells, (h) => Math.log(meanRunLength(lawAt(fraction, Math.floor(h / unit))) / arl)) ?? cells.most;
  const high = Math.floor(threshold / unit);
  const law = lawAt(fraction, high);
  const lower = meanRunLength(law);
  const upper = other ? meanRunLength(lawAt(other, Math.floor(threshold / problem.unit(other.under)))) : lower;
  return {
    threshold,
    how: other ? 'rational lattice' : 'exact chain',
    bracket: { lower, upper },
    law: (factor) => (factor === undefined ? law : lawAt(fraction, high, factor)),
    headStart: (part) => ({ state: Math.floor(part * high), value: Math.floor(part * high) * unit }),
  };
}
