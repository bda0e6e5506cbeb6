import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialCdf, clopperPearson, dirichletPosterior, fisherExact, holm, holmLevels, kolmogorovSmirnovP, quantileRanks, samplesToReject } from '../../src/index.js';
import { uniforms } from './uniforms.js';

/** Expects `misses` of `runs` to be no more than chance explains at this rate, once in about 10,000. */
function expectAtMost(misses: number, runs: number, rate: number): void {
  expect(1 - binomialCdf(misses - 1, runs, rate), `${String(misses)} misses in ${String(runs)} at ${String(rate)}`).toBeGreaterThan(1e-4);
}

const RUNS = 4000;

test('order-statistic limits hold their quantile as often as they say', () => {
  const next = uniforms(20260101);
  for (const [n, p] of [[12, 0.5], [59, 0.95], [80, 0.05], [200, 0.95]] as const) {
    const { lower, upper, coverage } = quantileRanks(n, p, 0.95);
    expect(coverage).toBeGreaterThanOrEqual(0.95);
    let misses = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const x = Float64Array.from({ length: n }, next).sort();
      const isBelow = lower !== null && (x[lower - 1] ?? NaN) > p;
      const isAbove = upper !== null && (x[upper - 1] ?? NaN) <= p;
      if (isBelow || isAbove) misses += 1;
    }
    expectAtMost(misses, RUNS, 1 - coverage);
    expectAtMost(RUNS - misses, RUNS, coverage);
  }
});

test('coverage of quantile ranks is the binomial sum, and the n needed is the smallest', () => {
  const cases = fc.record({ n: fc.integer({ min: 0, max: 120 }), p: fc.double({ min: 0.02, max: 0.98, noNaN: true }), level: fc.constantFrom(0.8, 0.9, 0.95, 0.99) });
  fc.assert(
    fc.property(cases, ({ n, p, level }) => {
      const { lower, upper, coverage, lowerNeeds, upperNeeds } = quantileRanks(n, p, level);
      const inside = binomialCdf((upper ?? n + 1) - 1, n, p) - binomialCdf((lower ?? 0) - 1, n, p);
      expect(coverage).toBeCloseTo(inside, 10);
      expect(coverage).toBeGreaterThanOrEqual(level - 1e-12);
      expect(lower === null).toBe(n < lowerNeeds);
      expect(upper === null).toBe(n < upperNeeds);
    }),
    { seed: 20260101, numRuns: 400 },
  );
});

test('Clopper-Pearson limits hold at every rate: their exact coverage is never below the level', () => {
  for (const n of [1, 10, 40]) {
    const limits = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.95));
    for (let p = 0.005; p < 1; p += 0.005) {
      let coverage = 0;
      for (const [k, { lower, upper }] of limits.entries()) {
        if (lower <= p && p <= upper) coverage += binomialCdf(k, n, p) - binomialCdf(k - 1, n, p);
      }
      expect(coverage, `n = ${String(n)}, p = ${String(p)}`).toBeGreaterThanOrEqual(0.95 - 1e-12);
    }
  }
});

test('Dirichlet intervals hold the probability as often as they say when it is drawn from the prior', () => {
  const next = uniforms(7);
  const exponential = (): number => -Math.log(1 - next());
  let misses = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const gammas = [exponential(), exponential(), exponential()];
    const total = gammas.reduce((a, b) => a + b, 0);
    const [p0 = 0, p1 = 0] = gammas.map((g) => g / total);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20; i += 1) {
      const u = next();
      const to = u < p0 ? 0 : u < p0 + p1 ? 1 : 2;
      counts[to] = (counts[to] ?? 0) + 1;
    }
    const row = dirichletPosterior([counts, [0, 0, 0], [0, 0, 0]], 1, 0.9)[0];
    if (p0 < (row?.lower[0] ?? 1) || p0 > (row?.upper[0] ?? 0)) misses += 1;
  }
  expectAtMost(misses, RUNS, 0.1);
  expectAtMost(RUNS - misses, RUNS, 0.9);
});

/** Every table with these margins, by counting arrangements. */
function naiveFisher([k1, k2]: readonly [number, number], [n, m]: readonly [number, number]): number {
  const choose = (a: number, b: number): bigint => {
    let c = 1n;
    for (let i = 1n; i <= BigInt(b); i += 1n) c = (c * (BigInt(a) - i + 1n)) / i;
    return b < 0 || b > a ? 0n : c;
  };
  const weight = (i: number): bigint => choose(n, i) * choose(m, k1 + k2 - i);
  let sum = 0n;
  for (let i = Math.max(0, k1 + k2 - m); i <= Math.min(n, k1 + k2); i += 1) if (weight(i) <= weight(k1)) sum += weight(i);
  return Number((sum * 10n ** 18n) / choose(n + m, k1 + k2)) / 1e18;
}

