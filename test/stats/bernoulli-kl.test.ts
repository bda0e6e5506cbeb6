import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialCdf, hoeffdingBentkus, hoeffdingBentkusP, klBernoulli, klInverseLower, klInverseUpper } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

test.each(referenceCases('pacbayes', 'klBernoulli'))('klBernoulli equals reference $id', ({ id, input, expected, tol }) => {
  const { p, q } = input as { p: number; q: number };
  expectClose(klBernoulli(p, q), expected, tol, id);
});

test.each([...referenceCases('pacbayes', 'klInverseUpper'), ...referenceCases('pacbayes', 'klInverseLower')])('$fn equals reference $id', ({ id, fn, input, expected, tol }) => {
  const { p, c } = input as { p: number; c: number };
  expectClose(fn === 'klInverseUpper' ? klInverseUpper(p, c) : klInverseLower(p, c), expected, tol, id);
});

test.each(referenceCases('exact_binomial', 'hoeffdingBentkusP'))('Hoeffding-Bentkus equals reference $id', ({ id, input, expected, tol }) => {
  const { riskHat, n, alpha } = input as { riskHat: number; n: number; alpha: number };
  const { hoeffding, bentkus, p } = hoeffdingBentkus(n, riskHat, alpha);
  expectClose({ pHoeffding: hoeffding, pBentkus: bentkus, p }, expected, tol, id);
  expect(hoeffdingBentkusP(n, riskHat, alpha)).toBe(p);
});

test('the divergence keeps its digits between close probabilities and at the ends', () => {
  // Second order: (q - p)^2 / (2 p (1 - p)), third order relative 1e-9.
  const near = 0.3 + 2 ** -30;
  expectClose(klBernoulli(0.3, near), (near - 0.3) ** 2 / (2 * 0.3 * 0.7), { rel: 1e-8, abs: 0 }, 'near');
  expectClose(klBernoulli(0, 1e-200), 1e-200, { rel: 1e-15, abs: 0 }, 'none');
  expectClose(klBernoulli(1e-200, 2e-200), 1e-200 * (1 - Math.LN2), { rel: 1e-14, abs: 0 }, 'tiny');
  expect(klBernoulli(0, 0)).toBe(0);
  expect(klBernoulli(1, 1)).toBe(0);
  expect(klBernoulli(1, 0)).toBe(Infinity);
  expect(klBernoulli(0, 1)).toBe(Infinity);
});

test('the inverses keep their digits in the corners', () => {
  const close = (got: number, want: number): void => { expectClose(got, want, { rel: 1e-13, abs: 0 }, String(want)); };
  // With p = 0 or 1 they are 1 - e^-c and e^-c.
  for (const c of [1e-300, 1e-18, 0.7, 3, 40]) {
    close(klInverseUpper(0, c), -Math.expm1(-c));
    close(klInverseLower(1, c), Math.exp(-c));
  }
  // p ln(p / q) + q - p = c for tiny p: q = p x with x - 1 - ln x = c / p.
  close(klInverseUpper(1e-100, 1e-100 * (Math.E - 2)) / Math.E, 1e-100);
  close(klInverseLower(1e-100, 1e-100 * (1 / Math.E)) * Math.E, 1e-100);
  expect(klInverseUpper(0.3, Infinity)).toBe(1);
  expect(klInverseLower(0.3, Infinity)).toBe(0);
  expect(klInverseUpper(0.3, 1e-40)).toBe(0.3);
  expect(klInverseLower(0.3, 1e-40)).toBe(0.3);
  expect(() => klInverseUpper(0.3, -1)).toThrow('c must be >= 0, got -1');
  expect(() => klInverseLower(NaN, 1)).toThrow('p must be in [0, 1], got NaN');
});

const rate = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -290, max: 0, noNaN: true }).map((e) => 10 ** e), fc.constantFrom(0, 1, 0.5)).filter((p) => p === 0 || p > 1e-290);
const nats = fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: -30, max: 2, noNaN: true }).map((e) => 10 ** e));

test('an inverse is the last probability within the divergence', () => {
  fc.assert(
    fc.property(rate, nats, (p, c) => {
      const [low, high] = [klInverseLower(p, c), klInverseUpper(p, c)];
      expect(low).toBeLessThanOrEqual(p);
      expect(high).toBeGreaterThanOrEqual(p);
      // A few units in the last place of q to either side: the divergence passes c between them.
      const slack = 8 * Number.EPSILON;
      expect(klBernoulli(p, Math.max(Math.min(1, high * (1 - slack)), p))).toBeLessThanOrEqual(c * (1 + 1e-12));
      if (low > 1e-300) expect(klBernoulli(p, Math.min(p, low * (1 + slack)))).toBeLessThanOrEqual(c * (1 + 1e-12));
      if (high * (1 + slack) < 1) expect(klBernoulli(p, high * (1 + slack))).toBeGreaterThanOrEqual(c * (1 - 1e-12));
      if (low > 1e-300) expect(klBernoulli(p, low * (1 - slack))).toBeGreaterThanOrEqual(c * (1 - 1e-12));
      expect(klInverseUpper(p, 2 * c)).toBeGreaterThanOrEqual(high);
      expect(klInverseLower(p, 2 * c)).toBeLessThanOrEqual(low);
    }),
    { seed: 20260101, numRuns: 3000, endOnFailure: true },
  );
});

test('a mean of whole losses counts as whole, whatever its rounding', () => {
  for (let n = 1; n <= 300; n += 1) {
    for (let k = 0; k <= n; k += 1) expect(hoeffdingBentkus(n, k / n, 0.2).bentkus).toBe(Math.E * binomialCdf(k, n, 0.2));
  }
  expect(hoeffdingBentkus(4, 0.2500001, 0.5).bentkus).toBe(Math.E * binomialCdf(2, 4, 0.5));
});

test('Hoeffding-Bentkus rejects a true null at most as often as it says, by the exact binomial law', () => {
  for (const [n, alpha] of [[10, 0.3], [40, 0.1], [200, 0.05]] as const) {
    let total = 0;
    for (let k = 0; k <= n; k += 1) {
      total = binomialCdf(k, n, alpha);
      expect(total).toBeLessThanOrEqual(hoeffdingBentkusP(n, k / n, alpha) * (1 + 1e-12));
    }
  }
});
