import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { integerIn } from '../../stats/sample.js';
import { piBudgetConfig, type PiBudgetConfig, type PiBudgetPartial, type PiRegimeConfig } from './budget-config.js';
import { piEnvelopeMachine, piEnvelopeSnapshot, type PiEnvelopeMachine, type PiEnvelopeSnapshot, type PiEnvelopeState } from './envelope.js';
import { piAdaptiveThreshold, piOco, type PiOcoState, type PiOcoStep, type PiOcoUpdate } from './oco.js';
import { piRegime, piRegimeSnapshot, type PiRegimeParams, type PiRegimeSnapshot, type PiRegimeState, type PiRegimeStep } from './regime.js';

/** A signal of overload: a quota exceeded, a decision out of time, a queue that ran over. */
export interface PiOverload {
  readonly op: 'overload';
  /** Milliseconds since the epoch. */
  readonly tsMs: number;
  readonly reason: string;
  /** Of the queue that ran over, where one did. */
  readonly queueDepth?: number | null;
  readonly queueCapacity?: number | null;
}

/** A call of an extension that may be in fallback: well or not. */
export interface PiRecovery {
  readonly op: 'recovery';
  readonly success: boolean;
}

/** What the controller holds of one extension; null before its first signal. */
export type PiBudgetState = {
  /** Times of the signals in the window, in the order they came. */
  readonly signals: readonly number[];
  /** Set by the regime detector alone; null while that is off. */
  readonly lastSignalMs: number | null;
  readonly inFallback: boolean;
  /** Successes in a row since the last failure or signal. */
  readonly healthySuccessStreak: number;
  readonly lastTriggerReason: string;
  readonly regime: PiRegimeState;
  readonly envelope: PiEnvelopeState;
  /** null where the tuner is off. */
  readonly oco: PiOcoState | null;
} | null;

/** State of an extension that was seen. */
type Seen = NonNullable<PiBudgetState>;

/** What the host shows of one extension. */
export interface PiBudgetSnapshot {
  readonly state: {
    readonly inFallback: boolean;
    readonly overloadSignals: number;
    readonly healthySuccessStreak: number;
    readonly lastTriggerReason: string;
  };
  readonly regime: PiRegimeSnapshot;
  readonly envelope: PiEnvelopeSnapshot;
  readonly oco: PiOcoState | null;
}

/** Why an extension goes into fallback. */
export type PiFallbackCause = 'signals' | 'regime' | 'envelope' | 'rollback';

/** One step of the host's budget controller. */
export interface PiBudgetStep {
  /** Why the extension went into fallback at this step, all causes; none where it did not. */
  readonly entered: readonly PiFallbackCause[];
  /** Whether it left fallback at this step. */
  readonly left: boolean;
  /** null before the extension's first signal. */
  readonly snapshot: PiBudgetSnapshot | null;
}

/** The controller's parts, made once. */
interface Parts {
  readonly config: PiBudgetConfig;
  readonly regime: Detector<number | 'recover', PiRegimeState, PiRegimeStep>;
  readonly envelope: PiEnvelopeMachine;
  readonly oco: Detector<PiOcoUpdate, PiOcoState, PiOcoStep>;
}

function regimeParams(config: PiRegimeConfig): PiRegimeParams {
  const { cusum_k: k, cusum_h: h, bocpd_lambda: lambda, bocpd_threshold: threshold, bocpd_max_run_length: maxRunLength } = config;
  return { cusum: { k, h }, bocpd: { lambda, threshold, maxRunLength } };
}

function unseen({ config, regime, envelope, oco }: Parts): Seen {
  return {
    signals: [],
    lastSignalMs: null,
    inFallback: false,
    healthySuccessStreak: 0,
    lastTriggerReason: '',
    regime: regime.init(),
    envelope: envelope.init(),
    oco: config.oco_tuner.enabled ? oco.init() : null,
  };
}

/** The host takes the time since the last signal **after** noting this one as the last: its latency is always 0. */
function evaluated({ config, envelope }: Parts, state: PiEnvelopeState, success: boolean): PiEnvelopeState {
  return config.safety_envelope.enabled ? envelope.evaluate(state, { latencyMs: 0, success }).state : state;
}

/** The regime detector fed with the time since the last signal, 0 for the first. */
function watched({ config, regime }: Parts, before: Seen, now: number): { readonly state: PiRegimeState; readonly alarm: boolean } {
  if (!config.regime_shift.enabled) return { state: before.regime, alarm: false };
  const { state, out } = regime.step(before.regime, before.lastSignalMs === null ? 0 : now - before.lastSignalMs);
  return { state, alarm: out.cusumAlarm || out.bocpdAlarm };
}

/** The tuner after a signal, and the number of signals that it takes for an overload. */
function tuned({ config, oco }: Parts, before: Seen, event: PiOverload): { readonly state: PiOcoState | null; readonly rolledBack: boolean; readonly threshold: number } {
  const base = config.overload_signals_to_fallback;
  if (before.oco === null) return { state: null, rolledBack: false, threshold: base };
  const { state, out } = oco.step(before.oco, { ...event, overloaded: true });
  return { state, rolledBack: out.rolledBack, threshold: piAdaptiveThreshold(state, base) };
}

