import { type LatticeStep, meanByObservation, meanByRuns } from './lattice-mean.js';
import type { SumLaw } from './run-length.js';

/**
 * The law of the sum max(0, S + step) on the integers 0 .. limit, alarm above: exact, a finite Markov chain.
 *
 * @param steps - increments; chances that are missing to 1 are of increments that alarm from anywhere
 * @param limit - integer >= 0
 * @remarks A step of the law costs (limit + 1) times the number of increments. The mean is that of
 * excursions from 0.
 * @see Brook & Evans (1972), Biometrika 59, 539-549.
 */
export function latticeLaw(steps: readonly LatticeStep[], limit: number): SumLaw {
  const step = (masses: Float64Array): Float64Array => {
    const next = new Float64Array(limit + 1);
    for (const { step: move, chance } of steps) shift(masses, move, chance, next);
    return next;
  };
  const row = (s: number): Float64Array => {
    const masses = new Float64Array(limit + 1);
    masses[s] = 1;
    return step(masses);
  };
  // Chance of an alarm from each state: taken directly, since a difference of masses would lose its digits.
  const alarm = Float64Array.from({ length: limit + 1 }, (_, s) => 1 - steps.reduce((sum, { step: move, chance }) => (s + move > limit ? sum : sum + chance), 0));
  return { row, step, meanFrom: meanOf(steps, limit, { step, alarm }) };
}

function shift(masses: Float64Array, move: number, chance: number, next: Float64Array): void {
  const size = masses.length;
  let toZero = 0;
  const stay = Math.min(size, Math.max(0, -move));
  for (let s = 0; s < stay; s += 1) toZero += masses[s] as number;
  next[0] = (next[0] as number) + toZero * chance;
  for (let s = stay; s < size && s + move < size; s += 1) next[s + move] = (next[s + move] as number) + (masses[s] as number) * chance;
}

function meanOf(steps: readonly LatticeStep[], limit: number, { step, alarm }: { readonly step: SumLaw['step']; readonly alarm: Float64Array }): SumLaw['meanFrom'] {
  const common = steps.reduce<LatticeStep | null>((most, each) => (each.step !== 0 && each.chance > (most?.chance ?? 0) ? each : most), null);
  if (common === null || common.chance < 0.25) return meanByObservation(step, alarm);
  return meanByRuns(common, steps.filter((each) => each !== common), limit);
}
