import { expect, test } from 'vitest';
import {
  digamma, erfc, gammaIncLower, gammaIncUpper, gammaQuantile, gammaQuantileUpper, gaussLegendre, logAddExp, logNormalCdf, logNormalPdf, logStudentTCdf, logSumExp,
  normalCdf, normalQuantile, normalQuantileOfLog, studentTCdf, studentTLogPdf, studentTQuantile,
} from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

const FUNCTIONS: Record<string, (input: Readonly<Record<string, number>>) => number> = {
  digamma: ({ x = NaN }) => digamma(x),
  normalQuantile: ({ p = NaN }) => normalQuantile(p),
  studentTLogPdf: ({ x = NaN, df = NaN, loc = NaN, scale = NaN }) => studentTLogPdf(x, df, loc, scale),
  studentTCdf: ({ x = NaN, df = NaN }) => studentTCdf(x, df),
  studentTQuantile: ({ p = NaN, df = NaN }) => studentTQuantile(p, df),
  gammaIncUpper: ({ a = NaN, x = NaN }) => gammaIncUpper(a, x),
};

test.each(Object.entries(FUNCTIONS))('%s agrees with the reference values', (name, fn) => {
  for (const { id, input, expected, tol } of referenceCases('special', name)) expectClose(fn(input as Record<string, number>), expected, tol, id);
});

test('logSumExp agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('special', 'logSumExp')) {
    const logs = (input['x'] as (number | string)[]).map(Number);
    expectClose(logSumExp(logs), expected, tol, id);
  }
  expect(logSumExp([])).toBe(-Infinity);
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logSumExp([Infinity, NaN])).toBeNaN();
  expect(logAddExp(NaN, Infinity)).toBeNaN();
  expect(logAddExp(2, 2)).toBeCloseTo(2 + Math.LN2, 14);
});

test('erfc keeps its digits from the middle to where it underflows', () => {
  const known: [number, number][] = [
    [-3, 1.9999779095030015], [-0.5, 1.5204998778130465], [0.1, 0.8875370839817152], [0.99, 0.1614919304446302], [1, 0.15729920705028513], [1.01, 0.1531895037717233],
    [2, 0.004677734981047265], [5, 1.5374597944280351e-12], [5.99, 2.4300455127321346e-17], [6.01, 1.905345579029651e-17], [10, 2.088487583762545e-45], [26, 5.663192408856143e-296],
  ];
  for (const [x, want] of known) expectClose(erfc(x), want, { rel: 4e-15, abs: 0 }, String(x));
});

test('the normal law and its inverse are inverse to each other, also beyond the doubles', () => {
  for (const x of [-37, -20, -8, -3, -0.7, -1e-3, -1e-9, 0.2, 0.6744, 0.6746, 1.5, 3]) {
    expectClose(normalQuantile(normalCdf(x)), x, { rel: 1e-13, abs: 1e-16 }, String(x));
  }
  for (const x of [-1e6, -400, -40, -1, -0.4, 0.5, 4, 8]) expectClose(normalQuantileOfLog(logNormalCdf(x)), x, { rel: 1e-12, abs: 0 }, String(x));
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(() => normalQuantile(NaN)).toThrow('p must be in [0, 1], got NaN');
  // The density is the slope of the law.
  expectClose((normalCdf(0.3 + 1e-5) - normalCdf(0.3 - 1e-5)) / 2e-5, Math.exp(logNormalPdf(0.3)), { rel: 1e-9, abs: 0 }, 'slope');
});

test('the Student-t law keeps its digits in a far tail and meets the normal one', () => {
  // With one degree of freedom the lower tail is atan(1 / |t|) / pi.
  for (const t of [-1e-3, -2, -1e6, -1e150]) expectClose(logStudentTCdf(t, 1), Math.log(Math.atan(-1 / t) / Math.PI), { rel: 1e-13, abs: 1e-15 }, String(t));
  expectClose(studentTQuantile(1e-90, 1), -1e90 / Math.PI, { rel: 1e-11, abs: 0 }, 'Cauchy');
  expectClose(studentTCdf(-6, 1e8), normalCdf(-6), { rel: 1e-5, abs: 0 }, 'normal');
  expect(() => studentTCdf(NaN, 3)).toThrow('t must be finite, got NaN');
});

test('a gamma quantile has its probability below it, or above', () => {
  for (const a of [0.01, 0.5, 1, 7, 300, 1e5]) {
    for (const p of [1e-12, 0.01, 0.4, 0.6, 0.999]) {
      const x = gammaQuantile(a, p);
      if (x > 1e-290) expectClose(gammaIncLower(a, x), p, { rel: 1e-11, abs: 0 }, `${String(a)} ${String(p)}`);
      const y = gammaQuantileUpper(a, p);
      if (y > 1e-290) expectClose(gammaIncUpper(a, y), p, { rel: 1e-11, abs: 0 }, `upper ${String(a)} ${String(p)}`);
    }
  }
  expect(gammaQuantile(2, 1)).toBe(Infinity);
  expect(() => gammaIncLower(1, -1)).toThrow('x must be >= 0, got -1');
});

test('a Gauss-Legendre rule is exact to twice its order', () => {
  for (const n of [1, 2, 7, 40, 200]) {
    const { nodes, weights } = gaussLegendre(n, 0, 2);
    const degree = 2 * n - 1;
    const integral = nodes.reduce((sum, x, i) => sum + (weights[i] ?? NaN) * (x / 2) ** degree, 0);
    expectClose(integral, 2 / (degree + 1), { rel: 1e-12, abs: 0 }, String(n));
  }
  expect(() => gaussLegendre(0)).toThrow('n must be an integer in [1, 2000], got 0');
});