function overloaded(parts: Parts, before: Seen, event: PiOverload): { state: Seen; entered: readonly PiFallbackCause[] } {
  const { config } = parts;
  const now = integerIn(event.tsMs, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'tsMs') + 0;
  const regime = watched(parts, before, now);
  const envelope = evaluated(parts, before.envelope, false);
  const oco = tuned(parts, before, event);
  const signals = [...before.signals.filter((t) => t >= now - config.overload_window_ms), now];
  const facts: { readonly [cause in PiFallbackCause]: boolean } = {
    signals: signals.length >= oco.threshold,
    regime: regime.alarm,
    envelope: envelope.vetoReason !== null,
    rollback: oco.rolledBack,
  };
  const entered = (['signals', 'regime', 'envelope', 'rollback'] as const).filter((cause) => facts[cause] && !before.inFallback);
  const state: Seen = {
    signals,
    lastSignalMs: config.regime_shift.enabled ? now : null,
    inFallback: before.inFallback || entered.length > 0,
    healthySuccessStreak: 0,
    lastTriggerReason: event.reason,
    regime: regime.state,
    envelope,
    oco: oco.state,
  };
  return { state, entered };
}

/** A call while in fallback; after enough successes in a row the extension leaves it, its detectors started afresh. */
function recovering(parts: Parts, before: Seen, success: boolean): { state: Seen; left: boolean } {
  const { config, regime, envelope, oco } = parts;
  const state: Seen = {
    ...before,
    oco: before.oco === null ? null : oco.step(before.oco, { overloaded: !success }).state,
    envelope: evaluated(parts, before.envelope, success),
    healthySuccessStreak: success ? before.healthySuccessStreak + 1 : 0,
  };
  if (state.healthySuccessStreak < config.recovery_successes_to_exit) return { state, left: false };
  const fresh = { regime: regime.step(state.regime, 'recover').state, envelope: envelope.reset(state.envelope) };
  return { state: { ...state, ...fresh, inFallback: false, healthySuccessStreak: 0, signals: [] }, left: true };
}

/**
 * What the host shows of one extension's budget controller.
 *
 * @param state - of {@link piBudget}, not null
 * @param config - what the controller was made with
 * @returns the host's snapshots of the controller and its detectors
 * @remarks O(1).
 * @example
 * ```ts
 * const [step] = [...scan(piBudget(), [{ op: 'overload', tsMs: 5, reason: 'quota_exceeded' }])];
 * piBudgetSnapshot(step.state.state, piBudgetConfig()).state.overloadSignals; // => 1
 * ```
 */
export function piBudgetSnapshot(state: NonNullable<PiBudgetState>, config: PiBudgetConfig): PiBudgetSnapshot {
  const { inFallback, signals, healthySuccessStreak, lastTriggerReason } = state;
  return {
    state: { inFallback, overloadSignals: signals.length, healthySuccessStreak, lastTriggerReason },
    regime: piRegimeSnapshot(state.regime),
    envelope: piEnvelopeSnapshot(state.envelope, config.safety_envelope),
    oco: state.oco,
  };
}

/**
 * The name under which the host keeps an extension's budget: its id without white space around it.
 *
 * @param id - as the host was given it
 * @returns null for an id that is missing or blank, whose events the host ignores
 * @remarks White space is Unicode's, as the host has it: U+0085 is, U+FEFF is not. O(length).
 * @example
 * ```ts
 * piBudgetKey(' ext.a '); // => 'ext.a'
 * piBudgetKey('  '); // => null
 * ```
 */
export function piBudgetKey(id: string | null | undefined): string | null {
  const text = id ?? '';
  const blank = (i: number): boolean => /\p{White_Space}/u.test(text.charAt(i));
  let [start, end] = [0, text.length];
  while (start < end && blank(start)) start += 1;
  while (end > start && blank(end - 1)) end -= 1;
  return start === end ? null : text.slice(start, end);
}

/**
 * The host's own budget controller of one extension: its regime detector, its safety envelope and its tuner, any of
 * which may put the extension into fallback. For replaying it; take {@link scanByKey} with {@link piBudgetKey} for
 * several extensions.
 *
 * @param config - what a configuration says; completed and clamped by {@link piBudgetConfig}
 * @returns a detector of overloads and of the calls after them; disabled it never changes
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE for a setting, a time, a count, or an event that is none
 * @remarks No guarantee: every signal counts as a failed call of 0 ms, so that the envelope vetoes as soon as it has seen
 * `min_observations` signals; the detector's baseline of three intervals holds an artificial first 0; and the tuner's
 * first budgets halve the signals needed. State and time a step O(signals in the window + bocpd_max_run_length).
 * @see {@link piRegime}, {@link piEnvelope}, {@link piOco}
 * @example
 * ```ts
 * const signals = [0, 100].map((tsMs) => ({ op: 'overload', tsMs, reason: 'quota_exceeded' }));
 * [...scan(piBudget({ tier: 'balanced' }), signals)].map(({ out }) => out.entered); // => [[], ['signals']]
 * ```
 */
export function piBudget(config: PiBudgetPartial = {}): Detector<PiOverload | PiRecovery, PiBudgetState, PiBudgetStep> {
  const full = piBudgetConfig(config);
  const parts: Parts = { config: full, regime: piRegime(regimeParams(full.regime_shift)), envelope: piEnvelopeMachine(full.safety_envelope, 0), oco: piOco(full.oco_tuner) };
  const shown = (state: PiBudgetState): PiBudgetSnapshot | null => (state === null ? null : piBudgetSnapshot(state, full));
  return {
    kind: 'pi-budget',
    version: 1,
    params: full,
    init: () => null,
    step(before, event) {
      const op: string = event.op;
      if (op !== 'overload' && op !== 'recovery') throw new InputError('BAD_PARAM', `op must be overload or recovery, got ${op}`);
      if (full.enabled && event.op === 'overload') {
        const { state, entered } = overloaded(parts, before ?? unseen(parts), event);
        return { state, out: { entered, left: false, snapshot: shown(state) } };
      }
      if (event.op === 'overload' || before?.inFallback !== true) return { state: before, out: { entered: [], left: false, snapshot: shown(before) } };
      const { state, left } = recovering(parts, before, event.success);
      return { state, out: { entered: [], left, snapshot: shown(state) } };
    },
  };
}
