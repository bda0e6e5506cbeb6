import type { Random } from '../../../src/index.js';

/** A gamma variable of whole shape. */
function gamma(source: Random, shape: number): number {
  let sum = 0;
  for (let i = 0; i < shape; i += 1) sum += source.exponential();
  return sum;
}

function beta(source: Random, a: number, b: number): number {
  const x = gamma(source, a);
  return x / (x + gamma(source, b));
}

/** Score of an unsafe call, Beta(5, 3), and of a safe one, Beta(2, 6). */
export const unsafeScore = (source: Random): number => beta(source, 5, 3);
export const safeScore = (source: Random): number => beta(source, 2, 6);

/** P(Beta(a, b) <= x) for whole shapes, as a binomial tail. */
function betaCdf(a: number, b: number, x: number): number {
  const n = a + b - 1;
  let [term, sum] = [(1 - x) ** n, 0];
  for (let k = 0; k <= n; k += 1) {
    if (k >= a) sum += term;
    term *= ((n - k) / (k + 1)) * (x / (1 - x));
  }
  return x >= 1 ? 1 : sum;
}

/** True rates of a threshold in this world. */
export const missRate = (threshold: number): number => (threshold <= 0 ? 0 : betaCdf(5, 3, threshold));
export const falseAlarmRate = (threshold: number): number => (threshold <= 0 ? 1 : 1 - betaCdf(2, 6, threshold));
