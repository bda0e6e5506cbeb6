import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  betaBinomialLimits, betaBinomialSequence, betting, bettingLimits, bettingSequence, binomialCdf, clopperPearson, empiricalBernstein, InputError, normalMixture,
  normalMixtureRadius, normalMixtureScale, random, scan, type Detector, type Json, type Random, type SequenceStep,
} from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const bit = fc.constantFrom(0, 1);
detectorLaws(betaBinomialSequence({ alpha: 0.05, intersect: true }), bit, 200);
detectorLaws(empiricalBernstein({ alpha: 0.05 }), unit, 300);
detectorLaws(normalMixture({ alpha: 0.05, sigma: 2, intersect: true }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), 250);
detectorLaws(bettingSequence({ alpha: 0.05, resolution: 20 }), unit, 1200);
detectorLaws(bettingSequence({ alpha: 0.05, resolution: 10, bets: 'grapa', intersect: true }), unit, 700);

test.each(referenceCases('eprocess', 'betaBinomialConfidenceSequence'))('beta-binomial limits equal reference $id', ({ id, input, expected, tol }) => {
  const { successes, n, a, b, alpha } = input as { successes: number; n: number; a: number; b: number; alpha: number };
  expectClose(betaBinomialLimits(successes, n, { a, b, alpha }), expected, tol, id);
});

test.each(referenceCases('eprocess', 'normalMixtureRadius'))('the normal-mixture radius equals reference $id', ({ id, input, expected, tol }) => {
  const { t, ...params } = input as { t: number; rho: number; alpha: number; sigma: number };
  expectClose(normalMixtureRadius(t, params), expected, tol, id);
});

test.each(referenceCases('eprocess', 'prplEmpiricalBernstein'))('empirical Bernstein equals reference $id', ({ id, input, expected, tol }) => {
  const { x, alpha, c } = input as { x: number[]; alpha: number; c: number };
  const want = expected as { centre: number[]; radius: number[] };
  const outs = [...scan(empiricalBernstein({ alpha, cap: c }), x)].map(({ out }) => out);
  expectClose(outs.map(({ estimate }) => estimate), want.centre, tol, id);
  outs.forEach(({ lower, upper }, i) => {
    const [centre = NaN, radius = NaN] = [want.centre[i], want.radius[i]];
    expectClose([lower, upper], [Math.max(0, centre - radius), Math.min(1, centre + radius)], { rel: tol.rel, abs: tol.rel * radius }, id);
  });
});

test('beta-binomial limits are where the e-value crosses, at any size', () => {
  // ln E by its product form, one trial after another: the predictive probability over p.
  const logE = (ones: number, zeros: number, p: number): number => {
    let log = 0;
    for (let i = 0; i < ones; i += 1) log += Math.log((1 + i) / (2 + i) / p);
    for (let i = 0; i < zeros; i += 1) log += Math.log((1 + i) / (2 + ones + i) / (1 - p));
    return log;
  };
  for (const [s, n] of [[0, 30], [1, 5], [500, 500], [3, 100_000]] as const) {
    const { lower, upper } = betaBinomialLimits(s, n, { alpha: 0.05 });
    if (s > 0) expect(logE(s, n - s, lower)).toBeCloseTo(Math.log(20), 7);
    if (s < n) expect(logE(s, n - s, upper)).toBeCloseTo(Math.log(20), 7);
  }
  const huge = betaBinomialLimits(2e14, 1e15, { alpha: 0.05 });
  // sqrt(2 p q c / n) to either side, c = ln 20 + ln sqrt(n / (2 pi p q)).
  expectClose(huge.upper - huge.lower, 1.61046e-7, { rel: 1e-5, abs: 0 }, 'huge');
  expect(betaBinomialLimits(0, 0, { alpha: 0.05 })).toEqual({ lower: 0, upper: 1 });
});

test('limits lie between the exact ones for this n and the worst; one side alone is tighter', () => {
  const counts = fc.integer({ min: 1, max: 2000 }).chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 0, max: n }) }));
  fc.assert(
    fc.property(counts, fc.constantFrom(0.01, 0.05, 0.2), ({ n, k }, alpha) => {
      const two = betaBinomialLimits(k, n, { alpha });
      const { upper } = betaBinomialLimits(k, n, { alpha, side: 'upper' });
      const { lower } = betaBinomialLimits(k, n, { alpha, side: 'lower' });
      expect(upper).toBeLessThanOrEqual(two.upper + 1e-12);
      expect(lower).toBeGreaterThanOrEqual(two.lower - 1e-12);
      expect(upper).toBeGreaterThanOrEqual(clopperPearson(k, n, 1 - alpha, 'upper').upper - 1e-12);
      expect(lower).toBeLessThanOrEqual(clopperPearson(k, n, 1 - alpha, 'lower').lower + 1e-12);
      // Mirrored counts have mirrored limits.
      expect(betaBinomialLimits(n - k, n, { alpha, side: 'lower' }).lower).toBeCloseTo(1 - upper, 12);
    }),
    { seed: 20260101, numRuns: 300 },
  );
});

