import { stirlingRest } from '../../stats/gamma.js';
import { type CusumFamily, type CusumSide, alternativeChance, ratioOf } from './cusum-family.js';
import type { LatticeStep } from './lattice-mean.js';

/** A fraction near a ratio of two increments. */
export interface Fraction {
  readonly over: number;
  readonly under: number;
}

/** A sum whose increments are, but for one ratio that need not be rational, whole multiples of a unit. */
export interface LatticeProblem {
  readonly ratio: number;
  /** Whether a larger ratio makes the sum larger, and so the run length shorter. */
  readonly largerRises: boolean;
  /** States of the largest chain that is worth its time: two increments cost far less than many. */
  readonly statesMax: number;
  /** The unit of the sum, in nats, when the ratio is taken as over / under. */
  readonly unit: (under: number) => number;
  /** Increments that keep a sum in 0 .. limit, with their chances when the rate or chance is `factor` times the approved one. */
  readonly steps: (fraction: Fraction, limit: number, factor: number) => LatticeStep[];
}

/** ln of the Poisson weight of x at a mean. */
function logPoisson(x: number, mean: number): number {
  if (x === 0) return -mean;
  const away = (mean - x) / x;
  return -x * (away - Math.log1p(away)) - 0.5 * Math.log(2 * Math.PI * x) - stirlingRest(x);
}

/** Chance that is left out of a law: an alarm where the sum rises, no return to 0 where it falls, so nothing is promised too much. */
const LEFT_OUT = 1e-20;

/** The count beyond which less than about {@link LEFT_OUT} of a Poisson law lies. */
function lastPoisson(mean: number): number {
  let last = Math.ceil(mean) + 1;
  // Beyond 2 mean the weights at least halve from one count to the next.
  while (last < 2 * mean + 2 && logPoisson(last, mean) > Math.log(LEFT_OUT / (1 + mean))) last += Math.ceil(Math.sqrt(mean) / 4);
  while (logPoisson(last, mean) > Math.log(LEFT_OUT)) last += 1;
  return last;
}

/** The lattice problem of a Poisson or Bernoulli sum. */
export function latticeProblem(family: Extract<CusumFamily, { kind: 'bernoulli' | 'poisson' }>, side: CusumSide): LatticeProblem {
  if (family.kind === 'poisson') {
    const ratio = ratioOf(family.rateRatio, side);
    const sign = side === 'up' ? 1 : -1;
    const log = Math.abs(Math.log(ratio));
    // In units of |ln ratio| a step adds x - k upwards, k - x downwards.
    return {
      ratio: (Math.abs(ratio - 1) * family.mean) / log,
      largerRises: side === 'down',
      statesMax: 60_000,
      unit: (under) => log / under,
      steps: ({ over, under }, limit, factor) => {
        const mean = family.mean * factor;
        const out: LatticeStep[] = [];
        const last = lastPoisson(mean);
        const most = side === 'up' ? Math.min(last, Math.floor((limit + over) / under)) : last;
        for (let x = 0; x <= most; x += 1) out.push({ step: sign * (under * x - over), chance: Math.exp(logPoisson(x, mean)) });
        return out;
      },
    };
  }
  const p1 = alternativeChance(family, side);
  const [one, zero] = [Math.abs(Math.log(p1 / family.p0)), Math.abs(Math.log1p(-p1) - Math.log1p(-family.p0))];
  const [rise, fall] = side === 'up' ? [one, zero] : [zero, one];
  return {
    ratio: rise / fall,
    largerRises: true,
    statesMax: 600_000,
    unit: (under) => fall / under,
    steps: ({ over, under }, _limit, factor) => {
      const p = Math.min(1, family.p0 * factor);
      return [{ step: over, chance: side === 'up' ? p : 1 - p }, { step: -under, chance: side === 'up' ? 1 - p : p }];
    },
  };
}

/**
 * Ever nearer fractions on both sides of a number, until one is within 1e-13 of it: the whole numbers round it and the
 * convergents of its continued fraction.
 *
 * @see Khinchin (1964), Continued Fractions: |x - p/q| < 1/q^2.
 */
export function fractionsNear(x: number): Fraction[] {
  const out: Fraction[] = [];
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  let rest = x;
  for (let i = 0; i < 40; i += 1) {
    const whole = Math.floor(rest);
    [p0, q0, p1, q1] = [p1, q1, whole * p1 + p0, whole * q1 + q0];
    out.push({ over: p1, under: q1 });
    if (isAt({ over: p1, under: q1 }, x) || q1 > 1e6) break;
    rest = 1 / (rest - whole);
    // The first convergent above x can be out of reach where x is nearly whole; the next whole number never is.
    if (i === 0 && rest >= 2) out.push({ over: whole + 1, under: 1 });
  }
  return out.filter(({ over }) => over > 0);
}

/** Whether a fraction is a number, as far as the number's last digits are to be believed. */
export function isAt({ over, under }: Fraction, x: number): boolean {
  return Math.abs(over / under - x) <= 1e-13 * x;
}

/** The first fraction behind the i-th on the other side of x, else the last before it. */
export function onOtherSide(fractions: readonly Fraction[], i: number, x: number): Fraction | null {
  const isAbove = ({ over, under }: Fraction): boolean => over / under > x;
  const here = fractions[i];
  if (here === undefined) return null;
  const isOther = (fraction: Fraction): boolean => isAt(fraction, x) || isAbove(fraction) !== isAbove(here);
  return fractions.slice(i + 1).find(isOther) ?? fractions.slice(0, i).findLast(isOther) ?? null;
}
