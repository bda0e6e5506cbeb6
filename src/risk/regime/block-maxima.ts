import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { finite, integerIn } from '../../stats/sample.js';
import { type BlockTail, fitBlockTail, logBlockTail } from './block-tail.js';

/** What is watched: a value too high or low, a jump, the level and the activity (mean jump) of the last `window` rows. */
export type BlockTailName = 'value-up' | 'value-down' | 'jump' | 'level-up' | 'level-down' | 'activity-up' | 'activity-down';

const TAILS: readonly BlockTailName[] = ['value-up', 'value-down', 'jump', 'level-up', 'level-down', 'activity-up', 'activity-down'];

/** Settings of {@link blockMaxima}. */
export interface BlockMaximaParams {
  /** Observations of a block, at least 2: long beside the memory of the noise, and a tenth of what is approved. */
  readonly window: number;
  /** Alarm at what is expected once in so many observations, or less often. */
  readonly arl0: number;
  /** Blocks seen before anything is judged, at least 4; default 9, which with the first window makes ten windows. */
  readonly learn?: number;
  /** Blocks remembered; default 100. */
  readonly keep?: number;
}

/** State: the last `window` observations and jumps, the present block's maxima, those of the blocks before. */
export type BlockMaximaState = {
  readonly seen: number;
  readonly values: readonly number[];
  readonly jumps: readonly number[];
  /** Largest of each tail's statistic in the present block; null at its beginning. */
  readonly present: readonly number[] | null;
  /** One row a block, oldest first. */
  readonly blocks: readonly (readonly number[])[];
  /** One law a tail, of the blocks before; empty while they are too few. */
  readonly tails: readonly BlockTail[];
  /** The last observation as rare as an alarm. */
  readonly lastRare: number | null;
};

/** What one observation showed. */
export interface BlockMaximaOut {
  /** ln of the number of observations in which the like is expected once; null while too few blocks were seen. */
  readonly logReturnPeriod: number | null;
  /** The tail that is furthest out. */
  readonly tail: BlockTailName | null;
  /** Raised where the return period reaches `arl0` and did not in the last `window` observations: once an incident. */
  readonly alarm: boolean;
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x / xs.length, 0);

/**
 * Watches a stream whose observations hang together (daily rhythms, slow noise) for what is rarer than anything it did:
 * every observation is held against the extremes of earlier blocks, and its return period is estimated.
 *
 * @param params - see {@link BlockMaximaParams}
 * @returns a detector of numbers; state of 2 `window` + 7 `keep` numbers and a few
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; `step` throws NOT_FINITE
 * @remarks No baseline and no law of the observations is assumed, nor their independence: only that blocks are alike. The
 * return period is an estimate (a tail fitted to few extremes), not a bound. In simulations (3000 observations, windows of
 * 20 and 60, arl0 300 to 5000; Gaussian, exponential, autoregressive, seasonal, 0/1 streams and random walks) alarms were
 * 2 to 100 times rarer than the target allows, for Student t noise with 3 degrees of freedom 0.7 to 2.3 times: seven
 * tails share the target, and few blocks are trusted little. Hence slow beside a CUSUM where its assumptions hold. A
 * change that lasts is alarmed once and then belongs to what is known. O(window) a step.
 * @see Davison & Smith (1990), Journal of the Royal Statistical Society B 52, 393-442 (peaks, declustered by runs);
 * Siffer, Fouque, Termier & Largouet (2017), KDD, 1067-1075 (streams).
 * @example
 * ```ts
 * const quiet = Array.from({ length: 60 }, (_, i) => Math.sin(i));
 * const outs = [...scan(blockMaxima({ window: 6, arl0: 1000 }), [...quiet, 30])].map(({ out }) => out);
 * outs[60].alarm; // => true
 * outs[60].tail; // => 'value-up'
 * outs.filter(({ alarm }) => alarm).length; // => 1
 * ```
 */
export function blockMaxima(params: BlockMaximaParams): Detector<number, BlockMaximaState, BlockMaximaOut> {
  const { window, arl0, learn, keep } = checked(params);
  return {
    kind: 'block-maxima',
    version: 1,
    params: { window, arl0, learn, keep },
    init: () => ({ seen: 0, values: [], jumps: [], present: null, blocks: [], tails: [], lastRare: null }),
    step(state, x) {
      finite(x, 'x');
      const values = [...state.values.slice(state.values.length < window ? 0 : 1), x + 0];
      const before = state.values.at(-1);
      const jump = before === undefined ? 0 : finite(Math.abs(x - before), 'the step from the last observation');
      const jumps = [...state.jumps.slice(state.jumps.length < window ? 0 : 1), jump];
      const [level, activity] = [mean(values), mean(jumps)];
      const now = [x, -x, jump, level, -level, activity, -activity];
      const { logReturnPeriod, tail } = rarest(state.tails, now, window);
      // Means keep an observation for a window, and what hangs together is one incident.
      const rare = logReturnPeriod !== null && logReturnPeriod >= Math.log(arl0);
      const alarm = rare && (state.lastRare === null || state.seen - state.lastRare > window);
      const learned = learnRow(state, now, { window, learn, keep });
      return {
        state: { seen: state.seen + 1, values, jumps, ...learned, lastRare: rare ? state.seen : state.lastRare },
        out: { logReturnPeriod, tail, alarm },
      };
    },
  };
}

function checked({ window, arl0, learn = 9, keep = 100 }: BlockMaximaParams): Required<BlockMaximaParams> {
  integerIn(window, 2, 1e5, 'window');
  integerIn(learn, 4, 1e4, 'learn');
  integerIn(keep, learn, 1e4, 'keep');
  if (!(arl0 > window && arl0 < Infinity)) throw new InputError('BAD_PARAM', `arl0 must be finite and > window = ${String(window)}, got ${String(arl0)}`);
  return { window, arl0, learn, keep };
}

/** The rarest of the statistics; all tails share the false alarms evenly. */
function rarest(tails: readonly BlockTail[], now: readonly number[], window: number): Omit<BlockMaximaOut, 'alarm'> {
  let [lowest, at] = [0, -1];
  tails.forEach((tail, k) => {
    const log = logBlockTail(tail, now[k] ?? NaN);
    if (log < lowest) [lowest, at] = [log, k];
  });
  if (tails.length === 0) return { logReturnPeriod: null, tail: null };
  return { logReturnPeriod: Math.log(window / TAILS.length) - lowest, tail: TAILS[at] ?? null };
}

function learnRow(state: BlockMaximaState, now: readonly number[], { window, learn, keep }: Omit<Required<BlockMaximaParams>, 'arl0'>): Pick<BlockMaximaState, 'present' | 'blocks' | 'tails'> {
  // The first window only fills the means.
  if (state.seen < window) return { present: null, blocks: state.blocks, tails: state.tails };
  const present = now.map((x, k) => Math.max(x, state.present?.[k] ?? x) + 0);
  if ((state.seen + 1) % window !== 0) return { present, blocks: state.blocks, tails: state.tails };
  const blocks = [...state.blocks.slice(state.blocks.length < keep ? 0 : 1), present];
  const tails = blocks.length < learn ? [] : TAILS.map((_, k) => fitBlockTail(blocks.map((block) => block[k] ?? 0)));
  return { present: null, blocks, tails };
}
