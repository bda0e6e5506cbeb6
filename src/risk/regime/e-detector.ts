import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { fastExp } from '../../stats/fast-exp.js';
import { insideUnit, numberOrNaN } from '../../stats/sample.js';
import { checkObservations, eValuesOf, type EValueFamily, type EValues } from './e-values.js';

/** Settings of an e-detector. */
export interface EDetectorParams {
  readonly family: EValueFamily;
  /** 1 / alpha is the threshold and the guaranteed ARL0; in (0, 1). See {@link designEDetector}. */
  readonly alpha: number;
  /** Shiryaev-Roberts, the faster one at the same threshold, or CUSUM. Default `sr`. */
  readonly form?: 'sr' | 'cusum';
  /** After an alarm: begin again from nothing, or stay alarmed. Default `reset`. */
  readonly afterAlarm?: 'reset' | 'latch';
}

/** An e-detector's alarm. */
export type EAlarm = {
  /** Observation of the alarm, from 0. */
  readonly index: number;
  /** First observation after the change, under the leading alternative the likeliest one. */
  readonly changeIndex: number;
  /** Which alternative of the family leads, from 0. */
  readonly alternative: number;
  /** Logarithm of the averaged statistic, at most ln(Number.MAX_VALUE). */
  readonly logStatistic: number;
};

/** State of an e-detector: three numbers an alternative. Products stay linear, since below the threshold they are bounded. */
export type EDetectorState = {
  /** Observations so far. */
  readonly seen: number;
  /** The alternatives' statistics. */
  readonly statistics: readonly number[];
  /** The largest product of e-values over all starts, at least 1 (no start). */
  readonly peaks: readonly number[];
  /** How many observations those products hold. */
  readonly ages: readonly number[];
  /** The alarm it stays in. */
  readonly latched: EAlarm | null;
};

/** One step of an e-detector. */
export interface EDetectorStep {
  /** Logarithm of the averaged statistic, held within what a double's logarithm can be. */
  readonly logStatistic: number;
  readonly alarm: EAlarm | null;
}

/** A detector with a form for whole arrays; both give the same bits. */
export interface EDetector extends Detector<number, EDetectorState, EDetectorStep> {
  /** Runs over an array. `from` is not changed; default the start. */
  readonly bulk: (xs: Float64Array, from?: EDetectorState) => { readonly alarms: readonly EAlarm[]; readonly state: EDetectorState };
}

/** The state while a kernel works on it. */
interface Work {
  readonly statistics: Float64Array;
  readonly peaks: Float64Array;
  readonly ages: Float64Array;
}

const thaw = ({ statistics, peaks, ages }: EDetectorState): Work => ({
  statistics: Float64Array.from(statistics),
  peaks: Float64Array.from(peaks),
  ages: Float64Array.from(ages),
});

function restart({ statistics, peaks, ages }: Work): void {
  statistics.fill(0);
  peaks.fill(1);
  ages.fill(0);
}

/**
 * Feeds observations until the sum of the statistics reaches `limit`.
 *
 * @returns how many were fed and the last sum; the sum is below `limit` only at the end of `xs`
 */
type Kernel = (work: Work, xs: Float64Array, from: number) => { readonly fed: number; readonly sum: number };

function kernelOf({ logarithmic, centre, scale, offsets, slopes }: EValues, roberts: boolean, limit: number): Kernel {
  const count = offsets.length;
  return ({ statistics, peaks, ages }, xs, from) => {
    let sum = 0;
    for (let i = from; i < xs.length; i += 1) {
      const z = ((xs[i] as number) - centre) * scale;
      sum = 0;
      for (let j = 0; j < count; j += 1) {
        const line = (offsets[j] as number) + (slopes[j] as number) * z;
        const e = logarithmic ? fastExp(line) : line;
        const before = statistics[j] as number;
        const after = (roberts ? before + 1 : before > 1 ? before : 1) * e;
        statistics[j] = after;
        sum += after;
        // By arithmetic: a branch here would be mispredicted every other time.
        const peak = (peaks[j] as number) * e;
        const grew = Number(peak > 1);
        peaks[j] = 1 + (peak - 1) * grew;
        ages[j] = ((ages[j] as number) + 1) * grew;
      }
      if (sum >= limit) return { fed: i + 1, sum };
    }
    return { fed: xs.length, sum };
  };
}

function shownLog(mean: number): number {
  return Math.log(Math.min(Math.max(mean, Number.MIN_VALUE), Number.MAX_VALUE));
}

