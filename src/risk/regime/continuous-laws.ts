import { InputError } from '../../errors.js';
import { logNormalPdf, normalCdf } from '../../stats/normal.js';
import { nystromLaw } from './nystrom.js';
import type { SumLaw } from './run-length.js';

/**
 * The law of the sum max(0, S + z - k) on [0, h], z normal with mean `mean` and standard deviation 1.
 *
 * @remarks The kernel has width 1, so the nodes needed grow with h: max(20, ceil(2 h) + 10) leave about 1e-11.
 */
export function gaussianSumLaw(k: number, h: number, mean = 0): SumLaw {
  const drift = k - mean;
  return nystromLaw({
    atom: (s) => normalCdf(drift - s),
    density: (s, to) => Math.exp(logNormalPdf(to - s + drift)),
    range: () => [0, h],
    edges: [0, h],
    nodesPerPanel: Math.max(20, Math.ceil(2 * h) + 10),
  });
}

/**
 * The law of the exponential log-likelihood sum max(0, S + log ratio - (ratio - 1) y) on [0, h], y exponential with rate
 * `rateFactor` (1 before the change).
 *
 * @param ratio - factor on the rate that the sum looks for, > 0, not 1
 * @throws {@link InputError} BAD_PARAM where h is so many steps of log ratio that the system would be too large
 * @remarks One observation can lift the sum by at most log ratio (ratio above 1) or drop it by at most that (below 1):
 * there the kernel jumps. Panels of that width, from h down or from 0 up, keep the run length smooth on each.
 */
export function exponentialSumLaw(ratio: number, h: number, rateFactor = 1): SumLaw {
  const reach = Math.abs(Math.log(ratio));
  const panels = Math.ceil(h / reach);
  const nodesPerPanel = panels > 40 ? 6 : panels > 12 ? 8 : 14;
  if (panels * nodesPerPanel > 1200) throw new InputError('BAD_PARAM', `rateRatio must be further from 1 for a threshold of ${String(h)}, got ${String(ratio)}`);
  const inner = Array.from({ length: panels - 1 }, (_, i) => (i + 1) * reach);
  const theta = rateFactor / Math.abs(ratio - 1);
  if (ratio > 1) {
    return nystromLaw({
      atom: (s) => Math.exp(-theta * (s + reach)),
      density: (s, to) => theta * Math.exp(-theta * (s + reach - to)),
      range: (s) => [0, s + reach],
      edges: [0, ...inner.map((x) => h - x).reverse(), h],
      nodesPerPanel,
    });
  }
  return nystromLaw({
    atom: (s) => (s < reach ? -Math.expm1(-theta * (reach - s)) : 0),
    density: (s, to) => theta * Math.exp(-theta * (to - s + reach)),
    range: (s) => [s - reach, h],
    edges: [0, ...inner, h],
    nodesPerPanel,
  });
}
