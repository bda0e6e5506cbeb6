import type { ConjugateModel, CusumFamily, Random } from '../../src/index.js';

/** A kind of data that detectors are tried on. */
export interface Shape {
  readonly name: string;
  readonly family: CusumFamily;
  readonly sides: 'up' | 'both';
  readonly clean: (source: Random) => number;
  /** The same data with the rate or chance doubled; Gaussian intervals have mean and spread halved. */
  readonly changed: (source: Random) => number;
  readonly model: Exclude<ConjugateModel['model'], 'normal-known-variance'>;
  /** How recent a change BOCPD is asked for: more than ln(lambda) over what one observation tells of a doubling. */
  readonly window: number;
}

function poisson(source: Random, mean: number): number {
  let [count, sum] = [-1, 0];
  while (sum < mean) [count, sum] = [count + 1, sum + source.exponential()];
  return count;
}

const bernoulli = (source: Random, p: number): number => (source.uniform() < p ? 1 : 0);

const gaussian = (mean: number): Shape => ({
  name: `Gaussian ${String(mean)}/${String(mean / 5)} ms`,
  family: { kind: 'gaussian', mean, sd: mean / 5, shift: 1 },
  sides: 'both',
  clean: (s) => mean + (mean / 5) * s.normal(),
  changed: (s) => mean / 2 + (mean / 10) * s.normal(),
  model: 'normal-inverse-gamma',
  window: 30,
});

const exponential = (mean: number, unit: string, sides: 'up' | 'both' = 'up'): Shape => ({
  name: `exponential ${String(mean)} ${unit}${sides === 'both' ? ', both' : ''}`,
  family: { kind: 'exponential', mean, rateRatio: 2 },
  sides,
  clean: (s) => mean * s.exponential(),
  changed: (s) => (mean / 2) * s.exponential(),
  model: 'gamma-exponential',
  window: 100,
});

const outcomes = (p0: number): Shape => ({
  name: `Bernoulli ${String(p0)}`,
  family: { kind: 'bernoulli', p0, p1: 2 * p0 },
  sides: 'up',
  clean: (s) => bernoulli(s, p0),
  changed: (s) => bernoulli(s, 2 * p0),
  model: 'beta-bernoulli',
  window: 150,
});

const counts: Shape = {
  name: 'Poisson 4',
  family: { kind: 'poisson', mean: 4, rateRatio: 2 },
  sides: 'up',
  clean: (s) => poisson(s, 4),
  changed: (s) => poisson(s, 8),
  model: 'gamma-poisson',
  window: 30,
};

/** Every kind of data, each watched as one would: intervals for bursts, outcomes and counts for more of them. */
export const SHAPES: readonly Shape[] = [gaussian(10), gaussian(1000), exponential(10, 'ms'), exponential(1000, 'ms'), exponential(0.01, 's'), outcomes(0.1), outcomes(0.3), counts];

/** Exponential waits watched on both sides. */
export const BOTH_WAYS: Shape = exponential(10, 'ms', 'both');

/** n observations. */
export function draws(n: number, draw: (source: Random) => number, source: Random): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i += 1) out[i] = draw(source);
  return out;
}
