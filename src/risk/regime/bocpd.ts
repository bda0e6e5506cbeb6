import type { Detector, Json } from '../../detector.js';
import { InputError } from '../../errors.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import { checkPruning, DEFAULT_PRUNING, type Pruning } from './bocpd-prune.js';
import { advance, type BocpdEngine, bocpdEngine, type BocpdStep, openRuns } from './bocpd-step.js';
import type { ConjugateModel } from './conjugate.js';
import type { Hazard } from './hazard.js';
import { freeze, posteriorOf, RUN_LENGTH_CONVENTION, type RunLengthPosterior, type RunState, thaw } from './run-length-posterior.js';

/** How a run-length posterior becomes an alarm. No false-alarm rate is promised: calibrate `above` by simulation. */
export interface BocpdAlarm {
  /** The alarm asks for a change within the last `window` observations; it must exceed ln(lambda) / KL(after || before). */
  readonly window: number;
  /** Alarm when P(r <= window, and not since the beginning) exceeds this; in (0, 1). */
  readonly above: number;
  /** What follows an alarm: go on with the posterior as it is, or forget everything. */
  readonly then: 'continue' | 'restart';
}

/** Parameters of {@link bocpd}. */
export interface BocpdParams {
  readonly model: ConjugateModel;
  readonly hazard: Hazard;
  /** Default {@link DEFAULT_PRUNING}. */
  readonly pruning?: Pruning;
  /** Default: window 30, above 0.5, continue. */
  readonly alarm?: BocpdAlarm;
}

/** A paused recursion; all-JSON. */
export interface BocpdState {
  readonly [key: string]: Json;
  /** Observations since the beginning, or since the last restart. */
  readonly seen: number;
  /** ln p(those observations). */
  readonly logEvidence: number;
  readonly runs: RunState;
}

/** What one observation showed. */
export interface BocpdOutput extends Readonly<BocpdStep> {
  readonly convention: typeof RUN_LENGTH_CONVENTION;
  readonly logEvidence: number;
  readonly alarm: boolean;
  readonly posterior: RunLengthPosterior;
}

/** The outputs of {@link runBocpd}: one entry an observation. */
export interface BocpdTrace {
  readonly convention: typeof RUN_LENGTH_CONVENTION;
  readonly logEvidence: Float64Array;
  readonly mapRunLength: Int32Array;
  readonly expectedRunLength: Float64Array;
  readonly recentChange: Float64Array;
  readonly recentRunLength: Int32Array;
  readonly alarm: Uint8Array;
  /** Runs told apart after each observation. */
  readonly survivors: Int32Array;
  /** The posterior after the last observation. */
  readonly posterior: RunLengthPosterior;
}

type Complete = Required<BocpdParams>;

/** Parameters with their defaults, checked. */
function complete(params: BocpdParams): { readonly full: Complete; readonly engine: BocpdEngine } {
  const { model, hazard, pruning = DEFAULT_PRUNING, alarm = { window: 30, above: 0.5, then: 'continue' } } = params;
  integerIn(alarm.window, 0, 2 ** 30, 'alarm.window');
  insideUnit(alarm.above, 'alarm.above');
  const full = { model, hazard, pruning: checkPruning(pruning), alarm };
  return { full, engine: bocpdEngine({ model, hazard, pruning: full.pruning, window: alarm.window }) };
}

const blank = (): BocpdStep => ({ logPredictive: 0, mapRunLength: 0, expectedRunLength: 0, recentChange: 0, recentRunLength: 0 });

/**
 * Bayesian online change-point detection: the exact law of the time since the last change, for a conjugate model.
 *
 * @param params - model with its prior, hazard, pruning, and how an alarm is read
 * @returns a detector; its outputs follow {@link RUN_LENGTH_CONVENTION}
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, TOO_FEW; at a step for an observation that the model cannot have drawn
 * @remarks Exact Bayes if model, prior and hazard are right and nothing is pruned; **no ARL is promised**, and a CUSUM
 * with a known baseline is faster: this is the tool for finding afterwards where the change was and how sure that is.
 * Time and state are proportional to the runs told apart: at most `pruning.maxRuns`.
 * @see Adams & MacKay (2007), arXiv:0710.3742, Algorithm 1; Fearnhead & Liu (2007), JRSS B 69, 589-605.
 * @example
 * ```ts
 * const coin = bocpd({ model: { model: 'beta-bernoulli', a: 1, b: 1 }, hazard: { type: 'constant', lambda: 20 } });
 * coin.step(coin.init(), 1).out.posterior.probability; // => [0.05, 0.95]
 * ```
 */
export function bocpd(params: BocpdParams): Detector<number, BocpdState, BocpdOutput> {
  const { full, engine } = complete(params);
  const init = (): BocpdState => ({ seen: 0, logEvidence: 0, runs: freeze(openRuns(engine, 2)) });
  return {
    kind: 'bocpd',
    version: 1,
    params: full as unknown as Json,
    init,
    step: (state, x) => {
      const runs = thaw(state.runs);
      const out = blank();
      advance(engine, runs, { x: engine.kernel.check(x), seen: state.seen }, out);
      const logEvidence = state.logEvidence + out.logPredictive;
      const alarm = out.recentChange > full.alarm.above;
      const restart = alarm && full.alarm.then === 'restart';
      return {
        state: restart ? init() : { seen: state.seen + 1, logEvidence, runs: freeze(runs) },
        out: { convention: RUN_LENGTH_CONVENTION, ...out, logEvidence, alarm, posterior: posteriorOf(runs) },
      };
    },
  };
}

/**
 * {@link bocpd} over a whole series at once: the same bits, without a state between observations.
 *
 * @param params - as for {@link bocpd}
 * @param xs - observations in order, at least one
 * @returns one entry an observation, and the last posterior
 * @throws {@link InputError} as {@link bocpd}; TOO_FEW
 * @remarks O(n R) for R runs told apart.
 * @see Adams & MacKay (2007), arXiv:0710.3742.
 */
export function runBocpd(params: BocpdParams, xs: ArrayLike<number>): BocpdTrace {
  const { full, engine } = complete(params);
  const n = xs.length;
  if (n === 0) throw new InputError('TOO_FEW', 'xs must hold at least one observation, got none');
  const trace = {
    logEvidence: new Float64Array(n),
    mapRunLength: new Int32Array(n),
    expectedRunLength: new Float64Array(n),
    recentChange: new Float64Array(n),
    recentRunLength: new Int32Array(n),
    alarm: new Uint8Array(n),
    survivors: new Int32Array(n),
  };
  const out = blank();
  let [runs, seen, logEvidence, restart] = [openRuns(engine, 64), 0, 0, false];
  for (let t = 0; t < n; t += 1) {
    if (restart) [runs, seen, logEvidence] = [openRuns(engine, 64), 0, 0];
    advance(engine, runs, { x: engine.kernel.check(xs[t] ?? NaN), seen }, out);
    seen += 1;
    logEvidence += out.logPredictive;
    const alarm = out.recentChange > full.alarm.above;
    restart = alarm && full.alarm.then === 'restart';
    trace.logEvidence[t] = logEvidence;
    trace.mapRunLength[t] = out.mapRunLength;
    trace.expectedRunLength[t] = out.expectedRunLength;
    trace.recentChange[t] = out.recentChange;
    trace.recentRunLength[t] = out.recentRunLength;
    trace.alarm[t] = alarm ? 1 : 0;
    trace.survivors[t] = runs.count;
  }
  return { convention: RUN_LENGTH_CONVENTION, ...trace, posterior: posteriorOf(runs) };
}
