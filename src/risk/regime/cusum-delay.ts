import { InputError } from '../../errors.js';
import type { CusumFamily, CusumSide } from './cusum-family.js';
import type { SideDesign } from './cusum-side-design.js';
import { type SumLaw, meanRunLength, settledLaw, total } from './run-length.js';

/** How long the side that watches for a change takes to find it. */
export interface CusumDelay {
  readonly side: CusumSide;
  /** The shift in sd, the factor on the rate, or the chance after the change. */
  readonly change: number;
  /** Mean number of observations after the change, which is there from the start. */
  readonly meanFromStart: number;
  /** Mean, when the change comes long after the start and no false alarm came before it. */
  readonly mean: number;
  /** Median of the same, rounded up to a whole observation. */
  readonly median: number;
}

/** Delays of every watched side. */
export function delaysOf(
  family: CusumFamily,
  designs: { readonly up: SideDesign | null; readonly down: SideDesign | null },
  headStart: number,
  changes?: readonly number[],
): CusumDelay[] {
  return (['up', 'down'] as const).flatMap((side) => {
    const design = designs[side];
    // A Gaussian scheme is its own mirror image.
    if (!design || (side === 'down' && designs.up && family.kind === 'gaussian')) return [];
    const settled = settledLaw(design.law());
    return changesOf(family, side, changes).map((change) => {
      const law = design.law(parameterOf(family, side, change));
      return { side, change, meanFromStart: meanRunLength(law, design.headStart(headStart).state), mean: law.meanFrom(settled), median: medianFrom(law, settled) };
    });
  });
}

function changesOf(family: CusumFamily, side: CusumSide, changes?: readonly number[]): readonly number[] {
  if (changes) return family.kind === 'bernoulli' ? changes.filter((p) => (side === 'up' ? p > family.p0 : p < family.p0)) : changes;
  if (family.kind === 'gaussian') return [family.shift / 2, family.shift, 2 * family.shift];
  if (family.kind === 'bernoulli') return [side === 'up' ? family.p1 : family.pDown ?? NaN];
  return [Math.sqrt(family.rateRatio), family.rateRatio, family.rateRatio ** 2];
}

function parameterOf(family: CusumFamily, side: CusumSide, change: number): number {
  const ok = family.kind === 'gaussian' ? change > 0 && change <= 100 : family.kind === 'bernoulli' ? change > 0 && change < 1 : change > 1 && change <= 1000;
  if (!ok) throw new InputError('BAD_PARAM', `changes must be shifts in (0, 100] sd, factors in (1, 1000] or chances in (0, 1), got ${String(change)}`);
  if (family.kind === 'gaussian') return change;
  if (family.kind === 'bernoulli') return change / family.p0;
  return side === 'up' ? change : 1 / change;
}

function medianFrom(law: SumLaw, settled: Float64Array): number {
  let masses = settled;
  for (let t = 1; t < 1_000_000; t += 1) {
    masses = law.step(masses);
    if (total(masses) <= 0.5) return t;
  }
  return Infinity;
}
