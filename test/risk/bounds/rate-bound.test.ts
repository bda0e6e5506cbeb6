import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { betaBinomialLimits, binomialCdf, clopperPearson, pacBayesKl, random, rateBound, type RateBoundMethod } from '../../../src/index.js';

const valueOf = (bound: ReturnType<typeof rateBound>, method: RateBoundMethod): number => bound.alternatives.find((other) => other.method === method)?.upper ?? NaN;

describe('the bound fits the situation', () => {
  it('one rule at one n: Clopper-Pearson', () => {
    const bound = rateBound({ failures: 3, n: 100, delta: 0.05 });
    expect(bound.method).toBe('clopper-pearson');
    expect(bound.upper).toBeCloseTo(clopperPearson(3, 100, 0.95, 'upper').upper, 12);
    expect(bound.why).toContain('fixed before');
  });
  it('one of many: at its share of delta', () => {
    expect(rateBound({ failures: 3, n: 100, delta: 0.05, rules: 20 }).upper).toBeCloseTo(clopperPearson(3, 100, 0.9975, 'upper').upper, 12);
    expect(rateBound({ failures: 3, n: 100, delta: 0.05, weight: 0.5 }).upper).toBeCloseTo(clopperPearson(3, 100, 0.975, 'upper').upper, 12);
    // A share far below what 1 - level could hold.
    expect(rateBound({ failures: 0, n: 100, delta: 0.05, weight: 1e-30 }).upper).toBeCloseTo(-Math.expm1(Math.log(5e-32) / 100), 12);
  });
  it('watched: the confidence sequence, and Clopper-Pearson is marked invalid', () => {
    const bound = rateBound({ failures: 3, n: 100, delta: 0.05, rules: 2, monitoring: true });
    expect(bound.method).toBe('beta-binomial-sequence');
    expect(bound.upper).toBe(betaBinomialLimits(3, 100, { alpha: 0.025, side: 'upper' }).upper);
    expect(bound.alternatives.map(({ method, valid }) => [method, valid])).toEqual([['clopper-pearson', false], ['pac-bayes-kl', true], ['chernoff-kl', false]]);
  });
  it('an ensemble: PAC-Bayes-kl, or the union of exact limits where that is tighter for every posterior', () => {
    const ensemble = { empirical: [0.1, 0.2], prior: [0.5, 0.5], posterior: [0.8, 0.2] };
    expect(rateBound({ ensemble, n: 100, delta: 0.05 }).method).toBe('union-of-clopper-pearson');
    const watched = rateBound({ ensemble, n: 100, delta: 0.05, monitoring: true });
    expect(watched).toMatchObject({ method: 'pac-bayes-kl', upper: pacBayesKl({ ...ensemble, n: 100, delta: 0.05 }).upper });
    expect(rateBound({ ensemble: { ...ensemble, empirical: [0.123, 0.2] }, n: 100, delta: 0.05, losses: 'bounded' }).method).toBe('pac-bayes-kl');
    const m = 1000;
    const many = { empirical: Array<number>(m).fill(0.1), prior: Array<number>(m).fill(1 / m), posterior: Array<number>(m).fill(1 / m) };
    const bound = rateBound({ ensemble: many, n: 100, delta: 0.05 });
    expect(bound.method).toBe('pac-bayes-kl');
    expect(bound.upper).toBeLessThan(valueOf(bound, 'union-of-clopper-pearson'));
  });
  it('no events: nothing can be said', () => {
    for (const monitoring of [false, true]) expect(rateBound({ failures: 0, n: 0, delta: 0.05, monitoring })).toMatchObject({ upper: 1, observed: null });
  });
});

test('what is taken is the tightest of what is valid, whatever the counts', () => {
  const counts = fc.integer({ min: 1, max: 3000 }).chain((n) => fc.record({ n: fc.constant(n), failures: fc.integer({ min: 0, max: n }) }));
  fc.assert(
    fc.property(counts, fc.constantFrom(1, 19, 1000), fc.constantFrom(0.01, 0.1), ({ n, failures }, rules, delta) => {
      const bound = rateBound({ failures, n, delta, rules });
      for (const other of bound.alternatives) expect(other.upper, other.method).toBeGreaterThanOrEqual(bound.upper * (1 - 1e-12));
      expect(rateBound({ failures, n, delta, rules, monitoring: true }).upper).toBeGreaterThanOrEqual(bound.upper * (1 - 1e-12));
      expect(rateBound({ failures, n, delta: delta / 2, rules }).upper).toBeGreaterThanOrEqual(bound.upper);
      if (failures < n) expect(rateBound({ failures: failures + 1, n, delta, rules }).upper).toBeGreaterThanOrEqual(bound.upper);
      expect(rateBound({ failures, n: n + 1, delta, rules }).upper).toBeLessThanOrEqual(bound.upper);
    }),
    { seed: 20260101, numRuns: 300 },
  );
});