/** Exact chance that a limit ever misses p within `last` trials: the law of the count, kept while it has not missed. */
function everMissed(p: number, last: number, misses: (ones: number, n: number) => boolean): number {
  let alive = [1];
  let missed = 0;
  for (let n = 1; n <= last; n += 1) {
    const next = Array.from({ length: n + 1 }, (_, k) => (alive[k] ?? 0) * (1 - p) + (alive[k - 1] ?? 0) * p);
    alive = next.map((chance, k) => {
      if (chance < 1e-12 || !misses(k, n)) return chance;
      missed += chance;
      return 0;
    });
  }
  return missed;
}

test('the chance that beta-binomial limits ever miss is at most alpha, by exact enumeration', () => {
  for (const p of [0.02, 0.3]) {
    for (const side of ['two', 'upper', 'lower'] as const) {
      const chance = everMissed(p, 90, (ones, n) => {
        const { lower, upper } = betaBinomialLimits(ones, n, { alpha: 0.2, side });
        return p < lower || p > upper;
      });
      expect(chance, `${String(p)} ${side}`).toBeLessThanOrEqual(0.2);
    }
  }
  const informed = (ones: number, n: number): boolean => betaBinomialLimits(ones, n, { alpha: 0.2, side: 'upper', a: 0.5, b: 10 }).upper < 0.1;
  expect(everMissed(0.1, 90, informed)).toBeLessThanOrEqual(0.2);
  // Clopper-Pearson looked at after every trial does miss more often than it says.
  expect(everMissed(0.3, 150, (k, n) => clopperPearson(k, n, 0.8, 'upper').upper < 0.3)).toBeGreaterThan(0.2);
});

/** Streams out of `runs` in which limits, looked at all along, ever miss the mean or turn empty. */
function failures<S extends Json>({ init, step }: Detector<number, S, SequenceStep>, mean: number, draw: (source: Random) => number): number {
  const source = random(20260101);
  let failed = 0;
  for (let run = 0; run < 300; run += 1) {
    let state = init();
    for (let i = 0; i < 120; i += 1) {
      const next = step(state, draw(source));
      state = next.state;
      const { lower, upper } = next.out;
      if (mean < (lower ?? -Infinity) || mean > (upper ?? Infinity)) {
        failed += 1;
        break;
      }
    }
  }
  return failed;
}

test('limits looked at after every observation ever miss at most alpha of the time', () => {
  const kept = (failed: number): void => { expect(1 - binomialCdf(failed - 1, 300, 0.2), String(failed)).toBeGreaterThan(1e-3); };
  const rare = (source: Random): number => (source.uniform() < 0.1 ? 1 : 0);
  kept(failures(betaBinomialSequence({ alpha: 0.2, intersect: true }), 0.1, rare));
  kept(failures(bettingSequence({ alpha: 0.2, intersect: true, resolution: 100 }), 0.1, rare));
  kept(failures(empiricalBernstein({ alpha: 0.2, intersect: true }), 0.1, rare));
  const skewed = (source: Random): number => source.uniform() ** 4;
  kept(failures(bettingSequence({ alpha: 0.2, resolution: 100 }), 0.2, skewed));
  kept(failures(bettingSequence({ alpha: 0.2, resolution: 100, bets: 'grapa' }), 0.2, skewed));
  kept(failures(bettingSequence({ alpha: 0.2, resolution: 100, bets: 'grapa' }), 0.1, rare));
  kept(failures(empiricalBernstein({ alpha: 0.2 }), 0.2, skewed));
  kept(failures(normalMixture({ alpha: 0.2, sigma: 1 }), 3, (source) => 3 + source.normal()));
  kept(failures(normalMixture({ alpha: 0.2, sigma: 0.5 }), 0.2, skewed));
});

test('betting limits as a stream are the exact ones rounded outward to the grid', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 150 }), fc.constantFrom(0.05, 0.5), (xs, alpha) => {
      const out = [...scan(bettingSequence({ alpha, resolution: 50 }), xs)].at(-1)?.out;
      const { lower, upper } = bettingLimits(xs, { alpha });
      const step = (m: number): number => Math.asin(Math.sqrt(Math.min(1, Math.max(0, m)))) / (Math.PI / 2) * 50;
      expect(step(lower) - step(out?.lower ?? NaN)).toBeGreaterThanOrEqual(-1e-9);
      expect(step(lower) - step(out?.lower ?? NaN)).toBeLessThanOrEqual(1 + 1e-9);
      expect(step(out?.upper ?? NaN) - step(upper)).toBeGreaterThanOrEqual(-1e-9);
      expect(step(out?.upper ?? NaN) - step(upper)).toBeLessThanOrEqual(1 + 1e-9);
      const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
      expect(lower).toBeLessThanOrEqual(mean);
      expect(upper).toBeGreaterThanOrEqual(mean);
    }),
    { seed: 20260101, numRuns: 200 },
  );
  expect(bettingLimits([], { alpha: 0.05 })).toEqual({ lower: 0, upper: 1 });
});

