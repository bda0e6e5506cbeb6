import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { integerIn } from '../../stats/sample.js';

/** The host's phases, from looking on to enforcing. */
export const PI_ROLLOUT_PHASES = ['shadow', 'log_only', 'enforce_new', 'enforce_all'] as const;

/** One of the host's phases. `enforce_new` enforces for everybody, whatever its name. */
export type PiRolloutPhase = (typeof PI_ROLLOUT_PHASES)[number];

/** When the host rolls back, by the names of its configuration. */
export type PiRolloutTrigger = {
  readonly max_false_positive_rate: number;
  readonly max_error_rate: number;
  /** Decisions looked back on. */
  readonly window_size: number;
  readonly max_latency_ms: number;
};

const DEFAULT_TRIGGER: PiRolloutTrigger = { max_false_positive_rate: 0.05, max_error_rate: 0.1, window_size: 100, max_latency_ms: 200 };
const SAMPLES_LEAST = 10;

/** `x` as a rate, the default where it is NaN. */
const rate = (x: number, fallback: number): number => Math.min(Math.max(Number.isNaN(x) ? fallback : x, 0), 1) + 0;

/**
 * The trigger the host's rollout tracker runs with: what is left out and rates that are NaN come from its default, the
 * rest is clamped as the host clamps it.
 *
 * @param partial - any part of a trigger
 * @returns a trigger the host leaves as it is
 * @throws {@link InputError} BAD_PARAM where a count is no integer of at least 0
 * @remarks O(1).
 * @example
 * ```ts
 * piRolloutTrigger({ max_error_rate: 5, window_size: 3 }).window_size; // => 10
 * ```
 */
export function piRolloutTrigger(partial: Partial<PiRolloutTrigger> = {}): PiRolloutTrigger {
  const given = { ...DEFAULT_TRIGGER, ...partial };
  const size = integerIn(given.window_size, 0, Number.MAX_SAFE_INTEGER, 'window_size');
  return {
    max_false_positive_rate: rate(given.max_false_positive_rate, DEFAULT_TRIGGER.max_false_positive_rate),
    max_error_rate: rate(given.max_error_rate, DEFAULT_TRIGGER.max_error_rate),
    window_size: Math.min(Math.max(size, 10), 10_000),
    max_latency_ms: Math.max(integerIn(given.max_latency_ms, 0, Number.MAX_SAFE_INTEGER, 'max_latency_ms'), 1),
  };
}

/** One decision that came true or not. */
export interface PiRolloutRecord {
  readonly op: 'record';
  readonly tsMs: number;
  /** Whole milliseconds. */
  readonly latencyMs: number;
  readonly wasError: boolean;
  readonly wasFalsePositive: boolean;
}

/** What may happen to a rollout; times in milliseconds. */
export type PiRolloutEvent =
  | { readonly op: 'advance'; readonly tsMs: number }
  | { readonly op: 'rollback'; readonly tsMs: number }
  | { readonly op: 'set_phase'; readonly phase: PiRolloutPhase; readonly tsMs: number }
  | PiRolloutRecord;

/** A decision in the window: latency in whole milliseconds, and 1 for an error or a false positive. */
export type PiRolloutSample = readonly [latencyMs: number, error: number, falsePositive: number];

/** State of the host's rollout tracker. */
export type PiRolloutState = {
  readonly phase: PiRolloutPhase;
  /** Starts true whatever the phase, and a manual rollback leaves it. */
  readonly enforce: boolean;
  readonly lastTransitionMs: number;
  readonly transitionCount: number;
  readonly rolledBackFrom: PiRolloutPhase | null;
  /** Decisions, oldest first. */
  readonly window: readonly PiRolloutSample[];
};

/** What the host shows of its window. */
export interface PiRolloutWindow {
  readonly totalDecisions: number;
  readonly errorCount: number;
  readonly falsePositiveCount: number;
  /** 0 for an empty window. */
  readonly avgLatencyMs: number;
}

/** Where the rollout starts. */
export interface PiRolloutStart {
  readonly phase?: PiRolloutPhase;
  readonly startMs?: number;
}

/** One step of the host's rollout tracker. */
export interface PiRolloutStep {
  /** Whether `advance` changed the phase or `record` rolled back; null for the other events. */
  readonly changed: boolean | null;
  readonly stats: PiRolloutWindow;
}

const enforcing = (phase: PiRolloutPhase): boolean => phase === 'enforce_new' || phase === 'enforce_all';

function statsOf(window: readonly PiRolloutSample[]): PiRolloutWindow {
  const total = (i: 0 | 1 | 2): number => window.reduce((sum, sample) => sum + sample[i], 0);
  const n = window.length;
  return { totalDecisions: n, errorCount: total(1), falsePositiveCount: total(2), avgLatencyMs: n === 0 ? 0 : total(0) / n };
}

