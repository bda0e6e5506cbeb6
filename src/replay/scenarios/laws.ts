import type { Random } from '../../stats/random.js';

/** A log-normal law: its median, and the standard deviation of the logarithm. */
export interface LogNormal {
  readonly median: number;
  readonly sigma: number;
  /** Chance of a draw from the tail instead, a Pareto law of index 1.5 that starts at ten medians; left out: none. */
  readonly tail?: number;
}

/** Draws from a law; heavy in the tail where the law says so. */
export function drawLaw({ median, sigma, tail = 0 }: LogNormal, rng: Random): number {
  if (tail > 0 && rng.uniform() < tail) return 10 * median * Math.exp(rng.exponential() / 1.5);
  return median * Math.exp(sigma * rng.normal());
}

/** A whole number >= 0 near a draw from a law. */
export function drawCount(law: LogNormal, rng: Random): number {
  return Math.round(drawLaw(law, rng));
}

/** Names of which a few are drawn often and most seldom: the k-th with chance proportional to 1/k. */
export interface Pool {
  readonly names: readonly string[];
  /** Chances, summed up. */
  readonly upTo: readonly number[];
}

/** Makes a pool of names, the most frequent first. */
export function poolOf(names: readonly string[]): Pool {
  let sum = 0;
  return { names, upTo: names.map((_, k) => (sum += 1 / (k + 1))) };
}

/** As {@link poolOf}, `#` in the template standing for the number of the name, from 1. */
export function numberedPool(template: string, count: number): Pool {
  return poolOf(Array.from({ length: count }, (_, k) => template.replaceAll('#', String(k + 1))));
}

/** Draws a name of a pool. */
export function drawName({ names, upTo }: Pool, rng: Random): string {
  const u = rng.uniform() * (upTo[upTo.length - 1] ?? 0);
  const k = upTo.findIndex((sum) => u < sum);
  return names[k] ?? names[names.length - 1] ?? '';
}
