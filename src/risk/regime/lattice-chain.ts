import { type SumLaw, total } from './run-length.js';

/** An integer increment and its chance. */
export interface LatticeStep {
  readonly step: number;
  readonly chance: number;
}

/**
 * The law of the sum max(0, S + step) on the integers 0 .. limit, alarm above: exact, a finite Markov chain.
 *
 * @param steps - increments; chances that are missing to 1 are of increments that alarm from anywhere
 * @param limit - integer >= 0
 * @remarks A step of the law costs (limit + 1) times the number of increments. The mean sums P(T > t) until the chance
 * of an alarm per step has settled to 1e-14, and closes the geometric tail.
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
  return { row, step, meanFrom: (masses) => meanByIteration(step, alarm, masses) };
}

function shift(masses: Float64Array, move: number, chance: number, next: Float64Array): void {
  const size = masses.length;
  let toZero = 0;
  const stay = Math.min(size, Math.max(0, -move));
  for (let s = 0; s < stay; s += 1) toZero += masses[s] as number;
  next[0] = (next[0] as number) + toZero * chance;
  for (let s = stay; s < size && s + move < size; s += 1) next[s + move] = (next[s + move] as number) + (masses[s] as number) * chance;
}

function meanByIteration(step: (masses: Float64Array) => Float64Array, alarm: Float64Array, first: Float64Array): number {
  let masses = first;
  let sum = 0;
  let [hazard, steady] = [-1, 0];
  for (let t = 0; t < 1_000_000; t += 1) {
    const alive = total(masses);
    if (!(alive > 1e-18)) break;
    sum += alive;
    const now = masses.reduce((lost, mass, s) => lost + mass * (alarm[s] as number), 0) / alive;
    // A chance still at 0 has not settled: nothing has had the time to reach the limit.
    steady = now > 0 && Math.abs(now - hazard) <= 1e-13 * now ? steady + 1 : 0;
    hazard = now;
    masses = step(masses);
    if (steady >= 20) return sum + (alive * (1 - hazard)) / hazard;
  }
  return sum;
}
