import type { Detector } from '../../detector.js';
import { fma } from '../../stats/fma.js';
import { finite, integerIn } from '../../stats/sample.js';
import { piInterval } from './interval.js';

/** Settings of the host's BOCPD. */
export interface PiBocpdParams {
  /** Mean run length; values below 1 count as 1. */
  readonly lambda: number;
  /** Probability of a run that started at this observation, above which a change is reported. */
  readonly threshold: number;
  /** Runs kept, the longest are dropped; values below 2 count as 2. */
  readonly maxRunLength: number;
}

/** State of the host's BOCPD: four lists of equal length, the youngest run first. */
export type PiBocpdState = {
  /**
   * Probability of each run. Index 0 is the run that started **at** the last observation: it already holds that
   * observation.
   */
  readonly probs: readonly number[];
  readonly means: readonly number[];
  /** Sums of squared deviations from the mean. */
  readonly m2s: readonly number[];
  readonly counts: readonly number[];
  readonly changepointCount: number;
  readonly warmedUp: boolean;
};

const START: PiBocpdState = { probs: [1], means: [0], m2s: [0], counts: [0], changepointCount: 0, warmedUp: false };

/** sqrt(2 pi) as the host spells it. */
const ROOT_TWO_PI = 2.5066282746310005;
/** Density of a run with fewer than two intervals: a constant that does not look at the interval. */
const PRIOR_DENSITY = 1 / (1000 * ROOT_TWO_PI);
const WARM_COUNT = 5;

/** Normal density of `x` after a run, its variance widened by one observation's worth and at least 1. */
function predictive(x: number, mean: number, m2: number, count: number): number {
  if (count < 2) return PRIOR_DENSITY;
  const variance = Math.max(m2 / (count - 1), 1) * (1 + 1 / count);
  const d = x - mean;
  return Math.exp((-d * d) / (2 * variance)) / (Math.sqrt(variance) * ROOT_TWO_PI);
}

/** Divides by the sum from left to right; leaves a list alone whose sum is not above 0. */
function normalised(probs: number[]): number[] {
  let sum = 0;
  for (const p of probs) sum += p;
  return sum > 0 ? probs.map((p) => p / sum) : probs;
}

/** Probabilities of the runs after `x`: a new one, and every old one grown by one. */
function grown({ probs, means, m2s, counts }: PiBocpdState, x: number, hazard: number): number[] {
  let mass = 0;
  const next = [0];
  for (const [i, p] of probs.entries()) {
    mass = fma(p, hazard, mass);
    next.push(p * predictive(x, means[i] ?? 0, m2s[i] ?? 0, counts[i] ?? 0) * (1 - hazard));
  }
  next[0] = PRIOR_DENSITY * mass;
  return normalised(next);
}

function learned(state: PiBocpdState, x: number): Pick<PiBocpdState, 'means' | 'm2s' | 'counts'> {
  const [means, m2s, counts] = [[x], [0], [1]];
  for (const [i, before] of state.counts.entries()) {
    const count = before + 1;
    const old = state.means[i] ?? 0;
    const d = x - old;
    const mean = old + d / count;
    means.push(mean);
    m2s.push(fma(d, x - mean, state.m2s[i] ?? 0));
    counts.push(count);
  }
  return { means, m2s, counts };
}

/**
 * The host's own simplified BOCPD of intervals, quirks and all. For replaying what the host did, not for detecting:
 * its prior predictive is a constant, and runs beyond the limit are dropped with their probability.
 *
 * @param params - the host's settings; its tiers are in {@link PI_REGIME_TIERS}
 * @returns a detector of intervals in milliseconds; it says whether it reported a change
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM for a parameter or an interval
 * @remarks No guarantee. O(maxRunLength) a step and of state.
 * @see Adams & MacKay (2007), arXiv:0710.3742, for the method it departs from.
 * @example
 * ```ts
 * const detector = piBocpd({ lambda: 50, threshold: 0.5, maxRunLength: 200 });
 * const intervals = [100, 101, 99, 100, 101, 100, 9000];
 * [...scan(detector, intervals)].map(({ out }) => out); // => [false, false, false, false, false, false, true]
 * ```
 */
export function piBocpd(params: PiBocpdParams): Detector<number, PiBocpdState, boolean> {
  const lambda = finite(params.lambda, 'lambda');
  const threshold = finite(params.threshold, 'threshold');
  const maxRunLength = integerIn(params.maxRunLength, 0, 1e6, 'maxRunLength');
  const hazard = 1 / Math.max(lambda, 1);
  const kept = Math.max(maxRunLength, 2);
  return {
    kind: 'pi-bocpd',
    version: 1,
    params: { lambda, threshold, maxRunLength },
    init: () => START,
    step(state, interval) {
      const x = piInterval(interval);
      const probs = grown(state, x, hazard);
      const { means, m2s, counts } = learned(state, x);
      const full = probs.length > kept;
      const next = full
        ? { probs: normalised(probs.slice(0, kept)), means: means.slice(0, kept), m2s: m2s.slice(0, kept), counts: counts.slice(0, kept) }
        : { probs, means, m2s, counts };
      const warmedUp = state.warmedUp || next.counts.some((count) => count >= WARM_COUNT);
      const out = warmedUp && (next.probs[0] ?? 0) > threshold;
      return { state: { ...next, changepointCount: state.changepointCount + (out ? 1 : 0), warmedUp }, out };
    },
  };
}
