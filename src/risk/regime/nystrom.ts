import { LuDecomposition, Matrix } from 'ml-matrix';
import { gaussLegendre } from '../../stats/gauss-legendre.js';
import type { SumLaw } from './run-length.js';

/** Where a sum goes in one observation, from s: to 0 with chance `atom`, else with `density` within `range`. */
export interface SumKernel {
  readonly atom: (s: number) => number;
  readonly density: (s: number, to: number) => number;
  /** Where the density is not 0 but for [0, h]; its ends may lie outside. */
  readonly range: (s: number) => readonly [number, number];
  /** Ends of the panels on which the run length is smooth, from 0 to h. */
  readonly edges: readonly number[];
  readonly nodesPerPanel: number;
}

/**
 * The law of a sum with a continuous increment, on Gauss-Legendre nodes: Nystrom's method for its integral equation.
 *
 * State 0 is the atom at 0, the others the nodes. Where a kernel ends inside a panel, that part is integrated on its own
 * nodes, with the panel's interpolating polynomial: a jump of the kernel costs no accuracy.
 *
 * @see Brook & Evans (1972), Biometrika 59, 539-549 (the equation); Atkinson (1997), The Numerical Solution of Integral
 * Equations of the Second Kind, chapter 4.
 */
export function nystromLaw(kernel: SumKernel): SumLaw {
  const panels = kernel.edges.slice(1).map((to, p) => panelOf(kernel.edges[p] ?? 0, to, kernel.nodesPerPanel));
  const states = [0, ...panels.flatMap(({ nodes }) => [...nodes])];
  const row = (s: number): Float64Array => {
    const out = new Float64Array(states.length);
    out[0] = kernel.atom(s);
    panels.forEach((panel, p) => { addPanel(kernel, s, panel, out.subarray(1 + p * kernel.nodesPerPanel)); });
    return out;
  };
  const rows = states.map(row);
  let means: readonly number[] | null = null;
  const solved = (): readonly number[] => {
    const identityMinus = new Matrix(rows.map((r, i) => Array.from(r, (value, j) => (i === j ? 1 : 0) - value)));
    return new LuDecomposition(identityMinus).solve(Matrix.ones(states.length, 1)).to1DArray();
  };
  return {
    row,
    step: (masses) => {
      const next = new Float64Array(masses.length);
      rows.forEach((r, i) => {
        const mass = masses[i] ?? 0;
        for (let j = 0; j < r.length; j += 1) next[j] = (next[j] as number) + mass * (r[j] as number);
      });
      return next;
    },
    meanFrom: (masses) => {
      // Solved for when first asked: iterating the law needs no mean.
      const from = (means ??= solved());
      return masses.reduce((sum, mass, i) => sum + mass * (from[i] ?? NaN), 0);
    },
  };
}

interface Panel {
  readonly from: number;
  readonly to: number;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Barycentric weights of the nodes. */
  readonly barycentric: Float64Array;
}

function panelOf(from: number, to: number, n: number): Panel {
  const { nodes, weights } = gaussLegendre(n, from, to);
  // Scaled by the panel's quarter width (its capacity), so that the products neither vanish nor overflow.
  const barycentric = nodes.map((x, i) => nodes.reduce((prod, y, j) => (i === j ? prod : (prod * (to - from)) / (4 * (x - y))), 1));
  return { from, to, nodes, weights, barycentric };
}

function addPanel(kernel: SumKernel, s: number, panel: Panel, out: Float64Array): void {
  const [lowest, highest] = kernel.range(s);
  const [from, to] = [Math.max(panel.from, lowest), Math.min(panel.to, highest)];
  if (!(to > from)) return;
  const { nodes, weights } = panel;
  if (from === panel.from && to === panel.to) {
    for (let j = 0; j < nodes.length; j += 1) out[j] = (weights[j] as number) * kernel.density(s, nodes[j] as number);
    return;
  }
  const scale = (to - from) / (panel.to - panel.from);
  for (let q = 0; q < nodes.length; q += 1) {
    const at = from + ((nodes[q] as number) - panel.from) * scale;
    const mass = (weights[q] as number) * scale * kernel.density(s, at);
    addInterpolated(panel, at, mass, out);
  }
}

/** Spreads a mass at a point over the nodes, by the values there of their Lagrange polynomials. */
function addInterpolated({ nodes, barycentric }: Panel, at: number, mass: number, out: Float64Array): void {
  const exact = nodes.indexOf(at);
  if (exact >= 0) {
    out[exact] = (out[exact] as number) + mass;
    return;
  }
  let sum = 0;
  for (let j = 0; j < nodes.length; j += 1) sum += (barycentric[j] as number) / (at - (nodes[j] as number));
  for (let j = 0; j < nodes.length; j += 1) {
    out[j] = (out[j] as number) + (mass * (barycentric[j] as number)) / ((at - (nodes[j] as number)) * sum);
  }
}
