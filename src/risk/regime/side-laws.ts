import { InputError } from '../../errors.js';
import { exponentialSumLaw, gaussianSumLaw } from './continuous-laws.js';
import { type CusumFamily, type CusumSide, ratioOf } from './cusum-family.js';
import type { SideDesign } from './cusum-side-design.js';
import { latticeLaw } from './lattice-chain.js';
import { convergents, type Fraction, type LatticeProblem, latticeProblem } from './rational-lattice.js';
import { meanRunLength, type SumLaw } from './run-length.js';

/** Thresholds beyond this many nats are not looked at: what needs one finds nothing in a useful time. */
export const NATS_MAX = 30;

/** The same for Gaussian sums, whose thresholds are in sd. */
export const SD_MAX = 60;

/** States of the largest chain. */
const STATES_MAX = 30_000;

/** How near a rounded lattice must be, relative to the ratio of its two steps. */
const NEAR = 3e-4;

/** The thresholds a side can have and the laws of its sum. */
export interface SideLaws {
  /** The sum's law at a threshold, the rate or chance (Gaussian: the mean, in sd towards the alarm) off by `change`. */
  readonly at: (threshold: number, change?: number) => SumLaw;
  /** Where the sum moves on a lattice: the width of its cells in nats. Thresholds lie in the middle of cells. */
  readonly unit: number | null;
  /** As `at`, from the other rounding of the lattice, which makes the run length longer; null where nothing is rounded. */
  readonly longer: ((threshold: number) => SumLaw) | null;
}

/** The laws of one side of a family; lattices that must be rounded are rounded so that the run length is a lower bound. */
export function sideLaws(family: CusumFamily, side: CusumSide): SideLaws {
  if (family.kind === 'gaussian') return { at: (h, change = 0) => gaussianSumLaw(family.shift / 2, h, change), unit: null, longer: null };
  if (family.kind === 'exponential') {
    const ratio = ratioOf(family.rateRatio, side);
    return { at: (h, change = 1) => exponentialSumLaw(ratio, h, change), unit: null, longer: null };
  }
  const problem = latticeProblem(family, side);
  const { fraction, other } = roundedFor(problem);
  const lawOf = (f: Fraction) => (threshold: number, change = 1): SumLaw => {
    const limit = Math.floor(threshold / problem.unit(f.under));
    if (limit > STATES_MAX) throw new InputError('BAD_PARAM', `threshold must be smaller for an exact chain of at most ${String(STATES_MAX)} states, got ${String(threshold)}`);
    return latticeLaw(problem.steps(f, limit, change), limit);
  };
  return { at: lawOf(fraction), unit: problem.unit(fraction.under), longer: other && lawOf(other) };
}

/** The coarsest fraction that is near enough and on the right side; else the nearest that fits. */
function roundedFor(problem: LatticeProblem): { readonly fraction: Fraction; readonly other: Fraction | null } {
  const fractions = convergents(problem.ratio).filter(({ over, under }) => over > 0 && NATS_MAX / problem.unit(under) <= STATES_MAX);
  let found: { readonly fraction: Fraction; readonly other: Fraction | null } | null = null;
  for (const [i, fraction] of fractions.entries()) {
    const off = fraction.over / fraction.under / problem.ratio - 1;
    if (Math.abs(off) <= 1e-13) return { fraction, other: null };
    if (off > 0 !== problem.largerRises) continue;
    found = { fraction, other: fractions[i + 1] ?? fractions[i - 1] ?? null };
    if (Math.abs(off) <= NEAR) break;
  }
  if (!found) throw new InputError('BAD_PARAM', `the chance or mean is too small for an exact chain of ${String(STATES_MAX)} states: sum several observations into one`);
  return found;
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

/** How far to look for a threshold, and, on a lattice, the width of its cells. */
export interface Scale {
  readonly most: number;
  readonly unit: number | null;
}

/**
 * The smallest threshold that holds, to 1e-4 of itself or on the lattice; null where none of at most `most` does.
 *
 * @param margin - at least 0 where the threshold holds; rises with the threshold
 */
export function smallestThreshold({ most, unit }: Scale, margin: (threshold: number) => number): number | null {
  const { cell, rounded, start, first, width, nudge } = gridOf(unit);
  const end = rounded(most / (unit ?? 1));
  let [low, below, high] = [start, NaN, Math.min(end, first)];
  let above = margin(cell(high));
  while (!(above >= 0)) {
    if (high >= end) return null;
    [low, below] = [high, above];
    high = Math.min(end, Math.max(high + 1, rounded(high * 1.6)));
    above = margin(cell(high));
  }
  for (let round = 0; high - low > width(high); round += 1) {
    // The secant, a little past its root so that the ends close in; halves every third time, or where there is no slope.
    const at = rounded(round % 3 < 2 ? past({ low, below, high, above }, nudge(high)) : (low + high) / 2);
    const value = margin(cell(at));
    if (value >= 0) [high, above] = [at, value];
    else [low, below] = [at, value];
  }
  return cell(high);
}

interface Grid {
  readonly cell: (i: number) => number;
  readonly rounded: (i: number) => number;
  readonly start: number;
  readonly first: number;
  /** How near the ends of the search must come. */
  readonly width: (high: number) => number;
  /** How far past the secant's root to look. */
  readonly nudge: (high: number) => number;
}

function gridOf(unit: number | null): Grid {
  if (unit === null) return { cell: (x) => x, rounded: (x) => x, start: 0, first: 4, width: (high) => 1e-4 * high, nudge: (high) => 0.4e-4 * high };
  return { cell: (i) => (i + 0.5) * unit, rounded: Math.floor, start: -1, first: Math.max(1, Math.floor(4 / unit)), width: () => 1, nudge: () => 1 };
}

function past({ low, below, high, above }: Readonly<Record<'low' | 'below' | 'high' | 'above', number>>, step: number): number {
  const secant = (low * above - high * below) / (above - below);
  if (!(secant > low && secant < high)) return (low + high) / 2;
  return Math.min(Math.max(secant + (secant < (low + high) / 2 ? step : -step), low + step), high - step);
}
