import { total } from './run-length.js';

/** An integer increment and its chance. */
export interface LatticeStep {
  readonly step: number;
  readonly chance: number;
}

/** What happens to a mass of sums until each has returned to 0 or raised the alarm. */
interface Excursion {
  /** Observations spent, in the mean. */
  readonly length: number;
  readonly alarmed: number;
  readonly returned: number;
}

/** Follows the masses, none of them at 0, of an excursion; what comes back to 0 is left out. */
type Follow = (masses: Float64Array) => Excursion;

/** What is left of an excursion when it no longer counts, against what has raised the alarm. */
const NEGLIGIBLE = 1e-16;

/**
 * Mean number of observations until the alarm of a sum that starts anew whenever it returns to 0: the mean length of an
 * excursion over its chance of an alarm. Only sums of positive terms, so small chances keep their digits; and an
 * excursion from 0 dies out soon, however rare the alarm is.
 *
 * @param first - all of the mass at 0, one observation later
 * @param follow - see {@link Follow}
 * @returns the mean from any masses
 */
function renewing(first: Float64Array, follow: Follow): (masses: Float64Array) => number {
  const away = (masses: Float64Array): Float64Array => masses.map((mass, s) => (s === 0 ? 0 : mass));
  let fromZero: number | null = null;
  const zero = (): number => {
    if (fromZero === null) {
      const { length, alarmed } = follow(away(first));
      fromZero = (1 + length) / (alarmed + (1 - total(first)));
    }
    return fromZero;
  };
  return (masses) => {
    const { length, returned } = follow(away(masses));
    return length + ((masses[0] ?? 0) + returned) * zero();
  };
}

/**
 * The mean of {@link renewing} for any lattice: an observation at a time.
 *
 * @param step - the law's step
 * @param alarm - chance of an alarm from each state
 */
export function meanByObservation(step: (masses: Float64Array) => Float64Array, alarm: Float64Array): (masses: Float64Array) => number {
  const follow: Follow = (from) => {
    let masses = from;
    let [length, alarmed, returned] = [0, 0, 0];
    for (;;) {
      const alive = total(masses);
      if (!(alive > NEGLIGIBLE * alarmed && alive > 1e-300)) return { length, alarmed, returned };
      length += alive;
      for (let s = 0; s < masses.length; s += 1) alarmed += (masses[s] as number) * (alarm[s] as number);
      masses = step(masses);
      returned += masses[0] as number;
      masses[0] = 0;
    }
  };
  const start = new Float64Array(alarm.length);
  start[0] = 1;
  return renewing(step(start), follow);
}

/**
 * The mean of {@link renewing} for two increments, the rarer moving the other way: a whole run of the common one at a
 * time, which is geometric and so a linear recurrence over the states. Where outcomes are rare this saves most of the work.
 *
 * @param common - the likelier increment
 * @param rare - the other, of the other sign
 * @param limit - alarm above this state
 */
export function meanByRuns(common: LatticeStep, rare: LatticeStep, limit: number): (masses: Float64Array) => number {
  const size = limit + 1;
  /** Expected visits to each state before the next rare increment, by masses that enter a run; 0 takes in and keeps. */
  const visits = common.step < 0 ? falling(common) : rising(common);
  const follow: Follow = (from) => {
    let masses = from;
    let [length, alarmed, returned] = [0, 0, 0];
    for (;;) {
      const alive = total(masses);
      if (!(alive > NEGLIGIBLE * alarmed && alive > 1e-300)) return { length, alarmed, returned };
      const run = visits(masses);
      returned += run.returned;
      alarmed += run.alarmed;
      masses = new Float64Array(size);
      for (let s = 1; s < size; s += 1) {
        const mass = run.visits[s] as number;
        length += mass;
        const to = s + rare.step;
        if (to > limit) alarmed += mass * rare.chance;
        else if (to <= 0) returned += mass * rare.chance;
        else masses[to] = (masses[to] as number) + mass * rare.chance;
      }
    }
  };
  const first = new Float64Array(size);
  for (const { step, chance } of [common, rare]) {
    const to = Math.max(0, step);
    if (to <= limit) first[to] = (first[to] as number) + chance;
  }
  return renewing(first, follow);
}

interface Run {
  readonly visits: Float64Array;
  readonly returned: number;
  readonly alarmed: number;
}

function falling({ step, chance }: LatticeStep): (masses: Float64Array) => Run {
  return (masses) => {
    const visits = Float64Array.from(masses);
    let returned = 0;
    for (let s = masses.length - 1; s > 0; s -= 1) {
      const onwards = (visits[s] as number) * chance;
      const to = s + step;
      if (to > 0) visits[to] = (visits[to] as number) + onwards;
      else returned += onwards;
    }
    return { visits, returned, alarmed: 0 };
  };
}

function rising({ step, chance }: LatticeStep): (masses: Float64Array) => Run {
  return (masses) => {
    const visits = Float64Array.from(masses);
    let alarmed = 0;
    for (let s = 1; s < masses.length; s += 1) {
      const onwards = (visits[s] as number) * chance;
      const to = s + step;
      if (to < masses.length) visits[to] = (visits[to] as number) + onwards;
      else alarmed += onwards;
    }
    return { visits, returned: 0, alarmed };
  };
}
