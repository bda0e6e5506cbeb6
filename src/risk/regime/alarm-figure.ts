import type { CusumTarget } from './cusum-design.js';
import { boundedMean, type SumLaw, total } from './run-length.js';

/** Observations that are iterated at most before the chance of an alarm per observation is taken as settled. */
const MOST = 200_000;

/**
 * Follows the streams of one side, started at 0, that have had no alarm.
 *
 * @param visit - called with P(T > t) for t = 1, 2 ...; true stops
 * @returns where it stopped by itself, with the chance of an alarm per observation that it had settled to; else null
 */
function follow(law: SumLaw, visit: (alive: number) => boolean): { readonly alive: number; readonly hazard: number } | null {
  let masses = law.row(0);
  let alive = total(masses);
  let [hazard, steady] = [-1, 0];
  for (let t = 1; t < MOST && !visit(alive); t += 1) {
    // A lattice with a period never settles; what is left is too little to count.
    if (!(alive > 1e-7)) return { alive: 0, hazard: 0.5 };
    masses = law.step(masses);
    const next = total(masses);
    const now = 1 - next / alive;
    // A chance that has not risen above rounding yet says nothing: the sum has not had the time to get to the threshold.
    steady = now > 1e-13 && Math.abs(now - hazard) <= 1e-8 * now + 2e-16 ? steady + 1 : 0;
    [hazard, alive] = [now, next];
    if (steady >= 20 || t === MOST - 1) return { alive, hazard: Math.max(now, 0) };
  }
  return null;
}

/** P(an alarm within n observations) of one side started at 0; the tail is geometric once its hazard has settled. */
export function chanceWithin(law: SumLaw, n: number): number {
  let [left, last] = [n, 1];
  const rest = follow(law, (alive) => {
    last = alive;
    left -= 1;
    return left <= 0;
  });
  return rest === null ? 1 - last : -Math.expm1(Math.log(rest.alive) + Math.max(0, left - 1) * Math.log1p(-rest.hazard));
}

/** By how much, in logarithms, one side alone keeps a target, or its part of it where two sides share it; below 0 it does not. */
export function marginOf(law: SumLaw, target: CusumTarget, sides: 1 | 2): number {
  if ('arl0' in target) return Math.min(50, Math.log(boundedMean(law) / (target.arl0 * sides)));
  return Math.log(target.probability / sides / Math.max(chanceWithin(law, target.within), 1e-15));
}