test('where the union is taken it is tighter than PAC-Bayes, whatever the risks and the posterior', () => {
  const law = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }).filter((w) => w.some((x) => x > 0.01)).map((w) => w.map((x) => x / w.reduce((a, b) => a + b, 0)));
  fc.assert(
    fc.property(law, fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 4, maxLength: 4 }), (posterior, failures) => {
      const bound = rateBound({ ensemble: { empirical: failures.map((k) => k / 64), prior: [0.25, 0.25, 0.25, 0.25], posterior }, n: 64, delta: 0.05 });
      expect(bound.method).toBe('union-of-clopper-pearson');
      expect(bound.upper).toBeLessThanOrEqual(valueOf(bound, 'pac-bayes-kl') + 1e-12);
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

test('the best of M rules fails its bound at most delta of the time, by the exact binomial law', () => {
  // M independent rules that all fail at one rate; the one with the fewest failures is kept.
  const chance = (n: number, rate: number, m: number, upper: (failures: number) => number): number => {
    let failed = -1;
    while (failed < n && upper(failed + 1) < rate) failed += 1;
    return -Math.expm1(m * Math.log1p(-binomialCdf(failed, n, rate)));
  };
  for (const n of [50, 100, 500]) {
    for (const rate of [0.05, 0.1, 0.3]) {
      for (const m of [1, 19, 1000]) {
        expect(chance(n, rate, m, (failures) => rateBound({ failures, n, delta: 0.05, rules: m }).upper)).toBeLessThanOrEqual(0.05);
      }
    }
  }
  // As if the rule had been fixed before, the same pick fails nearly always.
  expect(chance(100, 0.1, 1000, (failures) => rateBound({ failures, n: 100, delta: 0.05 }).upper)).toBeGreaterThan(0.99);
  expect(chance(100, 0.1, 19, (failures) => rateBound({ failures, n: 100, delta: 0.05, rules: 19 }).upper)).toBeCloseTo(0.036, 3);
});

test('a watched bound for the best of several rules fails at most delta of the time', () => {
  const source = random(20260101);
  const runs = 300;
  let failures = 0;
  for (let run = 0; run < runs; run += 1) {
    const counts = [0, 0, 0];
    let failed = false;
    for (let n = 1; n <= 150 && !failed; n += 1) {
      for (const j of counts.keys()) counts[j] = (counts[j] ?? 0) + (source.uniform() < 0.2 ? 1 : 0);
      if (n % 5 === 0) failed = rateBound({ failures: Math.min(...counts), n, delta: 0.2, rules: 3, monitoring: true }).upper < 0.2;
    }
    failures += failed ? 1 : 0;
  }
  expect(1 - binomialCdf(failures - 1, runs, 0.2)).toBeGreaterThan(1e-3);
});

test('questions that make no sense are refused', () => {
  expect(() => rateBound({ failures: 2, n: 1, delta: 0.05 })).toThrow('failures must be an integer in [0, 1], got 2');
  expect(() => rateBound({ failures: 0, n: 1, delta: 0 })).toThrow('delta must be in (0, 1), got 0');
  expect(() => rateBound({ failures: 0, n: 1, delta: 0.1, rules: 2, weight: 0.5 })).toThrow('rules and weight must not both be given');
  expect(() => rateBound({ failures: 0, n: 1, delta: 0.1, rules: 0 })).toThrow('rules must be an integer');
  expect(() => rateBound({ failures: 0, n: 1, delta: 0.1, weight: 0 })).toThrow('weight must be in (0, 1], got 0');
  expect(() => rateBound({ ensemble: { empirical: [0.15], prior: [1], posterior: [1] }, n: 10, delta: 0.1 })).toThrow('empirical[0] must be a whole count over n = 10');
});
