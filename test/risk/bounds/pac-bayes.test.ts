import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  binomialCdf, gibbsPosterior, klBernoulli, klDivergence, logGamma, pacBayesCatoni, pacBayesKl, pacBayesLambda, pacBayesMaurer, pacBayesMcAllester, random, type PacBayesTerms,
} from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const BOUNDS: Readonly<Record<string, (terms: PacBayesTerms & { readonly c: number }) => unknown>> = {
  pacBayesMaurer,
  pacBayesMcAllester,
  pacBayesLambda,
  pacBayesCatoni: ({ c, ...terms }) => pacBayesCatoni(terms, c),
};

test.each(Object.keys(BOUNDS).flatMap((fn) => referenceCases('pacbayes', fn)))('$fn equals reference $id', ({ id, fn, input, expected, tol }) => {
  expectClose(BOUNDS[fn]?.(input as unknown as PacBayesTerms & { c: number }), expected, tol, id);
});

test.each(referenceCases('pacbayes', 'gibbsPosterior'))('gibbsPosterior equals reference $id', ({ id, input, expected, tol }) => {
  const { empirical, prior, beta } = input as { empirical: number[]; prior: number[]; beta: number };
  expectClose(gibbsPosterior({ prior, risks: empirical, beta }), expected, tol, id);
});

const law = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }).map((w) => w.map((x) => x / w.reduce((a, b) => a + b, 0)));
const risks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });

