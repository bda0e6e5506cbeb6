import type { Detector } from '../../detector.js';
import { finite, integerIn } from '../../stats/sample.js';
import { piInterval } from './interval.js';
import { pushed, pushedSorted } from './windows.js';

/** Settings of the host's conformal interval. */
export interface PiConformalParams {
  /** Coverage the host asks for. */
  readonly confidence: number;
  /** Scores remembered, an integer of at least 0. */
  readonly maxCalibration: number;
}

/** State of the host's conformal interval. A type, not an interface, so that it counts as JSON. */
export type PiConformalState = {
  /** Observations ever, and their mean and sum of squared deviations; the host never reads the last. */
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  /** Distances to the mean before the observation, oldest first, and the same in ascending order. */
  readonly scores: readonly number[];
  readonly sortedScores: readonly number[];
  readonly anomalyCount: number;
};

/** One step of the host's conformal interval. */
export interface PiConformalStep {
  readonly anomaly: boolean;
  /** Anomalies per observation, ever. */
  readonly anomalyRate: number;
  /** Half the interval's width, in milliseconds, this observation's score included; Infinity below two scores. */
  readonly intervalWidth: number;
}

const START: PiConformalState = { n: 0, mean: 0, m2: 0, scores: [], sortedScores: [], anomalyCount: 0 };

/** The score at the host's rank: clamped to the largest there is, where an honest rank would be beyond it. */
export function piConformalWidth({ sortedScores }: PiConformalState, confidence: number): number {
  const n = sortedScores.length;
  if (n < 2) return Infinity;
  const index = Math.min(Math.max(Math.ceil((n + 1) * confidence) - 1, 0), n - 1);
  return sortedScores[index] ?? NaN;
}

/** Anomalies per observation, 0 before any. */
export function piAnomalyRate({ n, anomalyCount }: PiConformalState): number {
  return n === 0 ? 0 : anomalyCount / n;
}

function learned(state: PiConformalState, x: number, anomaly: boolean, limit: number): PiConformalState {
  const n = state.n + 1;
  const d = x - state.mean;
  const mean = state.mean + d / n;
  const score = Math.abs(d);
  const gone = state.scores.length >= limit ? (state.scores[0] ?? null) : null;
  return {
    n,
    mean,
    m2: state.m2 + d * (x - mean),
    scores: limit === 0 ? [] : pushed(state.scores, score, limit),
    sortedScores: limit === 0 ? [] : pushedSorted(state.sortedScores, gone, score),
    anomalyCount: state.anomalyCount + (anomaly ? 1 : 0),
  };
}

/**
 * The host's own conformal interval around a running mean, quirks and all. For replaying what the host did, not for
 * judging latencies.
 *
 * @param params - the host's settings
 * @returns a detector of latencies in milliseconds
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM for a parameter; on a step NOT_FINITE, BAD_PARAM for a latency
 * beyond 1e150
 * @remarks No guarantee: its rank is clamped to the number of scores, so that 99 % asked for of 20 scores covers 95.2 %,
 * of 50 scores 98.0 %; the first score is the distance to 0; and intervals that shrink in a burst stay close to the
 * mean, so that coverage goes up where an alarm is due. State and time a step O(maxCalibration).
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, for the method it departs from.
 * @example
 * ```ts
 * const judged = (values) => [...scan(piConformal({ confidence: 0.95, maxCalibration: 4 }), values)].map(({ out }) => out.anomaly);
 * judged([100, 101, 99, 100, 101, 150]); // => [false, false, false, false, false, true]
 * judged([100, 101, 99, 150]); // => [false, false, false, false]
 * ```
 */
export function piConformal(params: PiConformalParams): Detector<number, PiConformalState, PiConformalStep> {
  const confidence = finite(params.confidence, 'confidence');
  const maxCalibration = integerIn(params.maxCalibration, 0, Number.MAX_SAFE_INTEGER, 'maxCalibration');
  return {
    kind: 'pi-conformal',
    version: 1,
    params: { confidence, maxCalibration },
    init: () => START,
    step(before, latency) {
      const x = piInterval(latency, 'latency');
      const anomaly = Math.abs(x - before.mean) > piConformalWidth(before, confidence);
      const state = learned(before, x, anomaly, maxCalibration);
      return { state, out: { anomaly, anomalyRate: piAnomalyRate(state), intervalWidth: piConformalWidth(state, confidence) } };
    },
  };
}
