import type { Random } from '../../stats/random.js';
import type { ScenarioActor } from './actors.js';
import type { ScenarioCall } from './call.js';
import { WORK, type ScenarioKind, type WorkName } from './kinds.js';
import { drawCount, drawLaw, drawName, type LogNormal } from './laws.js';

/** A call about to be made. */
export interface Step {
  readonly kind: ScenarioKind;
  /** What it touches; left out: drawn. */
  readonly resource?: string;
  readonly hostile?: boolean;
  readonly changed?: boolean;
  /** Bytes sent beside what the kind sends. */
  readonly more?: LogNormal;
  /** Chance of failing and time until then, in place of the kind's. */
  readonly failure?: number;
  readonly latency?: LogNormal;
  /** Milliseconds to wait before it, in place of the actor's. */
  readonly waitMs?: number;
  /** How often it has been tried before. */
  readonly tries?: number;
}

/** What makes a scenario out of everyday work. */
export interface Plot {
  /** How many sessions an actor has on a working day, beside its usual number. */
  readonly sessionsFactor: (day: number) => number;
  /** Changes a step of everyday work. */
  readonly step: (step: Step, at: Moment) => Step;
  /** What follows a call, before everyday work goes on. */
  readonly after: (made: ScenarioCall, step: Step, at: Moment) => readonly Step[];
  /** How fast the work goes: times the waits between calls. */
  readonly waitFactor: (at: Moment) => number;
}

/** When and by whom a call is made. */
export interface Moment {
  readonly actor: string;
  readonly startUs: number;
  readonly rng: Random;
}

/** Everyday work and nothing else. */
export const NO_PLOT: Plot = { sessionsFactor: () => 1, step: (step) => step, after: () => [], waitFactor: () => 1 };

function nextWork({ next }: ScenarioActor, now: WorkName, rng: Random): WorkName | null {
  let u = rng.uniform();
  for (const [name, weight] of next[now] ?? []) {
    u -= weight;
    if (u < 0) return name;
  }
  return null;
}

/** One session in the making. */
interface Session {
  readonly actor: ScenarioActor;
  readonly name: string;
  readonly plot: Plot;
  readonly rng: Random;
  readonly calls: ScenarioCall[];
  /** When the last call ended. */
  nowUs: number;
}

function makeCall(session: Session, step: Step): ScenarioCall {
  const { actor, rng } = session;
  const { kind, resource, hostile = false, changed = hostile, more, failure = kind.failure, latency = kind.latency } = step;
  const failed = rng.uniform() < failure;
  const sent = drawCount(kind.sent, rng) + (more === undefined ? 0 : drawCount(more, rng));
  return {
    actor: actor.name,
    session: session.name,
    callId: `${session.name}-${String(session.calls.length + 1).padStart(3, '0')}`,
    kind,
    resource: resource ?? drawName(kind.resources, rng),
    startUs: session.nowUs,
    latencyUs: Math.max(1, Math.round(1000 * drawLaw(latency, rng))),
    bytesSent: sent,
    bytesReceived: failed ? 0 : drawCount(kind.received, rng),
    errorCode: failed ? kind.error : null,
    hostile,
    changed,
  };
}

/** Makes a call after the wait before it, and what the plot has follow it. */
function perform(session: Session, planned: Step): void {
  const { actor, plot, rng } = session;
  const moment = (): Moment => ({ actor: actor.name, startUs: session.nowUs, rng });
  const waitMs = planned.waitMs ?? drawLaw({ median: actor.gapMs, sigma: 1 }, rng);
  session.nowUs += Math.round(1000 * waitMs * plot.waitFactor(moment()));
  const step = plot.step(planned, moment());
  const made = makeCall(session, step);
  session.calls.push(made);
  session.nowUs += made.latencyUs;
  for (const follow of plot.after(made, step, moment())) perform(session, follow);
}

/** A Poisson number: how many unit waits fit into the mean. */
function drawNumber(mean: number, rng: Random): number {
  let count = 0;
  for (let sum = rng.exponential(); sum < mean; sum += rng.exponential()) count += 1;
  return count;
}

const HOUR_US = 3.6e9;

/** What a working day is given by. */
interface Day {
  readonly number: number;
  readonly startUs: number;
}

/**
 * An actor's calls on one working day: sessions spread over eight hours, one after another.
 *
 * @param fromUs - when the actor's last session ended
 */
export function actorDay(actor: ScenarioActor, { number, startUs }: Day, plot: Plot, { rng, fromUs }: { readonly rng: Random; readonly fromUs: number }): readonly ScenarioCall[] {
  const count = drawNumber(actor.sessions * plot.sessionsFactor(number), rng);
  const starts = Array.from({ length: count }, () => startUs + Math.round(8 * HOUR_US * rng.uniform())).sort((a, b) => a - b);
  const calls: ScenarioCall[] = [];
  let endUs = fromUs;
  starts.forEach((planned, k) => {
    const session: Session = { actor, name: `${actor.name}-d${String(number).padStart(2, '0')}-${String(k + 1)}`, plot, rng, calls: [], nowUs: Math.max(planned, endUs + 6e7) };
    for (let work: WorkName | null = actor.first; work !== null; work = nextWork(actor, work, rng)) perform(session, { kind: WORK[work] });
    calls.push(...session.calls);
    endUs = session.nowUs;
  });
  return calls;
}