test('more data narrow the bound; a posterior farther from the prior and a smaller delta widen it', () => {
  fc.assert(
    fc.property(risks, law, law, fc.integer({ min: 8, max: 1e6 }), (empirical, prior, posterior, n) => {
      const bound = pacBayesKl({ empirical, prior, posterior, n, delta: 0.05 });
      expect(bound.lower).toBeLessThanOrEqual(bound.empirical);
      expect(bound.upper).toBeGreaterThanOrEqual(bound.empirical);
      expect(bound.kl).toBe(klDivergence(posterior, prior));
      const same = { empirical: bound.empirical, n, kl: bound.kl, delta: 0.05 };
      expect(pacBayesMaurer({ ...same, n: 2 * n }).upper).toBeLessThanOrEqual(bound.upper);
      expect(pacBayesMaurer({ ...same, kl: bound.kl + 1 }).upper).toBeGreaterThanOrEqual(bound.upper);
      expect(pacBayesMaurer({ ...same, delta: 0.01 }).upper).toBeGreaterThanOrEqual(bound.upper);
      // The relaxations are never tighter.
      expect(pacBayesMcAllester(same)).toBeGreaterThanOrEqual(bound.upper * (1 - 1e-12));
      expect(pacBayesLambda(same).bound).toBeGreaterThanOrEqual(bound.upper * (1 - 1e-12));
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

test('a Gibbs posterior has the least sum of weighted risk and divergence, and survives huge temperatures', () => {
  fc.assert(
    fc.property(risks, law, law, fc.double({ min: 0, max: 200, noNaN: true }), (r, prior, other, beta) => {
      const { kl, gibbsRisk } = gibbsPosterior({ prior, risks: r, beta });
      const cost = other.reduce((sum, w, j) => sum + w * (r[j] ?? 0), 0) * beta + klDivergence(other, prior);
      expect(beta * gibbsRisk + kl).toBeLessThanOrEqual(cost + 1e-9);
    }),
    { seed: 20260101, numRuns: 500 },
  );
  expect(gibbsPosterior({ prior: [0.5, 0.25, 0.25], risks: [0.2, 0.1, 0.1], beta: 1e308, n: 1000 }).posterior).toEqual([0, 0.5, 0.5]);
  expect(gibbsPosterior({ prior: [1, 0], risks: [0.5, 0], beta: 10 }).posterior).toEqual([1, 0]);
  expect(gibbsPosterior({ prior: [0.5, 0.5], risks: [0.1, 0.3], beta: 2, n: 10 })).toEqual(gibbsPosterior({ prior: [0.5, 0.5], risks: [0.1, 0.3], beta: 20 }));
});

test('the mixture behind the bound is large enough at every count, so it holds at every n', () => {
  // ln of the Beta(1/2, 1/2) mixture over its largest likelihood, by its product form, against -ln(2 sqrt n).
  for (const n of [1, 2, 3, 10, 100, 1000]) {
    for (let s = 0; s <= n; s += Math.max(1, Math.floor(n / 50))) {
      let log = 0;
      for (let i = 0; i < s; i += 1) log += Math.log((i + 0.5) / (i + 1));
      for (let i = 0; i < n - s; i += 1) log += Math.log((i + 0.5) / (s + i + 1));
      const likelihood = (s === 0 ? 0 : s * Math.log(s / n)) + (s === n ? 0 : (n - s) * Math.log((n - s) / n));
      expect(log - likelihood).toBeGreaterThanOrEqual(-Math.log(2 * Math.sqrt(n)) - 1e-12);
    }
  }
});

test('so it is for losses between 0 and 1, whose sum is any number', () => {
  const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
  for (let n = 1; n <= 40; n += 1) {
    for (let s = 0; s <= n; s += 0.05) {
      const rate = Math.min(1, s / n);
      const likelihood = (rate === 0 ? 0 : s * Math.log(rate)) + (rate === 1 ? 0 : (n - s) * Math.log(1 - rate));
      expect(logBeta(s + 0.5, n - s + 0.5) - logBeta(0.5, 0.5) - likelihood).toBeGreaterThanOrEqual(-Math.log(2 * Math.sqrt(n)) - 1e-9);
    }
  }
});

test('the best of many rules fails its bound at most delta of the time, by the exact binomial law', () => {
  // M independent rules of one true risk; the fewest failures are kept: KL = ln M.
  for (const [n, risk, m] of [[100, 0.1, 1], [100, 0.1, 19], [100, 0.1, 1000], [500, 0.05, 1000]] as const) {
    let failed = -1;
    for (let k = 0; k <= n; k += 1) if (pacBayesMaurer({ empirical: k / n, n, kl: Math.log(m), delta: 0.05 }).upper < risk) failed = k;
    const probability = -Math.expm1(m * Math.log1p(-binomialCdf(failed, n, risk)));
    expect(probability).toBeLessThanOrEqual(0.05);
  }
});

test('a Gibbs ensemble tuned on the data and looked at all along fails at most delta of the time', () => {
  const source = random(20260101);
  const truth = [0.3, 0.2, 0.25, 0.2];
  const prior = [0.25, 0.25, 0.25, 0.25];
  let failures = 0;
  const runs = 300;
  for (let run = 0; run < runs; run += 1) {
    const counts = [0, 0, 0, 0];
    let failed = false;
    for (let n = 1; n <= 200 && !failed; n += 1) {
      truth.forEach((p, j) => { counts[j] = (counts[j] ?? 0) + (source.uniform() < p ? 1 : 0); });
      if (n % 4 !== 0) continue;
      const empirical = counts.map((count) => count / n);
      const { posterior } = gibbsPosterior({ prior, risks: empirical, beta: 1, n });
      const { lower, upper } = pacBayesKl({ empirical, prior, posterior, n, delta: 0.2 });
      const risk = posterior.reduce((sum, w, j) => sum + w * (truth[j] ?? 0), 0);
      failed = risk > upper || risk < lower;
    }
    failures += failed ? 1 : 0;
  }
  expect(1 - binomialCdf(failures - 1, runs, 0.2)).toBeGreaterThan(1e-3);
});

test('what is no law, and a rule the prior rules out', () => {
  const good = { empirical: [0.1, 0.2], prior: [0.5, 0.5], posterior: [0.5, 0.5], n: 100, delta: 0.05 };
  expect(() => pacBayesKl({ ...good, prior: [0.5, 0.4] })).toThrow('prior must add up to 1, got 0.9');
  expect(() => pacBayesKl({ ...good, posterior: [1.5, -0.5] })).toThrow('posterior[0] must be in [0, 1], got 1.5');
  expect(() => pacBayesKl({ ...good, posterior: [1] })).toThrow('posterior must hold one weight for each rule, 2 and at least 1, got 1');
  expect(() => pacBayesKl({ ...good, empirical: [0.1, NaN] })).toThrow('empirical[1] must be in [0, 1], got NaN');
  expect(() => pacBayesKl({ ...good, n: 0 })).toThrow('n must be an integer');
  expect(() => pacBayesMaurer({ empirical: 0.1, n: 10, kl: NaN, delta: 0.05 })).toThrow('kl must be >= 0, got NaN');
  expect(() => gibbsPosterior({ prior: [1], risks: [2], beta: 1 })).toThrow('risks[0] must be in [0, 1], got 2');
  expect(pacBayesKl({ ...good, prior: [1, 0] })).toMatchObject({ kl: Infinity, lower: 0, upper: 1 });
  expect(klBernoulli(0.15, pacBayesKl(good).upper)).toBeCloseTo(Math.log(20 / 0.05) / 100, 12);
});