function alarmOf({ statistics, ages }: Work, sum: number, index: number): EAlarm {
  const alternative = statistics.reduce((best, value, j) => (value > (statistics[best] ?? 0) ? j : best), 0);
  const changeIndex = index + 1 - Math.max(ages[alternative] ?? 1, 1);
  return { index, changeIndex, alternative, logStatistic: shownLog(sum / statistics.length) };
}

const oneOf = <T extends string>(value: T, allowed: readonly T[], name: string): T => {
  if (!allowed.includes(value)) throw new InputError('BAD_PARAM', `${name} must be ${allowed.join(' or ')}, got ${value}`);
  return value;
};

/**
 * Mixture e-detector: an alarm where the average of the alternatives' statistics reaches 1 / alpha.
 * Shiryaev-Roberts: M = (M + 1) e; CUSUM: M = max(M, 1) e; e the likelihood ratio, or 1 + bet (x - mean) where all
 * that is known of the stream is that it lies in [0, 1].
 *
 * @param params - baseline with its alternatives, alpha, form, and what follows an alarm
 * @returns a detector with a bulk form
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE for a parameter, or for an observation the family does not know
 * @remarks Guarantee: ARL0 >= 1 / alpha, and P(alarm within N) <= N alpha, without calibration. Assumption: before the
 * change every e-value has conditional mean at most 1: the baseline is right (its parameters known, not estimated); with
 * alternatives on one side only, it may also lie further off on the other (a smaller p0, a longer mean interval),
 * and for `bounded` observations may depend on the past in any way. It bounds the mean time to a false alarm, not the
 * chance of one in a whole stream: for that see {@link eProcess}. After a reset the promise begins anew, so a stream of N
 * clean observations has about N alpha alarms at most in the mean. O(K) a step, K alternatives; state O(K).
 * @see Shin, Ramdas & Rinaldo (2023), E-detectors: a nonparametric framework for sequential change detection,
 * New England Journal of Statistics in Data Science 2(2), 229-260.
 * @example
 * ```ts
 * const detector = eDetector({ family: { kind: 'bernoulli', p0: 0.1, alternatives: [0.3, 0.6] }, alpha: 0.01 });
 * const { alarms } = detector.bulk(Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1));
 * alarms.map(({ index, changeIndex, alternative }) => [index, changeIndex, alternative]); // => [[6, 4, 1]]
 * ```
 */
export function eDetector(params: EDetectorParams): EDetector {
  const values = eValuesOf(params.family);
  const alpha = insideUnit(params.alpha, 'alpha');
  const form = oneOf(params.form ?? 'sr', ['sr', 'cusum'], 'form');
  const afterAlarm = oneOf(params.afterAlarm ?? 'reset', ['reset', 'latch'], 'afterAlarm');
  const count = values.offsets.length;
  const limit = count / alpha;
  if (!(limit < Infinity)) throw new InputError('BAD_PARAM', `alpha must not be so small that its inverse is no double, got ${String(alpha)}`);
  const kernel = kernelOf(values, form === 'sr', limit);
  const init = (): EDetectorState => ({ seen: 0, statistics: Array<number>(count).fill(0), peaks: Array<number>(count).fill(1), ages: Array<number>(count).fill(0), latched: null });
  const run = (xs: Float64Array, state: EDetectorState): { alarms: EAlarm[]; state: EDetectorState; sum: number } => {
    checkObservations(values.domain, xs, state.seen);
    const work = thaw(state);
    const alarms: EAlarm[] = [];
    let { latched } = state;
    let sum = 0;
    for (let at = 0; at < xs.length && latched === null; ) {
      const result = kernel(work, xs, at);
      at = result.fed;
      sum = result.sum;
      if (!(sum >= limit)) break;
      const alarm = alarmOf(work, sum, state.seen + at - 1);
      alarms.push(alarm);
      if (afterAlarm === 'latch') latched = alarm;
      restart(work);
    }
    const { statistics, peaks, ages } = work;
    return { alarms, sum, state: { seen: state.seen + xs.length, statistics: [...statistics], peaks: [...peaks], ages: [...ages], latched } };
  };
  return {
    kind: 'e-detector',
    version: 1,
    params: { family: values.family, alpha, form, afterAlarm },
    init,
    step(state, x) {
      const { alarms, sum, state: next } = run(Float64Array.of(numberOrNaN(x)), state);
      const alarm = alarms[0] ?? next.latched;
      return { state: next, out: { logStatistic: alarm?.logStatistic ?? shownLog(sum / count), alarm } };
    },
    bulk(xs, from = init()) {
      const { alarms, state } = run(xs, from);
      return { alarms, state };
    },
  };
}
