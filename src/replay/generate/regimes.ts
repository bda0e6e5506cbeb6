import type { Random } from '../../stats/random.js';
import type { Weakness } from './calls.js';

/** How things are for a while: the pace of calls and how often they fail. */
export interface Regime {
  readonly name: string;
  /** Mean time between the end of a call and the start of the next, in milliseconds. */
  readonly meanGapMs: number;
  /** Probability that a call fails, by what tends to go wrong with it. */
  readonly failure: Readonly<Record<Weakness, number>>;
  /** How often the regime is drawn, as against the others. */
  readonly share: number;
  /** Calls it lasts, on average. */
  readonly meanCalls: number;
}

/** Regimes a generated ledger goes through. */
export const REGIMES: readonly Regime[] = [
  { name: 'quiet', meanGapMs: 9000, failure: { none: 0.001, network: 0.01, disk: 0.004 }, share: 8, meanCalls: 600 },
  { name: 'busy', meanGapMs: 160, failure: { none: 0.002, network: 0.02, disk: 0.008 }, share: 6, meanCalls: 500 },
  { name: 'release_day', meanGapMs: 40, failure: { none: 0.004, network: 0.04, disk: 0.02 }, share: 2, meanCalls: 300 },
  { name: 'network_down', meanGapMs: 700, failure: { none: 0.002, network: 0.7, disk: 0.01 }, share: 1, meanCalls: 150 },
  { name: 'disk_full', meanGapMs: 1200, failure: { none: 0.004, network: 0.02, disk: 0.35 }, share: 1, meanCalls: 100 },
];

const CODES: Readonly<Record<Weakness, readonly string[]>> = {
  none: ['invalid_request', 'internal'],
  network: ['timeout', 'timeout', 'io', 'invalid_request'],
  disk: ['io', 'io', 'invalid_request', 'internal'],
};

/** Draws one of several things by their shares. */
export function drawByShare<T>(things: readonly T[], shareOf: (thing: T) => number, rng: Random): T {
  let left = rng.uniform() * things.reduce((sum, thing) => sum + shareOf(thing), 0);
  for (const thing of things) {
    left -= shareOf(thing);
    if (left < 0) return thing;
  }
  // Only rounding leads here.
  return things[things.length - 1] as T;
}

/** Whether and how a call fails by itself: an error code, or null. */
export function drawFailure(regime: Regime, weakness: Weakness, rng: Random): string | null {
  if (rng.uniform() >= regime.failure[weakness]) return null;
  const codes = CODES[weakness];
  return codes[rng.integer(codes.length)] ?? null;
}
