/** A one-sided sum watched until it leaves [0, h]: how its law moves from one observation to the next. */
export interface SumLaw {
  /** Masses, over the law's own grid of states, of the sum one observation after it stood at `s`, alarms left out. */
  readonly row: (s: number) => Float64Array;
  /** The masses one observation later. */
  readonly step: (masses: Float64Array) => Float64Array;
  /** Mean number of further observations up to and with the alarm. */
  readonly meanFrom: (masses: Float64Array) => number;
}

/** Mean number of observations up to and with the alarm, from `s`. */
export function meanRunLength(law: SumLaw, s = 0): number {
  return 1 + law.meanFrom(law.row(s));
}

/** Means beyond this are taken as infinite: a linear system can no longer tell. */
export const ARL_MAX = 1e11;

/** The mean run length from 0; Infinity beyond {@link ARL_MAX}. */
export function boundedMean(law: SumLaw): number {
  const mean = meanRunLength(law);
  return mean > 0 && mean < ARL_MAX ? mean : Infinity;
}

/**
 * P(T > t) for t = 0 .. n, where T counts observations up to and with the alarm.
 *
 * @param first - masses after the first observation
 * @remarks Exact as the law is: its step is iterated. O(n) steps.
 */
function survival(law: SumLaw, first: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n + 1);
  out[0] = 1;
  let masses = first;
  for (let t = 1; t <= n; t += 1) {
    if (t > 1) masses = law.step(masses);
    out[t] = Math.min(total(masses), out[t - 1] ?? 1);
  }
  return out;
}

/** The law that the sum settles to among streams without an alarm: the left eigenvector of its step. */
export function settledLaw(law: SumLaw): Float64Array {
  let masses = law.row(0);
  for (let t = 0; t < 100_000; t += 1) {
    const next = law.step(masses);
    const alive = total(next);
    let change = 0;
    for (let i = 0; i < next.length; i += 1) {
      next[i] = (next[i] ?? 0) / alive;
      change += Math.abs((next[i] ?? 0) - (masses[i] ?? 0));
    }
    masses = next;
    if (change < 1e-13) break;
  }
  return masses;
}

/** Sum of the masses. */
export function total(masses: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < masses.length; i += 1) sum += masses[i] as number;
  return sum;
}

/** The run length of one or two sides watched together. */
export interface RunLength {
  readonly mean: number;
  /** P(T > t) for t = 0 .. n. */
  readonly survival: (n: number) => Float64Array;
}

/** One side, started at `s`. */
export function oneSided(law: SumLaw, s: number): RunLength {
  const first = law.row(s);
  return { mean: 1 + law.meanFrom(first), survival: (n) => survival(law, first, n) };
}

/**
 * Two sides whose alarming one always finds the other at 0, started at `s` each.
 *
 * @remarks Mean: Lucas & Crosier (1982), Technometrics 24, 199-205. With generating functions F, G from the start and
 * F0, G0 from 0, that of the first alarm is (F + G - F G0 - G F0) / (1 - F0 G0), expanded as a power series. Where the
 * sides can both be above 0 at an alarm, the mean is at least this: after the other side's alarm a side's remaining time
 * is at most its time from 0.
 */
export function twoSided(up: SumLaw, down: SumLaw, s: { readonly up: number; readonly down: number }): RunLength {
  const [u, d, u0, d0] = [meanRunLength(up, s.up), meanRunLength(down, s.down), meanRunLength(up), meanRunLength(down)];
  return {
    mean: (u * d0 + d * u0 - u0 * d0) / (u0 + d0),
    survival: (n) => {
      const density = (law: SumLaw, from: number): Float64Array => differences(survival(law, law.row(from), n));
      const [f, g] = [density(up, s.up), density(down, s.down)];
      const f0 = s.up === 0 ? f : density(up, 0);
      const g0 = s.down === 0 ? g : density(down, 0);
      return firstOfTwo({ f, g, f0, g0 }, n);
    },
  };
}

/** P(T = t) from P(T > t). */
function differences(tail: Float64Array): Float64Array {
  return tail.map((value, t) => (t === 0 ? 0 : (tail[t - 1] ?? 0) - value));
}

interface Densities {
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly f0: Float64Array;
  readonly g0: Float64Array;
}

function firstOfTwo({ f, g, f0, g0 }: Densities, n: number): Float64Array {
  const [crossed, swapped, both] = [product(f, g0), product(g, f0), product(f0, g0)];
  const density = new Float64Array(n + 1);
  const tail = new Float64Array(n + 1);
  tail[0] = 1;
  for (let t = 1; t <= n; t += 1) {
    let value = (f[t] ?? 0) + (g[t] ?? 0) - (crossed[t] ?? 0) - (swapped[t] ?? 0);
    for (let j = 2; j < t; j += 1) value += (both[j] as number) * (density[t - j] as number);
    density[t] = value;
    tail[t] = Math.max(0, (tail[t - 1] ?? 0) - value);
  }
  return tail;
}

/** Coefficients of the product of two power series, to the length of the first. */
function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i += 1) {
    const left = a[i] as number;
    for (let j = 0; i + j < a.length; j += 1) out[i + j] = (out[i + j] as number) + left * (b[j] as number);
  }
  return out;
}

/** Steps that are iterated before the tail is taken as geometric. */
const ITERATED = 4096;

/**
 * P(T <= n). To 4096 observations by iteration; beyond, with the chance of an alarm per observation that it has settled
 * to by then.
 */
export function alarmWithin(run: RunLength, n: number): number {
  const tail = run.survival(Math.min(n, ITERATED));
  const last = tail[tail.length - 1] ?? 0;
  if (n <= ITERATED) return 1 - last;
  const hazard = -Math.log(last / (tail[tail.length - 513] ?? 1)) / 512;
  return last === 0 ? 1 : -Math.expm1(Math.log(last) - hazard * (n - ITERATED));
}