test("with GRAPA's bets the wealth at a mean is that of the betting e-process", () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (xs, i) => {
      const core = [...scan(bettingSequence({ alpha: 0.05, resolution: 10, bets: 'grapa' }), xs)].at(-1)?.state.state.core;
      const mean = Math.sin((Math.PI / 2) * (i / 10)) ** 2;
      const logWealth = (values: readonly number[], m: number): number => [...scan(betting({ mean: m, alpha: 0.05 }), values)].at(-1)?.out.logEValue ?? NaN;
      expect(core?.above[i - 1]).toBeCloseTo(logWealth(xs, mean), 10);
      expect(core?.below[i - 1]).toBeCloseTo(logWealth(xs.map((x) => 1 - x), 1 - mean), 10);
    }),
    { seed: 20260101, numRuns: 200 },
  );
});

test('betting is narrowest for calm values and rare events, beta-binomial for common ones', () => {
  const source = random(3);
  const width = ({ lower, upper }: { lower: number | null; upper: number | null }): number => (upper ?? 1) - (lower ?? 0);
  const last = <S extends Json>(detector: Detector<number, S, SequenceStep>, xs: readonly number[]): number => width([...scan(detector, xs)].at(-1)?.out ?? { lower: 0, upper: 1 });
  const widths = (xs: readonly number[]): readonly number[] => [
    width(bettingLimits(xs, { alpha: 0.05 })),
    last(empiricalBernstein({ alpha: 0.05 }), xs),
    last(normalMixture({ alpha: 0.05, sigma: 0.5, plannedAt: 1000 }), xs),
  ];
  const calm = widths(Array.from({ length: 1000 }, () => 0.4 + 0.2 * source.uniform()));
  expect(calm).toEqual([...calm].sort((a, b) => a - b));
  for (const [rate, bettingIsNarrower] of [[0.02, true], [0.5, false]] as const) {
    const xs = Array.from({ length: 1000 }, () => (source.uniform() < rate ? 1 : 0));
    const ones = xs.filter((x) => x === 1).length;
    expect((widths(xs)[0] ?? NaN) < width(betaBinomialLimits(ones, 1000, { alpha: 0.05 }))).toBe(bettingIsNarrower);
  }
});

test('an empty intersection says where, and is not thrown', () => {
  const xs = [...Array<number>(200).fill(0), ...Array<number>(200).fill(1)];
  const turnsEmpty = <S extends Json>(detector: Detector<number, S, SequenceStep>): void => {
    const outs = [...scan(detector, xs)].map(({ out }) => out);
    const index = outs.at(-1)?.emptyIndex ?? NaN;
    expect(index).toBeGreaterThan(200);
    expect(outs[index - 1]?.emptyIndex).toBeNull();
    expect(outs[index]?.lower).toBeGreaterThan(outs[index]?.upper ?? NaN);
  };
  turnsEmpty(betaBinomialSequence({ alpha: 0.05, intersect: true }));
  turnsEmpty(bettingSequence({ alpha: 0.05, intersect: true }));
  turnsEmpty(empiricalBernstein({ alpha: 0.05, intersect: true }));
  const followed = [...scan(betaBinomialSequence({ alpha: 0.05 }), xs)].at(-1)?.out;
  expect(followed?.emptyIndex).toBeNull();
  expect(followed?.lower).toBeLessThan(0.5);
});

test('the normal mixture is narrowest about where it was planned to be', () => {
  const at = (rho: number): number => normalMixtureRadius(500, { alpha: 0.05, sigma: 1, rho });
  const best = at(normalMixtureScale(500, 0.05));
  for (let rho = 0.01; rho < 2; rho *= 1.1) expect(at(rho)).toBeGreaterThan(best * 0.999);
});

test('confidence sequences refuse what they do not know', () => {
  expect(() => betaBinomialLimits(3, 2, { alpha: 0.05 })).toThrow('successes must be an integer in [0, 2], got 3');
  expect(() => betaBinomialSequence({ alpha: 0 })).toThrow('alpha must be in (0, 1), got 0');
  expect(() => betaBinomialSequence({ alpha: 0.1, side: 'both' as 'two' })).toThrow('side must be two, lower or upper, got both');
  expect(() => bettingSequence({ alpha: 0.05, bets: 'all' as 'grapa' })).toThrow('bets must be predictable or grapa, got all');
  expect(() => bettingLimits([0.5, 1.5], { alpha: 0.05 })).toThrow('observation 1 must be in [0, 1], got 1.5');
  expect(() => normalMixture({ alpha: 0.05, sigma: 1, rho: 1, plannedAt: 5 })).toThrow('must not both be given');
  expect(() => normalMixture({ alpha: 0.05, sigma: NaN })).toThrow(InputError);
  const detector = empiricalBernstein({ alpha: 0.05 });
  for (const x of [NaN, -0.1, 1.1]) expect(() => detector.step(detector.init(), x)).toThrow(InputError);
});
