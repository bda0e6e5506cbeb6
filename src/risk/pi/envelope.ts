import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { finite, integerIn } from '../../stats/sample.js';
import { piAnomalyRate, piConformal, piConformalWidth, type PiConformalState } from './conformal.js';
import { piPacBayes, type PiPacBayes } from './pac-bayes.js';

/** Settings of the host's safety envelope, by the names of its configuration. */
export type PiEnvelopeConfig = {
  readonly enabled: boolean;
  readonly conformal_confidence: number;
  readonly conformal_calibration_size: number;
  readonly pac_bayes_delta: number;
  readonly pac_bayes_prior_weight: number;
  /** The envelope vetoes while the error bound is above it. */
  readonly safety_error_threshold: number;
  /** Observations before the first veto. */
  readonly min_observations: number;
};

function tier(confidence: number, size: number, pacBayes: readonly [delta: number, weight: number, threshold: number], least: number): PiEnvelopeConfig {
  const [delta, weight, threshold] = pacBayes;
  return {
    enabled: true,
    conformal_confidence: confidence,
    conformal_calibration_size: size,
    pac_bayes_delta: delta,
    pac_bayes_prior_weight: weight,
    safety_error_threshold: threshold,
    min_observations: least,
  };
}

/** The host's three tiers. */
export const PI_ENVELOPE_TIERS: { readonly [tier in 'strict' | 'balanced' | 'throughput']: PiEnvelopeConfig } = {
  strict: tier(0.99, 100, [0.01, 2, 0.05], 10),
  balanced: tier(0.95, 200, [0.05, 1, 0.15], 20),
  throughput: tier(0.9, 300, [0.1, 0.5, 0.25], 30),
};

/** What the envelope judges: how long a call took and whether it went well. */
export interface PiEnvelopeSample {
  readonly latencyMs: number;
  readonly success: boolean;
}

/** Why the envelope vetoes. */
export type PiVetoReason = 'pac_bayes_bound_exceeded' | 'conformal_anomaly_excess';

/** State of the host's safety envelope. */
export type PiEnvelopeState = {
  readonly conformal: PiConformalState;
  readonly successes: number;
  readonly failures: number;
  readonly vetoReason: PiVetoReason | null;
  readonly vetoCount: number;
};

/** What the host shows of its envelope. */
export interface PiEnvelopeSnapshot {
  readonly vetoing: boolean;
  /** Vetoes begun, ever. */
  readonly vetoCount: number;
  readonly vetoReason: PiVetoReason | null;
  readonly conformalAnomalyRate: number;
  /** Infinity below two scores. */
  readonly conformalIntervalWidth: number;
  /** Scores stored. */
  readonly conformalCalibrationSize: number;
  readonly pacBayesEmpiricalError: number;
  readonly pacBayesBound: number;
  readonly pacBayesTotal: number;
}

/** One step of the host's safety envelope. */
export interface PiEnvelopeStep {
  readonly veto: boolean;
  readonly snapshot: PiEnvelopeSnapshot;
}

function errorFigures({ successes, failures }: PiEnvelopeState, config: PiEnvelopeConfig, priorErrorRate: number): PiPacBayes {
  return piPacBayes({ successes, failures, delta: config.pac_bayes_delta, priorWeight: config.pac_bayes_prior_weight, priorErrorRate });
}

function snapshotOf(state: PiEnvelopeState, figures: PiPacBayes, { conformal_confidence }: PiEnvelopeConfig): PiEnvelopeSnapshot {
  return {
    vetoing: state.vetoReason !== null,
    vetoCount: state.vetoCount,
    vetoReason: state.vetoReason,
    conformalAnomalyRate: piAnomalyRate(state.conformal),
    conformalIntervalWidth: piConformalWidth(state.conformal, conformal_confidence),
    conformalCalibrationSize: state.conformal.scores.length,
    pacBayesEmpiricalError: figures.empirical,
    pacBayesBound: figures.bound,
    pacBayesTotal: state.successes + state.failures,
  };
}

/**
 * What the host shows of its safety envelope in a state.
 *
 * @param state - of {@link piEnvelope}
 * @param config - the settings the state came about with
 * @param priorErrorRate - the host never sets it
 * @returns the host's snapshot
 * @remarks O(1).
 * @example
 * ```ts
 * const config = PI_ENVELOPE_TIERS.strict;
 * piEnvelopeSnapshot(piEnvelope(config).init(), config).pacBayesBound; // => 1
 * ```
 */
export function piEnvelopeSnapshot(state: PiEnvelopeState, config: PiEnvelopeConfig, priorErrorRate = 0): PiEnvelopeSnapshot {
  return snapshotOf(state, errorFigures(state, config, priorErrorRate), config);
}

function vetoOf(state: PiEnvelopeState, bound: number, anomaly: boolean, config: PiEnvelopeConfig): PiVetoReason | null {
  if (state.successes + state.failures < config.min_observations) return null;
  if (bound > config.safety_error_threshold) return 'pac_bayes_bound_exceeded';
  const excess = piAnomalyRate(state.conformal) > (1 - config.conformal_confidence) * 3;
  return excess && anomaly ? 'conformal_anomaly_excess' : null;
}

