import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { piBocpd, type PiBocpdParams, type PiBocpdState } from './bocpd.js';
import { piCusum, type PiCusumParams, type PiCusumState } from './cusum.js';

/** Settings of the host's regime detector. */
export interface PiRegimeParams {
  readonly cusum: PiCusumParams;
  readonly bocpd: PiBocpdParams;
}

/** The host's three tiers. */
export const PI_REGIME_TIERS: { readonly [tier in 'strict' | 'balanced' | 'throughput']: PiRegimeParams } = {
  strict: { cusum: { k: 0.3, h: 3 }, bocpd: { lambda: 30, threshold: 0.4, maxRunLength: 150 } },
  balanced: { cusum: { k: 0.5, h: 4 }, bocpd: { lambda: 50, threshold: 0.5, maxRunLength: 200 } },
  throughput: { cusum: { k: 0.8, h: 5 }, bocpd: { lambda: 80, threshold: 0.6, maxRunLength: 300 } },
};

/** Which of the two alarmed last while the host has not recovered; CUSUM where both did. */
export type PiTriggerSource = 'cusum' | 'bocpd';

/** State of the host's regime detector. */
export type PiRegimeState = {
  readonly cusum: PiCusumState;
  readonly bocpd: PiBocpdState;
  readonly triggerSource: PiTriggerSource | null;
  readonly triggerCount: number;
};

/** What the host shows of its detector after a step. */
export interface PiRegimeSnapshot {
  readonly triggered: boolean;
  readonly triggerSource: PiTriggerSource | null;
  readonly triggerCount: number;
  readonly cusumHigh: number;
  readonly cusumLow: number;
  readonly cusumAlarmCount: number;
  readonly cusumBaselineReady: boolean;
  /** Probability that the run started at the last observation; 1 before any. */
  readonly bocpdCpProb: number;
  /** Changes reported since the last recovery. */
  readonly bocpdChangepointCount: number;
  readonly bocpdWarmedUp: boolean;
}

/** One step of the host's regime detector. */
export interface PiRegimeStep {
  readonly recovered: boolean;
  readonly cusumAlarm: boolean;
  readonly bocpdAlarm: boolean;
  readonly snapshot: PiRegimeSnapshot;
}

/**
 * What the host shows of its regime detector in a state.
 *
 * @param state - of {@link piRegime}
 * @returns the host's snapshot; before any interval its change probability is 1
 * @remarks O(1).
 * @example
 * ```ts
 * piRegimeSnapshot(piRegime(PI_REGIME_TIERS.strict).init()).bocpdCpProb; // => 1
 * ```
 */
export function piRegimeSnapshot({ cusum, bocpd, triggerSource, triggerCount }: PiRegimeState): PiRegimeSnapshot {
  return {
    triggered: triggerSource !== null,
    triggerSource,
    triggerCount,
    cusumHigh: cusum.high,
    cusumLow: cusum.low,
    cusumAlarmCount: cusum.alarmCount,
    cusumBaselineReady: cusum.ready,
    bocpdCpProb: bocpd.probs[0] ?? 0,
    bocpdChangepointCount: bocpd.changepointCount,
    bocpdWarmedUp: bocpd.warmedUp,
  };
}

/**
 * The host's own regime detector: its CUSUM and its BOCPD side by side, step for step as the host ran them. For
 * replaying an incident; to detect changes take a detector with a promise.
 *
 * @param params - a tier of {@link PI_REGIME_TIERS}, or settings of one's own
 * @returns a detector of intervals in milliseconds, and of the word `recover` where the host went back to its normal
 * mode: the sums go to 0, BOCPD to its start, the CUSUM's baseline and the counts of alarms and triggers stay
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM for a parameter, an interval or another word
 * @remarks No guarantee: the balanced tier alarms in 68 to 100 % of clean streams of 1000 intervals in milliseconds and
 * never in seconds. State and time a step O(maxRunLength).
 * @see Page (1954), Biometrika 41, 100-115; Adams & MacKay (2007), arXiv:0710.3742.
 * @example
 * ```ts
 * const detector = piRegime(PI_REGIME_TIERS.balanced);
 * const steps = [...scan(detector, [100, 104, 96, 120, 'recover'])].map(({ out }) => out.snapshot);
 * steps.map(({ triggered, triggerSource }) => triggered ? triggerSource : '-'); // => ['-', '-', '-', 'cusum', '-']
 * ```
 */
export function piRegime(params: PiRegimeParams): Detector<number | 'recover', PiRegimeState, PiRegimeStep> {
  const cusum = piCusum(params.cusum);
  const bocpd = piBocpd(params.bocpd);
  const recover = (state: PiRegimeState): PiRegimeState => ({
    cusum: { ...state.cusum, high: 0, low: 0 },
    bocpd: bocpd.init(),
    triggerSource: null,
    triggerCount: state.triggerCount,
  });
  return {
    kind: 'pi-regime',
    version: 1,
    params: { cusum: cusum.params, bocpd: bocpd.params },
    init: () => ({ cusum: cusum.init(), bocpd: bocpd.init(), triggerSource: null, triggerCount: 0 }),
    step(state, x) {
      if (typeof x !== 'number') {
        if ((x as string) !== 'recover') throw new InputError('BAD_PARAM', `expected an interval or the word recover, got ${x as string}`);
        const after = recover(state);
        return { state: after, out: { recovered: true, cusumAlarm: false, bocpdAlarm: false, snapshot: piRegimeSnapshot(after) } };
      }
      const byCusum = cusum.step(state.cusum, x);
      const byBocpd = bocpd.step(state.bocpd, x);
      const alarm = byCusum.out ? 'cusum' : byBocpd.out ? 'bocpd' : null;
      const after: PiRegimeState = {
        cusum: byCusum.state,
        bocpd: byBocpd.state,
        triggerSource: alarm ?? state.triggerSource,
        triggerCount: state.triggerCount + (alarm === null ? 0 : 1),
      };
      return { state: after, out: { recovered: false, cusumAlarm: byCusum.out, bocpdAlarm: byBocpd.out, snapshot: piRegimeSnapshot(after) } };
    },
  };
}
