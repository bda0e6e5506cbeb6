import { InputError } from '../../errors.js';
import { exponentialSumLaw, gaussianSumLaw } from './continuous-laws.js';
import { type CusumFamily, type CusumSide, ratioOf } from './cusum-family.js';
import type { SideDesign } from './cusum-side-design.js';
import { latticeLaw } from './lattice-chain.js';
import { type Fraction, fractionsNear, isAt, type LatticeProblem, latticeProblem, onOtherSide } from './rational-lattice.js';
import { meanRunLength, type SumLaw } from './run-length.js';

/** Thresholds beyond this many nats are not looked at: what needs one finds nothing in a useful time. */
export const NATS_MAX = 30;

/** The same for Gaussian sums, whose thresholds are in sd. */
export const SD_MAX = 60;

/** States beyond which a lattice is refined no further. */
const STATES_ENOUGH = 30_000;

/** How near a rounded lattice must be, relative to the ratio of its two steps. */
const NEAR = 3e-4;

/** The same where the parameters are estimates, uncertain by far more than this. */
export const NEAR_ESTIMATES = 3e-3;

/** The thresholds a side can have and the laws of its sum. */
export interface SideLaws {
  /** The sum's law at a threshold, the rate or chance (Gaussian: the mean, in sd towards the alarm) off by `change`. */
  readonly at: (threshold: number, change?: number) => SumLaw;
  /** Where the sum moves on a lattice: the width of its cells in nats. Thresholds lie in the middle of cells. */
  readonly unit: number | null;
  /** As `at`, from the other rounding of the lattice, which makes the run length longer; null where nothing is rounded. */
  readonly longer: ((threshold: number) => SumLaw) | null;
}

/**
 * The laws of one side of a family; lattices that must be rounded are rounded so that the run length is a lower bound.
 *
 * @param near - how near a rounded lattice must be
 */
export function sideLaws(family: CusumFamily, side: CusumSide, near: number = NEAR): SideLaws {
  if (family.kind === 'gaussian') return { at: (h, change = 0) => gaussianSumLaw(family.shift / 2, h, change), unit: null, longer: null };
  if (family.kind === 'exponential') {
    const ratio = ratioOf(family.rateRatio, side);
    return { at: (h, change = 1) => exponentialSumLaw(ratio, h, change), unit: null, longer: null };
  }
  const problem = latticeProblem(family, side);
  const { fraction, other } = roundedFor(problem, near);
  const lawOf = (f: Fraction) => (threshold: number, change = 1): SumLaw => {
    const limit = Math.floor(threshold / problem.unit(f.under));
    if (limit > problem.statesMax) throw new InputError('BAD_PARAM', `threshold must be smaller for an exact chain of at most ${String(problem.statesMax)} states, got ${String(threshold)}`);
    return latticeLaw(problem.steps(f, limit, change), limit);
  };
  return { at: lawOf(fraction), unit: problem.unit(fraction.under), longer: other && lawOf(other) };
}

/** The coarsest fraction that is near enough and on the right side; else the nearest that fits. */
function roundedFor(problem: LatticeProblem, near: number): { readonly fraction: Fraction; readonly other: Fraction | null } {
  const coarse = near > NEAR ? coarsest(problem, near) : null;
  if (coarse !== null) return { fraction: coarse, other: null };
  const fractions = fractionsNear(problem.ratio).filter(({ under }) => NATS_MAX / problem.unit(under) <= problem.statesMax);
  let found: { readonly fraction: Fraction; readonly other: Fraction | null } | null = null;
  for (const [i, fraction] of fractions.entries()) {
    if (found && NATS_MAX / problem.unit(fraction.under) > STATES_ENOUGH) break;
    if (isAt(fraction, problem.ratio)) return { fraction, other: null };
    const off = fraction.over / fraction.under / problem.ratio - 1;
    if (off > 0 !== problem.largerRises) continue;
    found = { fraction, other: onOtherSide(fractions, i, problem.ratio) };
    if (Math.abs(off) <= near) break;
  }
  if (!found) throw new InputError('BAD_PARAM', `the chance or mean is too small for an exact chain of ${String(problem.statesMax)} states: sum several observations into one`);
  return found;
}

/** The coarsest fraction on the right side that is near enough, if a coarse one is. */
function coarsest({ ratio, largerRises }: LatticeProblem, near: number): Fraction | null {
  for (let under = 1; under <= 1000; under += 1) {
    const over = largerRises ? Math.ceil(ratio * under) : Math.floor(ratio * under);
    if (over > 0 && Math.abs(over / under / ratio - 1) <= near) return { over, under };
  }
  return null;
}

/** One side with a given threshold: what it promises. */
export function sideAt(family: CusumFamily, side: CusumSide, threshold: number): SideDesign {
  const { at, unit, longer } = sideLaws(family, side);
  const law = at(threshold);
  const lower = meanRunLength(law);
  return {
    threshold,
    how: unit === null ? 'integral equation' : longer ? 'rational lattice' : 'exact chain',
    bracket: { lower, upper: longer ? meanRunLength(longer(threshold)) : lower },
    law: (change) => (change === undefined ? law : at(threshold, change)),
    headStart: (fraction) => {
      const state = unit === null ? fraction * threshold : Math.floor((fraction * threshold) / unit);
      return { state, value: unit === null ? state : state * unit };
    },
  };
}
