import { gammaIncUpper, normalCdf, normalQuantile, type Random, recencyLoss } from '../../src/index.js';

/** Observations, and the law of the next one, so that coverage is computed and not counted. */
export interface Sample {
  readonly xs: Float64Array;
  /** P(next <= x) and P(next < x). */
  readonly atMost: (x: number) => number;
  readonly below: (x: number) => number;
  /** What drift costs recency weights on these data. */
  readonly loss: (rho: number) => number;
}

/** A kind of data. */
export interface DataShape {
  readonly name: string;
  /** Whether observations and the next one are draws of one law. */
  readonly exchangeable: boolean;
  /** Whether ties have chance 0. */
  readonly continuous: boolean;
  readonly sample: (n: number, source: Random) => Sample;
}

interface Law {
  readonly draw: (source: Random) => number;
  readonly atMost: (x: number) => number;
  readonly below: (x: number) => number;
}

const noLoss = (): number => 0;

/** n numbers; a plain loop, since hundreds of millions are drawn. */
function filled(n: number, of: (index: number) => number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i += 1) out[i] = of(i);
  return out;
}

function independent(name: string, continuous: boolean, { draw, atMost, below }: Law): DataShape {
  return {
    name,
    exchangeable: true,
    continuous,
    sample: (n, source) => ({ xs: filled(n, () => draw(source)), atMost, below, loss: noLoss }),
  };
}

/** Intervals of 1000 ms with standard deviation 200. */
const gaussianCdf = (x: number, mean = 1000): number => (Math.abs(x) === Infinity ? Number(x > 0) : normalCdf((x - mean) / 200));
const exponentialCdf = (x: number, mean = 1000): number => (x <= 0 ? 0 : -Math.expm1(-x / mean));

const POISSON = filled(60, (k) => gammaIncUpper(k + 1, 4));
const poissonCdf = (k: number): number => (k < 0 ? 0 : (POISSON[Math.min(k, 59)] ?? 1));

/** A Poisson count of mean 4, by inversion. */
function poisson(source: Random): number {
  const u = source.uniform();
  let k = 0;
  while (k < 59 && (POISSON[k] ?? 1) <= u) k += 1;
  return k;
}

export const GAUSSIAN: DataShape = independent('Gaussian', true, { draw: (s) => 1000 + 200 * s.normal(), atMost: gaussianCdf, below: gaussianCdf });
export const EXPONENTIAL: DataShape = independent('exponential', true, { draw: (s) => 1000 * s.exponential(), atMost: exponentialCdf, below: exponentialCdf });
export const COUNTS: DataShape = independent('Poisson 4', false, { draw: (s) => poisson(s), atMost: (x) => poissonCdf(Math.floor(x)), below: (x) => poissonCdf(Math.ceil(x) - 1) });
const OUTCOMES: DataShape = independent('Bernoulli 0.1', false, {
  draw: (s) => (s.uniform() < 0.1 ? 1 : 0),
  atMost: (x) => (x < 0 ? 0 : x < 1 ? 0.9 : 1),
  below: (x) => (x <= 0 ? 0 : x <= 1 ? 0.9 : 1),
});

/** Exponential intervals whose mean switches between 1000 and 400 every 250, from a random moment on. */
const SWITCH = 250;
const meanAt = (t: number): number => (Math.floor(t / SWITCH) % 2 === 0 ? 1000 : 400);
/** Total variation between the two: the densities cross once. */
const CROSSING = Math.log(2.5) / (1 / 400 - 1 / 1000);
const APART = exponentialCdf(CROSSING, 400) - exponentialCdf(CROSSING);

export const SWITCHING: DataShape = {
  name: 'switching',
  exchangeable: false,
  continuous: true,
  sample(n, source) {
    const start = source.integer(2 * SWITCH);
    const xs = filled(n, (i) => meanAt(start + i) * source.exponential());
    const now = meanAt(start + n);
    const atMost = (x: number): number => exponentialCdf(x, now);
    return { xs, atMost, below: atMost, loss: (rho) => switchingLoss(n, start, rho) };
  },
};

/** Sum of the normalised weights times how far each observation's law is from the next one's, both exchanged. */
function switchingLoss(n: number, start: number, rho: number): number {
  let [sum, lost] = [1, 0];
  for (let age = 1; age <= n; age += 1) {
    const weight = rho ** age;
    sum += weight;
    if (meanAt(start + n - age) !== meanAt(start + n)) lost += weight * APART * (2 - APART);
  }
  return lost / sum;
}

/** Total variation between the laws of neighbours in {@link DRIFTING}. */
const PER_STEP = 0.001;
const STEP = 400 * normalQuantile((1 + PER_STEP) / 2);

/** Gaussian intervals that grow a little with every observation. */
export const DRIFTING: DataShape = {
  name: 'drifting',
  exchangeable: false,
  continuous: true,
  sample(n, source) {
    const atMost = (x: number): number => gaussianCdf(x, 1000 + STEP * n);
    const xs = filled(n, (i) => 1000 + STEP * i + 200 * source.normal());
    return { xs, atMost, below: atMost, loss: (rho) => recencyLoss({ n, rho, driftPerStep: PER_STEP }) };
  },
};

/** The kinds of data of every table. */
export const SHAPES: readonly DataShape[] = [GAUSSIAN, EXPONENTIAL, COUNTS, OUTCOMES, SWITCHING];
/** Those that scores which separate safe from unsafe calls can look like. */
export const SCORES: readonly DataShape[] = [GAUSSIAN, EXPONENTIAL, COUNTS];

/** Values in [0, 1] with a known mean, for limits on means. */
export interface UnitShape {
  readonly name: string;
  /** Null where the mean moves. */
  readonly mean: number | null;
  readonly draw: (source: Random, index: number) => number;
}

const clipped = (x: number): number => Math.min(1, Math.max(0, x));
const countMean = Array.from({ length: 60 }, (_, k) => (poissonCdf(k) - poissonCdf(k - 1)) * clipped(k / 10)).reduce((a, b) => a + b, 0);

export const UNIT_SHAPES: readonly UnitShape[] = [
  { name: 'Gaussian, cut', mean: 0.5, draw: (s) => clipped(0.5 + 0.15 * s.normal()) },
  { name: 'exponential, cut', mean: 0.2 * -Math.expm1(-5), draw: (s) => clipped(0.2 * s.exponential()) },
  { name: 'Poisson 4, cut', mean: countMean, draw: (s) => clipped(poisson(s) / 10) },
  { name: 'Bernoulli 0.1', mean: 0.1, draw: (s) => (s.uniform() < 0.1 ? 1 : 0) },
  { name: 'switching', mean: null, draw: (s, i) => (s.uniform() < meanAt(i) / 4000 ? 1 : 0) },
];