function checked(config: PiEnvelopeConfig): PiEnvelopeConfig {
  return {
    enabled: config.enabled,
    conformal_confidence: finite(config.conformal_confidence, 'conformal_confidence'),
    conformal_calibration_size: integerIn(config.conformal_calibration_size, 0, Number.MAX_SAFE_INTEGER, 'conformal_calibration_size'),
    pac_bayes_delta: finite(config.pac_bayes_delta, 'pac_bayes_delta'),
    pac_bayes_prior_weight: finite(config.pac_bayes_prior_weight, 'pac_bayes_prior_weight'),
    safety_error_threshold: finite(config.safety_error_threshold, 'safety_error_threshold'),
    min_observations: integerIn(config.min_observations, 0, Number.MAX_SAFE_INTEGER, 'min_observations'),
  };
}

/** What both forms of the envelope are made of; the budget controller steps it without asking for snapshots. */
export interface PiEnvelopeMachine {
  readonly config: PiEnvelopeConfig;
  readonly init: () => PiEnvelopeState;
  readonly evaluate: (state: PiEnvelopeState, sample: PiEnvelopeSample) => { readonly state: PiEnvelopeState; readonly figures: PiPacBayes };
  /** The host's reset after a recovery: the count of vetoes stays. */
  readonly reset: (state: PiEnvelopeState) => PiEnvelopeState;
}

/** The envelope as functions of its state. */
export function piEnvelopeMachine(settings: PiEnvelopeConfig, priorErrorRate: number): PiEnvelopeMachine {
  const config = checked(settings);
  const conformal = piConformal({ confidence: config.conformal_confidence, maxCalibration: config.conformal_calibration_size });
  const init = (): PiEnvelopeState => ({ conformal: conformal.init(), successes: 0, failures: 0, vetoReason: null, vetoCount: 0 });
  return {
    config,
    init,
    reset: ({ vetoCount }) => ({ ...init(), vetoCount }),
    evaluate(before, { latencyMs, success }) {
      const { state: scores, out } = conformal.step(before.conformal, latencyMs);
      const fed: PiEnvelopeState = {
        ...before,
        conformal: scores,
        successes: before.successes + (success ? 1 : 0),
        failures: before.failures + (success ? 0 : 1),
      };
      const figures = errorFigures(fed, config, priorErrorRate);
      const vetoReason = vetoOf(fed, figures.bound, out.anomaly, config);
      const begun = vetoReason !== null && before.vetoReason === null;
      return { state: { ...fed, vetoReason, vetoCount: before.vetoCount + (begun ? 1 : 0) }, figures };
    },
  };
}

/**
 * The host's own safety envelope: its conformal interval and its PAC-Bayes figure, either of which may veto. For
 * replaying what the host did, not for judging calls.
 *
 * @param config - a tier of {@link PI_ENVELOPE_TIERS}, or settings of one's own, taken as they are
 * @param priorErrorRate - the host never sets it
 * @returns a detector of calls, and of the word `reset` where the host starts it afresh; disabled it never changes
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM for a setting, a latency or another word
 * @remarks No guarantee: a stream without any error is vetoed from `min_observations` on until its bound has come down
 * (strict: calls 10 to 152), 99 % asked for of 20 scores covers 95.2 %, and bursts are not seen. State and time a step
 * O(conformal_calibration_size).
 * @see {@link piConformal}, {@link piPacBayes}
 * @example
 * ```ts
 * const calls = Array.from({ length: 153 }, () => ({ latencyMs: 50, success: true }));
 * const vetoes = [...scan(piEnvelope(PI_ENVELOPE_TIERS.strict), calls)].map(({ out }) => out.veto);
 * [vetoes.indexOf(true) + 1, vetoes.lastIndexOf(true) + 1]; // => [10, 152]
 * ```
 */
export function piEnvelope(config: PiEnvelopeConfig, priorErrorRate = 0): Detector<PiEnvelopeSample | 'reset', PiEnvelopeState, PiEnvelopeStep> {
  const machine = piEnvelopeMachine(config, finite(priorErrorRate, 'priorErrorRate'));
  const shown = (state: PiEnvelopeState): PiEnvelopeStep => ({ veto: false, snapshot: piEnvelopeSnapshot(state, machine.config, priorErrorRate) });
  return {
    kind: 'pi-envelope',
    version: 1,
    params: { ...machine.config, priorErrorRate },
    init: machine.init,
    step(state, sample) {
      if (typeof sample === 'string') {
        if ((sample as string) !== 'reset') throw new InputError('BAD_PARAM', `expected a call or the word reset, got ${sample as string}`);
        const after = machine.reset(state);
        return { state: after, out: shown(after) };
      }
      if (!machine.config.enabled) return { state, out: shown(state) };
      const { state: after, figures } = machine.evaluate(state, sample);
      return { state: after, out: { veto: after.vetoReason !== null, snapshot: snapshotOf(after, figures, machine.config) } };
    },
  };
}
