import { InputError } from '../../errors.js';
import { random, type Random } from '../../stats/random.js';
import { SCENARIO_ACTORS } from './actors.js';
import type { ScenarioCall } from './call.js';
import { SCENARIO_NAMES, SCENARIO_PLANS, type ScenarioName, type Span } from './plots.js';
import { actorDay, NO_PLOT, type Plot } from './sessions.js';

/** What to generate. */
export interface ScenarioParams {
  readonly name: ScenarioName;
  /** An integer in [0, 2^53); the same seed gives the same calls. */
  readonly seed: number;
  /** Working days of the approved period, and of the period watched; left out: 20 each, four weeks. */
  readonly approvedDays?: number;
  readonly observedDays?: number;
}

/** Where a change begins or ends. */
export interface ScenarioPoint {
  /** Of the first call concerned, from 0 in the period watched. */
  readonly index: number;
  readonly callId: string;
  readonly tsMs: number;
}

/** What is true of a generated scenario, by construction. */
export interface ScenarioTruth {
  readonly schema: 'hindcast.scenario.v1';
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly summary: string;
  /** Whether it is an attack. Where it is not, no call is labelled unsafe and whatever raises an alarm is harmless. */
  readonly hostile: boolean;
  readonly labelSource: string;
  readonly approvedCalls: number;
  readonly observedCalls: number;
  readonly unsafeCalls: number;
  /** First call made under the change; null where none was. */
  readonly change: ScenarioPoint | null;
  /** First call after the change; null where it lasts to the end. */
  readonly over: ScenarioPoint | null;
}

/** A scenario: everyday work that was approved, later work in which something changes, and the truth. */
export interface Scenario {
  /** Calls in order of their starts. The same for every scenario of a seed. */
  readonly approved: readonly ScenarioCall[];
  readonly observed: readonly ScenarioCall[];
  readonly truth: ScenarioTruth;
}

const DAY_US = 8.64e10;
const HOUR_US = 3.6e9;
/** Nine in the morning of Monday, 5 January 2026. */
const START_US = Date.UTC(2026, 0, 5, 9) * 1000;

/** When a working day starts: five a week. */
const dayStart = (day: number): number => START_US + (7 * Math.floor(day / 5) + (day % 5)) * DAY_US;

/** Calls of working days `first` to `first + count - 1`, from 0, in order of their starts. */
function callsOf(first: number, count: number, plot: Plot, rng: Random): readonly ScenarioCall[] {
  const calls: ScenarioCall[] = [];
  const ends = SCENARIO_ACTORS.map(() => 0);
  for (let day = first; day < first + count; day += 1) {
    SCENARIO_ACTORS.forEach((actor, k) => {
      const made = actorDay(actor, { number: day + 1, startUs: dayStart(day) }, plot, { rng, fromUs: ends[k] ?? 0 });
      calls.push(...made);
      const last = made.at(-1);
      if (last !== undefined) ends[k] = last.startUs + last.latencyUs;
    });
  }
  return calls.sort((a, b) => a.startUs - b.startUs || (a.callId < b.callId ? -1 : 1));
}

function pointAt(calls: readonly ScenarioCall[], index: number): ScenarioPoint | null {
  const call = calls[index];
  return call === undefined ? null : { index, callId: call.callId, tsMs: Math.floor(call.startUs / 1000) };
}

function truthOf({ name, seed }: ScenarioParams, approved: readonly ScenarioCall[], observed: readonly ScenarioCall[], { untilUs }: Span): ScenarioTruth {
  const { hostile, summary } = SCENARIO_PLANS[name];
  const isChanged = ({ changed }: ScenarioCall): boolean => changed;
  const over = observed.findIndex(({ startUs }) => startUs >= untilUs);
  return {
    schema: 'hindcast.scenario.v1',
    scenario: name,
    seed,
    summary,
    hostile,
    labelSource: 'by construction: a call is unsafe where the scenario\'s script made it or added to it',
    approvedCalls: approved.length,
    observedCalls: observed.length,
    unsafeCalls: observed.filter((call) => call.hostile).length,
    change: pointAt(observed, observed.findIndex(isChanged)),
    over: over < 0 ? null : pointAt(observed, over),
  };
}

function daysOf(days: number, name: string): number {
  if (!Number.isSafeInteger(days) || days < 10 || days > 1000) throw new InputError('BAD_PARAM', `${name} must be an integer in [10, 1000], got ${String(days)}`);
  return days;
}

/**
 * A scenario for trying detectors and thresholds on: weeks of everyday work by three actors, then weeks in which something
 * happens, an attack or not.
 *
 * @returns the calls of both periods and what is true of them
 * @throws {@link InputError} BAD_PARAM
 * @remarks Deterministic. Sessions are Poisson, the kinds of calls within one a Markov chain, latencies and sizes log-normal with
 * a Pareto tail, what is touched is drawn with chance 1/rank. The change begins on the 6th to 10th day watched. Work that was
 * invented is more regular than work that was recorded: what a detector reaches here is the best it can hope for.
 * @example
 * ```ts
 * generateScenario({ name: 'slow-exfiltration', seed: 1 }).truth.hostile; // => true
 * ```
 */
export function generateScenario(params: ScenarioParams): Scenario {
  const { name, seed, approvedDays = 20, observedDays = 20 } = params;
  if (!SCENARIO_NAMES.includes(name)) throw new InputError('BAD_PARAM', `name must be one of ${SCENARIO_NAMES.join(', ')}, got ${JSON.stringify(name)}`);
  const first = daysOf(approvedDays, 'approvedDays');
  const rng = random(seed);
  const approved = callsOf(0, first, NO_PLOT, rng);
  const { hours, plot } = SCENARIO_PLANS[name];
  const day = first + 5 + rng.integer(5);
  // A release day is one from its first call on; other changes come at any hour of work.
  const fromUs = dayStart(day) + (name === 'release-day' ? 0 : Math.round(4 * HOUR_US * rng.uniform()));
  const span: Span = { fromUs, untilUs: hours === null ? Infinity : fromUs + hours * HOUR_US, day: day + 1 };
  const observed = callsOf(first, daysOf(observedDays, 'observedDays'), plot(span), rng);
  return { approved, observed, truth: truthOf(params, approved, observed, span) };
}
