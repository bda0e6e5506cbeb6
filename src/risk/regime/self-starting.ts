import type { Detector } from '../../detector.js';
import { finite, positive } from '../../stats/sample.js';
import { normalQuantileOfLog } from '../../stats/normal.js';
import { logStudentTCdf } from '../../stats/student-t.js';
import type { AfterAlarm, CusumAlarm, CusumState } from './cusum.js';
import { cusum } from './cusum.js';

/** How a self-starting scheme watches. */
export interface SelfStartingParams {
  /** Shift of the mean to find first, in sd. */
  readonly shift: number;
  /** Alarm when a sum is above this; that of {@link designCusum} for Gaussian data with known parameters. */
  readonly threshold: number;
  /** `reset` where left out: the sums start again, the mean and sd go on learning. */
  readonly afterAlarm?: AfterAlarm;
}

/** Count, mean and sum of squared deviations of what was seen, and the two sums over the scores. */
export type SelfStartingState = {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
  readonly sums: CusumState;
};

/** What one observation showed. */
export interface SelfStartingOut {
  /** The observation's standing among those before it, N(0, 1) exactly while nothing changes; 0 for the first two. */
  readonly score: number;
  readonly up: number;
  readonly down: number;
  readonly alarm: CusumAlarm | null;
}

/**
 * CUSUM of Gaussian observations that needs no baseline: each is scored against those before it.
 *
 * @param params - see {@link SelfStartingParams}
 * @returns a detector of numbers; state of at most 500 bytes
 * @throws {@link InputError} BAD_PARAM; `step` throws NOT_FINITE
 * @remarks O(1). While nothing changes the scores from the third on are independent N(0, 1) exactly, so the threshold for
 * known parameters keeps its promise from the start. A change that comes soon is partly learned as normal. After equal
 * observations alone (standard deviation 0) an observation equal to them scores 0, and any other is learned with score 0:
 * with no spread seen there is nothing to judge it by.
 * @see Hawkins (1987), Journal of the Royal Statistical Society D 36, 299-316.
 * @example
 * ```ts
 * const outs = [...scan(selfStartingCusum({ shift: 1, threshold: 4 }), [5, 5.2, 5.1, 9])].map(({ out }) => out);
 * outs[3].score.toFixed(3); // => '3.328'
 * ```
 */
export function selfStartingCusum({ shift, threshold, afterAlarm = 'reset' }: SelfStartingParams): Detector<number, SelfStartingState, SelfStartingOut> {
  const sums = cusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: positive(shift, 'shift') }, threshold, afterAlarm });
  return {
    kind: 'self-starting-cusum',
    version: 1,
    params: { shift, threshold, afterAlarm },
    init: () => ({ n: 0, mean: 0, squares: 0, sums: sums.init() }),
    step: (state, x) => {
      finite(x, 'x');
      const n = state.n + 1;
      const score = scoreOf(state, x);
      // Below the third observation there is no score, and nothing for the sums to add.
      const { state: next, out } = n < 3 ? waiting(state.sums) : sums.step(state.sums, score);
      const mean = state.mean + (x - state.mean) / n;
      const squares = finite(state.squares + (x - state.mean) * (x - mean), 'the sum of squared deviations');
      return { state: { n, mean, squares, sums: next }, out: { score, ...out } };
    },
  };
}

function waiting(sums: CusumState): { readonly state: CusumState; readonly out: Omit<SelfStartingOut, 'score'> } {
  const seen = sums.seen + 1;
  return { state: { ...sums, seen, up: { value: 0, since: seen }, down: { value: 0, since: seen } }, out: { up: 0, down: 0, alarm: null } };
}

/** The t statistic of x against those before it, carried to the normal scale in the tail it lies in. */
function scoreOf({ n, mean, squares }: SelfStartingState, x: number): number {
  if (n < 2 || !(squares > 0)) return 0;
  const t = Math.sqrt(n / (n + 1)) * ((x - mean) / Math.sqrt(squares / (n - 1)));
  if (t === 0) return 0;
  return -Math.sign(t) * normalQuantileOfLog(logStudentTCdf(-Math.abs(t), n - 1));
}
