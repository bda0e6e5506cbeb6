import type { ScaleOptions } from '@observablehq/plot';
import { tick } from './words.js';

/** Where the label of a horizontal axis stands. */
export const BELOW = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 36 } as const;

/** Options of an axis of numbers: short ticks, a domain with some room, and a scale that bears the range. */
export function numberAxis(label: string, [least, greatest]: readonly [number, number], room = 0.05): ScaleOptions {
  const span = greatest - least;
  // Steps of a linear scale would overflow.
  if (!(span < 1e300)) return { label, type: 'symlog', domain: [least, greatest], tickFormat: tick, ticks: 5 };
  const pad = span > 0 ? span * room : Math.max(Math.abs(least) * room, 1e-6) || 1;
  return { label, domain: [least === 0 ? 0 : least - pad, greatest + pad], tickFormat: tick, labelArrow: 'none' };
}

/** Options of an axis of observations 0 to n - 1. */
export function indexAxis(n: number, unit: string): ScaleOptions {
  return { label: unit, domain: [0, Math.max(1, n - 1)], tickFormat: (x: number) => (Number.isInteger(x) ? tick(x) : ''), ...BELOW };
}
