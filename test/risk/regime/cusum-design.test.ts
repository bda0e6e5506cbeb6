import { expect, test } from 'vitest';
import { type CusumFamily, cusum, designCusum, random, runCusum } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const GAUSSIAN: CusumFamily = { kind: 'gaussian', mean: 0, sd: 1, shift: 1 };

test('thresholds for a mean time to a false alarm agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('cusum_arl', 'cusumThreshold')) {
    const { k, arl0, sided } = input as { k: number; arl0: number; sided: string };
    const { threshold } = designCusum({ family: { ...GAUSSIAN, shift: 2 * k }, target: { arl0 }, sides: sided === 'one' ? 'up' : 'both', changes: [], within: [] });
    expectClose(threshold.up, expected, tol, id);
  }
});

test('a threshold for a chance of an alarm within N has just that chance', () => {
  for (const family of [GAUSSIAN, { kind: 'exponential', mean: 5, rateRatio: 2 } as const]) {
    for (const headStart of [0.5]) {
      const { alarmWithin } = designCusum({ family, target: { within: 300, probability: 0.05 }, headStart, within: [300], sides: 'up' });
      expectClose(alarmWithin[0]?.probability, 0.05, { rel: 1e-8, abs: 0 }, family.kind);
    }
  }
});

test('a head start costs threshold and saves delay', () => {
  const plain = designCusum({ family: GAUSSIAN, target: { arl0: 500 } });
  const started = designCusum({ family: GAUSSIAN, target: { arl0: 500 }, headStart: 0.5 });
  expectClose(started.arl0, 500, { rel: 1e-8, abs: 0 }, 'arl0');
  expect(started.threshold.up).toBeGreaterThan(plain.threshold.up);
  expect(started.delays[1]?.meanFromStart).toBeLessThan((plain.delays[1]?.meanFromStart ?? 0) * 0.75);
});

test('counts and 0/1 outcomes get the smallest threshold that keeps the promise, with a narrow bracket', () => {
  const families: CusumFamily[] = [{ kind: 'bernoulli', p0: 0.1, p1: 0.2 }, { kind: 'bernoulli', p0: 0.3, p1: 0.6 }, { kind: 'poisson', mean: 4, rateRatio: 1.5 }];
  for (const family of families) {
    const design = designCusum({ family, sides: 'up', target: { arl0: 1000 } });
    expect(design.how).toBe('rational lattice');
    expect(design.arl0).toBeGreaterThanOrEqual(1000);
    expect(design.arl0).toBeLessThan(1080);
    expect(design.arl0Bracket.upper / design.arl0Bracket.lower).toBeLessThan(1.0001);
  }
  // ln(p1/p0) : -ln((1-p1)/(1-p0)) = 1 : 1 at p0 = 1 - p1: a lattice of itself.
  const even = designCusum({ family: { kind: 'bernoulli', p0: 0.25, p1: 0.75 }, sides: 'up', target: { arl0: 1000 } });
  expect(even.how).toBe('exact chain');
});

test('realised means agree with the promised ones within four standard errors, for every family and both sides', () => {
  const families: CusumFamily[] = [GAUSSIAN, { kind: 'exponential', mean: 0.01, rateRatio: 2 }, { kind: 'bernoulli', p0: 0.3, p1: 0.5, pDown: 0.15 }, { kind: 'poisson', mean: 2, rateRatio: 1.6 }];
  for (const [i, family] of families.entries()) {
    const xs = sampleOf(family, 400_000, 20260101 + i);
    for (const sides of ['up', 'down', 'both'] as const) {
      const { threshold, headStart, arl0, arl0How } = designCusum({ family, sides, target: { arl0: 100 }, changes: [], within: [] });
      const watch = cusum({ family, sides, threshold, headStart });
      const { alarms } = runCusum(watch, xs);
      const runs = alarms.map(({ index }, j) => index - (alarms[j - 1]?.index ?? -1));
      const mean = runs.reduce((sum, x) => sum + x, 0) / runs.length;
      const error = Math.sqrt(runs.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / runs.length;
      const label = `${family.kind} ${sides} ${String(mean)} for ${String(arl0)}`;
      expect(mean, label).toBeGreaterThan(arl0 - 4 * error);
      if (arl0How === 'exact') expect(mean, label).toBeLessThan(arl0 * 1.0001 + 4 * error);
    }
  }
});

function sampleOf(family: CusumFamily, n: number, seed: number): Float64Array {
  const source = random(seed);
  const draw = {
    gaussian: () => source.normal(),
    exponential: () => source.exponential() * (family.kind === 'exponential' ? family.mean : 1),
    bernoulli: () => (source.uniform() < (family.kind === 'bernoulli' ? family.p0 : 1) ? 1 : 0),
    poisson: () => {
      let [x, sum] = [-1, 0];
      while (sum < (family.kind === 'poisson' ? family.mean : 1)) [x, sum] = [x + 1, sum + source.exponential()];
      return x;
    },
  }[family.kind];
  return Float64Array.from({ length: n }, draw);
}

test('impossible targets are refused', () => {
  expect(() => designCusum({ family: GAUSSIAN, target: { arl0: 1 } })).toThrow('target.arl0 must be in (1, 1e8], got 1');
  expect(() => designCusum({ family: GAUSSIAN, target: { arl0: NaN } })).toThrow('target.arl0');
  expect(() => designCusum({ family: GAUSSIAN, target: { arl0: 1.2 } })).toThrow('any threshold has a mean run length of');
  expect(() => designCusum({ family: GAUSSIAN, target: { within: 100, probability: 0 } })).toThrow('target.probability must be in (0, 1), got 0');
  expect(() => designCusum({ family: GAUSSIAN, target: { arl0: 100 }, headStart: 0.6 })).toThrow('headStart must be a fraction');
  expect(() => designCusum({ family: { ...GAUSSIAN, sd: 0 }, target: { arl0: 100 } })).toThrow('sd must be finite and > 0');
});
