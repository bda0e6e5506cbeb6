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

/** How exactly the rest of an excursion must be known to be added at once, relative to its sums. */
const SETTLED = 1e-12;

/** One stretch of an excursion: what it added, and the masses after it. */
interface Stretch extends Excursion {
  readonly masses: Float64Array;
}

/**
 * Follows an excursion stretch by stretch, and adds up the rest once it falls off geometrically: the masses then keep
 * their shape, and with them every sum its ratio.
 */
function followBy(stretch: (masses: Float64Array) => Stretch): Follow {
  return (from) => {
    let masses = from;
    const parts = [tail(), tail(), tail()] as const;
    for (;;) {
      const alive = total(masses);
      const [length, alarmed, returned] = parts.map(({ sum }) => sum) as [number, number, number];
      if (!(alive > NEGLIGIBLE * alarmed && alive > 1e-300)) return { length, alarmed, returned };
      if (parts.every((part) => part.settled())) return { length: length + parts[0].rest(), alarmed: alarmed + parts[1].rest(), returned: returned + parts[2].rest() };
      const next = stretch(masses);
      parts[0].add(next.length);
      parts[1].add(next.alarmed);
      parts[2].add(next.returned);
      masses = next.masses;
    }
  };
}

/** Terms that must have kept their ratio before their rest is believed. */
const KEPT = 8;

interface Tail {
  readonly sum: number;
  readonly add: (term: number) => void;
  /** Whether a ratio that drifted on as it does now would change the rest by no more than counts. */
  readonly settled: () => boolean;
  readonly rest: () => number;
}

/** A sum of terms that come to fall off geometrically. */
function tail(): Tail {
  let [sum, last, ratio, kept] = [0, 0, 0, 0];
  return {
    get sum() { return sum; },
    add: (term) => {
      const next = term / last;
      const drift = Math.abs(next - ratio) / (1 - next) ** 3;
      sum += term;
      // Where the terms are 0 the rest is 0 too.
      kept = (next < 1 && drift * term <= SETTLED * sum) || (term === 0 && last === 0) ? kept + 1 : 0;
      [last, ratio] = [term, next];
    },
    settled: () => kept >= KEPT,
    rest: () => (last === 0 ? 0 : (last * ratio) / (1 - ratio)),
  };
}

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
  const follow = followBy((before) => {
    let alarmed = 0;
    for (let s = 0; s < before.length; s += 1) alarmed += (before[s] as number) * (alarm[s] as number);
    const masses = step(before);
    const returned = masses[0] as number;
    masses[0] = 0;
    return { masses, length: total(before), alarmed, returned };
  });
  const start = new Float64Array(alarm.length);
  start[0] = 1;
  return renewing(step(start), follow);
}

/**
 * The mean of {@link renewing} with one increment apart: a whole run of it at a time, which is geometric and so a linear
 * recurrence over the states. Where one increment is common this saves most of the work.
 *
 * @param common - an increment that is not 0
 * @param others - the rest; chances that are missing to 1 are alarms
 * @param limit - alarm above this state
 */
export function meanByRuns(common: LatticeStep, others: readonly LatticeStep[], limit: number): (masses: Float64Array) => number {
  const size = limit + 1;
  /** Expected visits to each state before the next of the others, by masses that enter a run; 0 takes in and keeps. */
  const visits = common.step < 0 ? falling(common) : rising(common);
  const missing = Math.max(0, 1 - others.reduce((sum, { chance }) => sum + chance, common.chance));
  const follow = followBy((before) => {
    const run = visits(before);
    const length = total(run.visits) - (run.visits[0] as number);
    let { returned, alarmed } = run;
    alarmed += length * missing;
    const masses = new Float64Array(size);
    for (const { step, chance } of others) {
      const [zero, above] = [Math.min(size, Math.max(1, 1 - step)), Math.max(1, size - step)];
      for (let s = 1; s < zero; s += 1) returned += (run.visits[s] as number) * chance;
      for (let s = zero; s < Math.min(size, above); s += 1) masses[s + step] = (masses[s + step] as number) + (run.visits[s] as number) * chance;
      for (let s = Math.max(zero, above); s < size; s += 1) alarmed += (run.visits[s] as number) * chance;
    }
    return { masses, length, alarmed, returned };
  });
  const first = new Float64Array(size);
  for (const { step, chance } of [common, ...others]) {
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