function moved(state: PiRolloutState, phase: PiRolloutPhase, tsMs: number, rolledBackFrom: PiRolloutPhase | null): PiRolloutState {
  return { ...state, phase, lastTransitionMs: tsMs, transitionCount: state.transitionCount + 1, rolledBackFrom };
}

const rolledBack = (state: PiRolloutState, tsMs: number): PiRolloutState =>
  state.phase === 'shadow' ? state : moved(state, 'shadow', tsMs, state.phase);

function recorded(before: PiRolloutState, event: PiRolloutRecord, trigger: PiRolloutTrigger): { state: PiRolloutState; changed: boolean } {
  const latency = integerIn(event.latencyMs, 0, Number.MAX_SAFE_INTEGER, 'latencyMs');
  const sample: PiRolloutSample = [latency, event.wasError ? 1 : 0, event.wasFalsePositive ? 1 : 0];
  const state = { ...before, window: [...before.window, sample].slice(-trigger.window_size) };
  const n = state.window.length;
  if (!enforcing(state.phase) || n < SAMPLES_LEAST) return { state, changed: false };
  const { falsePositiveCount, errorCount, avgLatencyMs } = statsOf(state.window);
  const bad = falsePositiveCount / n > trigger.max_false_positive_rate || errorCount / n > trigger.max_error_rate || avgLatencyMs > trigger.max_latency_ms;
  return bad ? { state: { ...rolledBack(state, event.tsMs), enforce: false }, changed: true } : { state, changed: false };
}

function after(state: PiRolloutState, event: PiRolloutEvent, trigger: PiRolloutTrigger): { state: PiRolloutState; changed: boolean | null } {
  const tsMs = integerIn(event.tsMs, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'tsMs') + 0;
  switch (event.op) {
    case 'advance': {
      const next = PI_ROLLOUT_PHASES[PI_ROLLOUT_PHASES.indexOf(state.phase) + 1];
      if (next === undefined) return { state, changed: false };
      return { state: { ...moved(state, next, tsMs, null), enforce: enforcing(next) }, changed: true };
    }
    case 'set_phase': {
      const { phase } = event;
      return { state: { ...(phase === state.phase ? state : moved(state, phase, tsMs, null)), enforce: enforcing(phase) }, changed: null };
    }
    case 'rollback':
      return { state: rolledBack(state, tsMs), changed: null };
    case 'record':
      return recorded(state, { ...event, tsMs }, trigger);
    default:
      throw new InputError('BAD_PARAM', `op must be advance, set_phase, rollback or record, got ${String((event as { op: unknown }).op)}`);
  }
}

function checkedPhase(phase: PiRolloutPhase): PiRolloutPhase {
  if (!PI_ROLLOUT_PHASES.includes(phase)) throw new InputError('BAD_PARAM', `phase must be one of ${PI_ROLLOUT_PHASES.join(', ')}, got ${phase as string}`);
  return phase;
}

/**
 * The host's own rollout tracker: phases, and a rollback when the window of decisions looks bad. For replaying it;
 * nothing in the running host records decisions in it, so there it never rolls back by itself.
 *
 * @param trigger - of {@link piRolloutTrigger}; clamped again, which changes nothing
 * @param start - the phase and the time it starts in; `enforce_all` and 0
 * @returns a detector of events
 * @throws {@link InputError} BAD_PARAM for a phase, time, latency or event that is none
 * @remarks No guarantee: raw rates of a window looked at after every decision, so that every true
 * rate above 0 rolls back sooner or later, however far below the limit it is. State and time a step O(window_size).
 * @example
 * ```ts
 * const events = [{ op: 'advance', tsMs: 10 }, { op: 'advance', tsMs: 20 }];
 * const steps = [...scan(piRollout(piRolloutTrigger(), { phase: 'shadow' }), events)];
 * steps.map(({ state }) => [state.state.phase, state.state.enforce]); // => [['log_only', false], ['enforce_new', true]]
 * ```
 */
export function piRollout(trigger: PiRolloutTrigger = DEFAULT_TRIGGER, start: PiRolloutStart = {}): Detector<PiRolloutEvent, PiRolloutState, PiRolloutStep> {
  const limits = piRolloutTrigger(trigger);
  const phase = checkedPhase(start.phase ?? 'enforce_all');
  const startMs = integerIn(start.startMs ?? 0, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'startMs') + 0;
  return {
    kind: 'pi-rollout',
    version: 1,
    params: { trigger: limits, phase, startMs },
    init: () => ({ phase, enforce: true, lastTransitionMs: startMs, transitionCount: 0, rolledBackFrom: null, window: [] }),
    step(before, event) {
      if (event.op === 'set_phase') checkedPhase(event.phase);
      const { state, changed } = after(before, event, limits);
      return { state, out: { changed, stats: statsOf(state.window) } };
    },
  };
}