test("Fisher's exact test adds up the tables that are no likelier", () => {
  const group = fc.integer({ min: 1, max: 30 }).chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 0, max: n }) }));
  fc.assert(
    fc.property(group, group, (a, b) => {
      expect(fisherExact([a.k, b.k], [a.n, b.n])).toBeCloseTo(naiveFisher([a.k, b.k], [a.n, b.n]), 10);
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

/** Share of the arrangements of n + m labels whose distance is at least `steps` / (n m). */
function naiveSmirnov(steps: number, n: number, m: number): number {
  const count = (i: number, j: number, crossed: boolean): number => {
    const now = crossed || Math.abs(i * m - j * n) >= steps;
    if (i === n && j === m) return now ? 1 : 0;
    return (i < n ? count(i + 1, j, now) : 0) + (j < m ? count(i, j + 1, now) : 0);
  };
  const all = (i: number, j: number): number => (i === 0 || j === 0 ? 1 : all(i - 1, j) + all(i, j - 1));
  return count(0, 0, false) / all(n, m);
}

test('the Kolmogorov-Smirnov law counts the arrangements', () => {
  for (const [n, m] of [[1, 1], [2, 5], [4, 4], [6, 7]] as const) {
    for (let steps = 1; steps <= n * m; steps += 1) {
      expect(kolmogorovSmirnovP(steps / (n * m), n, m).pValue).toBeCloseTo(naiveSmirnov(steps, n, m), 12);
    }
  }
});

test('the size needed to reject is the smallest at which complete separation is significant', () => {
  expect(samplesToReject(4, 0.05)).toBe(4);
  expect(samplesToReject(4, 0.05, 9)).toBe(9);
  expect(samplesToReject(1, 0.01)).toBe(199);
  // 5 million beside 2: beyond the exact range, where the bound cannot be small for so few.
  const few = samplesToReject(5_000_000, 0.05, 2) ?? NaN;
  expect(few).toBeGreaterThan(2);
  expect(kolmogorovSmirnovP(1, 5_000_000, few).pValue).toBeLessThanOrEqual(0.05);
  expect(kolmogorovSmirnovP(1, 5_000_000, few - 1).pValue).toBeGreaterThan(0.05);
  expect(kolmogorovSmirnovP(1, 4, 4).pValue).toBeLessThanOrEqual(0.05);
  expect(kolmogorovSmirnovP(1, 4, 3).pValue).toBeGreaterThan(0.05);
});

test('beyond the exact range the bound is valid and larger than the exact value would be', () => {
  const { pValue, method } = kolmogorovSmirnovP(0.05, 3000, 3000);
  expect(method).toBe('bound');
  // Kolmogorov's limit law at this distance gives 0.00111.
  expect(pValue).toBeGreaterThan(0.00111);
  expect(pValue).toBeLessThan(0.2);
});

test('tests refuse what is no distance and no count', () => {
  expect(() => kolmogorovSmirnovP(NaN, 3, 3)).toThrow('distance must be in [0, 1], got NaN');
  expect(() => fisherExact([4, 0], [3, 3])).toThrow('the successes of the first group must be an integer in [0, 3], got 4');
  expect(() => holm([NaN])).toThrow('a p-value must be in [0, 1], got NaN');
});

test('Holm multiplies the smallest by all, the next by one less, and never goes down', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([])).toEqual([]);
});

test("Holm's level of a test is where it starts to be rejected, the others being what they are", () => {
  const pValues = fc.array(fc.oneof(fc.double({ min: 0, max: 0.05, noNaN: true }), fc.constantFrom(0, 0.01, 0.025, 0.05, 1)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pValues, fc.constantFrom(0.01, 0.05, 0.2), (ps, alpha) => {
      for (const [i, level] of holmLevels(ps, alpha).entries()) {
        const rejected = (p: number): boolean => (holm(ps.with(i, Math.min(1, p)))[i] ?? 1) <= alpha;
        expect(rejected(level * (1 - 1e-12))).toBe(true);
        expect(rejected(level * (1 + 1e-12))).toBe(false);
      }
    }),
    { seed: 20260101, numRuns: 1000 },
  );
  expect(holmLevels([], 0.05)).toEqual([]);
});
