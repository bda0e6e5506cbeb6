import { InputError } from '../errors.js';

/** Points and weights of a quadrature rule: the integral of f is near the sum of weight times f(node). */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature on an interval: exact for polynomials to degree 2 n - 1.
 *
 * @param n - number of nodes, integer in [1, 2000]
 * @param from - lower end, finite
 * @param to - upper end, finite, > from
 * @returns nodes in increasing order, and their weights
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(n^2): Newton on the three-term recurrence. Errors of a few eps.
 * @see Davis & Rabinowitz (1984), Methods of Numerical Integration, 2.7.
 * @example
 * ```ts
 * const { nodes, weights } = gaussLegendre(3, 0, 1);
 * nodes.reduce((sum, x, i) => sum + weights[i] * x ** 5, 0).toFixed(12); // => (1 / 6).toFixed(12)
 * ```
 */
export function gaussLegendre(n: number, from = -1, to = 1): QuadratureRule {
  if (!Number.isInteger(n) || n < 1 || n > 2000) throw new InputError('BAD_PARAM', `n must be an integer in [1, 2000], got ${String(n)}`);
  if (!(to > from) || !Number.isFinite(to - from)) throw new InputError('BAD_PARAM', `from must be below to, both finite, got ${String(from)} and ${String(to)}`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const [centre, half] = [0.5 * (from + to), 0.5 * (to - from)];
  for (let i = 0; i < n; i += 1) {
    const { x, slope } = legendreRoot(n, i);
    nodes[i] = centre + half * x;
    weights[i] = (2 * half) / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** The i-th root of the Legendre polynomial of degree n, and the slope there. */
function legendreRoot(n: number, i: number): { readonly x: number; readonly slope: number } {
  let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
  let { value, slope } = legendreAt(n, x);
  for (let round = 0; round < 20; round += 1) {
    const change = value / slope;
    x -= change;
    ({ value, slope } = legendreAt(n, x));
    if (Math.abs(change) < 1e-16) break;
  }
  return { x, slope };
}

/** The Legendre polynomial of degree n and its derivative. */
function legendreAt(n: number, x: number): { readonly value: number; readonly slope: number } {
  let [previous, value] = [1, x];
  for (let k = 2; k <= n; k += 1) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  return { value, slope: (n * (x * value - previous)) / (x * x - 1) };
}
