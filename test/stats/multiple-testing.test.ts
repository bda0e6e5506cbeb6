import fc from 'fast-check';
import { expect, it } from 'vitest';
import { benjaminiHochberg, benjaminiYekutieli, conformalReach, holm, random } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'multipleTesting'))('adjusted p-values equal reference $id', ({ id, input, expected, tol }) => {
  const { p, level } = input as { p: number[]; level: number };
  const judged = (adjusted: number[]): object => ({ adjusted, reject: adjusted.map((x) => x <= level) });
  expectClose({ bh: judged(benjaminiHochberg(p)), by: judged(benjaminiYekutieli(p)), holm: judged(holm(p)) }, expected, tol, id);
});

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

it('each procedure is at least as strict as the one it refines, and keeps the order', () => {
  fc.assert(fc.property(pValues, (p) => {
    const [bh, by, family] = [benjaminiHochberg(p), benjaminiYekutieli(p), holm(p)];
    for (const [i, own] of p.entries()) {
      expect(bh[i]).toBeGreaterThanOrEqual(own);
      expect(by[i]).toBeGreaterThanOrEqual(bh[i] ?? NaN);
      expect((family[i] ?? NaN) * (1 + 1e-14)).toBeGreaterThanOrEqual(bh[i] ?? NaN);
      for (const [j, other] of p.entries()) if (own <= other) expect(bh[i]).toBeLessThanOrEqual(bh[j] ?? NaN);
    }
  }), { seed });
});

it('rejections are those of the step-up definition', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }).map((k) => k / 1000), { maxLength: 20 }), fc.integer({ min: 1, max: 200 }), (p, thousandths) => {
    const m = p.length;
    // In integers: 1000 p_(r) m <= r thousandths.
    const cutoff = [...p].sort((a, b) => a - b).reduce((last, x, r) => (Math.round(1000 * x) * m <= (r + 1) * thousandths ? x : last), -1);
    expect(benjaminiHochberg(p).map((q) => q <= thousandths / 1000)).toEqual(p.map((x) => x <= cutoff));
  }), { seed, numRuns: 500 });
});

it('the false discovery rate is kept, among tests that are all true and among some that are not', () => {
  const source = random(seed);
  let [share, any] = [0, 0];
  for (let run = 0; run < 2000; run += 1) {
    const p = Array.from({ length: 20 }, (_, i) => (i < 15 ? source.uniform() : source.uniform() ** 6));
    const found = benjaminiHochberg(p).map((q) => q <= 0.1);
    const wrong = found.slice(0, 15).filter(Boolean).length;
    share += wrong / Math.max(1, found.filter(Boolean).length);
    if (benjaminiHochberg(Array.from({ length: 20 }, source.uniform)).some((q) => q <= 0.1)) any += 1;
  }
  expect(share / 2000).toBeLessThan(0.1 * 0.75 + 0.015);
  expect(share / 2000).toBeGreaterThan(0.1 * 0.75 - 0.015);
  expect(Math.abs(any / 2000 - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 2000));
});

it('the number of calibration scores needed is the first at which the smallest p-value is rejected', () => {
  for (const [tests, alpha] of [[1, 0.05], [3, 0.05], [7, 0.1], [20, 0.01], [13, 0.3]] as const) {
    for (const [procedure, adjust] of [['bh', benjaminiHochberg], ['by', benjaminiYekutieli], ['holm', holm]] as const) {
      const { needed } = conformalReach({ tests, alpha, n: 0, procedure });
      const least = (n: number): number => Number((adjust([1 / (n + 1), ...Array<number>(tests - 1).fill(1)])[0] ?? NaN).toPrecision(13));
      expect(least(needed)).toBeLessThanOrEqual(alpha);
      if (needed > 0) expect(least(needed - 1)).toBeGreaterThan(alpha);
    }
  }
  expect(conformalReach({ tests: 20, alpha: 0.05, n: 399 })).toMatchObject({ reachable: true, needed: 399 });
  expect(conformalReach({ tests: 20, alpha: 0.05, n: 398 }).reachable).toBe(false);
  expect(conformalReach({ tests: 1000, alpha: 0.05, n: 0, procedure: 'by' }).needed).toBe(149709);
});

it('what is no probability is refused', () => {
  for (const bad of [NaN, -0.1, 1.1]) {
    expect(() => benjaminiHochberg([0.5, bad])).toThrow('a p-value must be in [0, 1]');
    expect(() => benjaminiYekutieli([bad])).toThrow('a p-value must be in [0, 1]');
  }
  expect(() => conformalReach({ tests: 0, alpha: 0.1, n: 5 })).toThrow('tests must be an integer');
  expect(() => conformalReach({ tests: 5, alpha: 0.1, n: 5, together: 6 })).toThrow('together must be an integer in [1, 5]');
});
