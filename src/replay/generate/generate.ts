import { InputError } from '../../errors.js';
import type { UnsealedEntry } from '../../ledger/entry.js';
import { paramsHash } from '../../ledger/params-hash.js';
import { initialActor, type PiActorState } from '../../risk/pi/actor-state.js';
import { isDangerous, piBaseScore } from '../../risk/pi/base-score.js';
import { clamp01 } from '../../risk/pi/clamp.js';
import { checkControllerParams, piDecide, piRecord, PI_CONTROLLER_DEFAULTS, type PiCall, type PiControllerParams, type PiDecision } from '../../risk/pi/controller.js';
import { ARGUMENT_TRIGGERS } from '../../risk/pi/triggers.js';
import { random, type Random } from '../../stats/random.js';
import { PROFILES, type ActorProfile } from './actors.js';
import { ATTACK_NAMES, ATTACKS, CALLS, drawParams, type AttackName, type CallKind } from './calls.js';
import { drawByShare, drawFailure, REGIMES, type Regime } from './regimes.js';
import { writtenEntry } from './written-entry.js';

/** What to generate. */
export interface GenerateParams {
  /** How many entries, an integer >= 0. */
  readonly entries: number;
  /** An integer in [0, 2^53); the same seed gives the same ledger. */
  readonly seed: number;
  /** When the first call comes in, in milliseconds since the epoch. Default: 1 January 2026. */
  readonly startMs?: number;
  /** Settings of the controller that decides. */
  readonly controller?: Partial<PiControllerParams>;
  /** Probability that a call starts an attack, default 1 in 1,000; a new version is bad from the start 150 times as often. */
  readonly attackRate?: number;
}

/** A generated entry and the truth about it, which comes from the generator's script and not from the controller. */
export interface GeneratedEntry {
  readonly entry: UnsealedEntry;
  readonly label: 'safe' | 'unsafe';
  /** Attack the call is part of; null for none. */
  readonly attack: AttackName | null;
  readonly regime: string;
}

/** An actor at work. */
interface Actor {
  readonly profile: ActorProfile;
  version: number;
  state: PiActorState;
  callCount: number;
  /** Calls until a new version takes its place. */
  callsLeft: number;
  attack: { readonly name: AttackName; done: number; left: number } | null;
}

/** Everything that changes while a ledger is generated: a handful of numbers and windows, however long the ledger. */
interface World {
  readonly rng: Random;
  readonly params: PiControllerParams;
  readonly attackRate: number;
  readonly actors: readonly Actor[];
  /** Hashes of parameters already drawn, of which there are not many. */
  readonly paramsHashes: Map<string, string>;
  nowMs: number;
  regime: Regime;
  regimeCallsLeft: number;
}

const START_MS = Date.UTC(2026, 0, 1);

function drawAttack(rng: Random, meanCalls: number): Actor['attack'] {
  const name = ATTACK_NAMES[rng.integer(ATTACK_NAMES.length)] as AttackName;
  return { name, done: 0, left: 4 + Math.floor(meanCalls * rng.exponential()) };
}

/** A new version of an actor; now and then one that was bad from the start. */
function freshActor(profile: ActorProfile, version: number, rng: Random, attackRate: number): Actor {
  const callsLeft = 200 + Math.floor(1800 * rng.exponential());
  const bad = rng.uniform() < 150 * attackRate;
  return { profile, version, state: initialActor(), callCount: 0, callsLeft, attack: bad ? drawAttack(rng, 60) : null };
}

function startWorld({ entries, seed, startMs = START_MS, controller = {}, attackRate = 0.001 }: GenerateParams): World {
  if (!Number.isSafeInteger(entries) || entries < 0) throw new InputError('BAD_PARAM', `entries must be an integer >= 0, got ${String(entries)}`);
  if (!Number.isSafeInteger(startMs)) throw new InputError('BAD_PARAM', `startMs must be a safe integer, got ${String(startMs)}`);
  if (!(attackRate >= 0 && attackRate <= 1)) throw new InputError('BAD_PARAM', `attackRate must be in [0, 1], got ${String(attackRate)}`);
  const rng = random(seed);
  const params = checkControllerParams({ ...PI_CONTROLLER_DEFAULTS, ...controller });
  const regime = REGIMES[0] as Regime;
  return { rng, params, attackRate, actors: PROFILES.map((p) => freshActor(p, 1, rng, attackRate)), paramsHashes: new Map(), nowMs: startMs, regime, regimeCallsLeft: regime.meanCalls };
}

function changeRegime(world: World): void {
  if (world.regimeCallsLeft > 0) return;
  world.regime = drawByShare(REGIMES, (r) => r.share, world.rng);
  world.regimeCallsLeft = 20 + Math.floor(world.regime.meanCalls * world.rng.exponential());
}

/** A quarantined version makes a few more calls before it is taken out; others live out their time. */
function changeVersion(actor: Actor, { rng, attackRate }: World): void {
  if (actor.state.quarantined) actor.callsLeft = Math.min(actor.callsLeft, 30);
  if (actor.callsLeft <= 0) Object.assign(actor, freshActor(actor.profile, actor.version + 1, rng, attackRate));
}

/** The actor's next call: mostly the attack's while one is on, else one of its own. */
function drawCall(actor: Actor, world: World): { kind: CallKind; attack: AttackName | null } {
  const { rng } = world;
  if (actor.attack === null && rng.uniform() < world.attackRate) actor.attack = drawAttack(rng, 16);
  const { attack } = actor;
  if (attack !== null && rng.uniform() < 0.75) {
    const script: readonly CallKind[] = ATTACKS[attack.name];
    const kind = script[attack.done % script.length] as CallKind;
    attack.done += 1;
    attack.left -= 1;
    if (attack.left <= 0) actor.attack = null;
    return { kind, attack: attack.name };
  }
  return { kind: CALLS[drawByShare(actor.profile.calls, ([, share]) => share, rng)[0]], attack: null };
}

function drawReason(kind: CallKind, rng: Random): string {
  const u = rng.uniform();
  if (!isDangerous(kind.capability)) return u < 0.97 ? 'default_caps' : 'prompt_cache_allow';
  return u < 0.7 ? 'prompt_cache_allow' : u < 0.8 ? 'prompt_user_allow' : 'default_caps';
}

function seenCall(kind: CallKind, policyReason: string, { nowMs, rng }: World): PiCall {
  const odds = rng.uniform();
  return {
    startMs: nowMs,
    capability: kind.capability,
    baseScore: clamp01(piBaseScore({ capability: kind.capability, method: kind.method, policyReason }) + kind.delta),
    argumentDelta: kind.delta,
    argumentTriggers: kind.triggers,
    sensitiveTarget: kind.sensitive,
    slowFeatures: rng.uniform() < 0.003,
    timedOut: rng.uniform() < 0.001,
    explanationElapsedMs: odds < 0.002 ? 3 : odds < 0.05 ? 1 : 0,
  };
}

/** Whether an enforcing host keeps the call from running. */
function isBlocked({ action, score, triggers }: PiDecision, capability: string): boolean {
  if (action === 'deny' || action === 'terminate') return true;
  return action === 'harden' && isDangerous(capability) && (score >= 0.82 || ARGUMENT_TRIGGERS.some((t) => triggers.includes(t)));
}

function nextEntry(world: World): GeneratedEntry {
  const { rng, params } = world;
  changeRegime(world);
  const actor = drawByShare(world.actors, (a) => a.profile.share, rng);
  changeVersion(actor, world);
  const { kind, attack } = drawCall(actor, world);
  const policyReason = drawReason(kind, rng);
  world.nowMs += Math.floor(world.regime.meanGapMs * rng.exponential());
  const call = seenCall(kind, policyReason, world);
  const { decision, state } = piDecide(actor.state, call, params);
  const blocked = actor.profile.enforced && isBlocked(decision, kind.capability);
  world.nowMs += blocked ? 0 : Math.floor(kind.meanMs * rng.exponential());
  const errorCode = blocked ? 'denied' : drawFailure(world.regime, kind.weakness, rng);
  const ended = piRecord(state, { tsMs: world.nowMs, capability: kind.capability, errorCode, decision }, params);
  actor.state = ended.state;
  actor.callCount += 1;
  actor.callsLeft -= 1;
  world.regimeCallsLeft -= 1;
  const id = `${actor.profile.name}-v${String(actor.version)}`;
  const entry = writtenEntry({
    tsMs: world.nowMs, actor: id, callId: `${id}-${String(actor.callCount).padStart(6, '0')}`, method: kind.method, paramsHash: drawParamsHash(kind, world),
    policyReason, call, decision, errorCode, residual: ended.residual, quantile: actor.state.previousQuantile, params,
  });
  return { entry, label: attack === null ? 'safe' : 'unsafe', attack, regime: world.regime.name };
}

function drawParamsHash(kind: CallKind, { rng, paramsHashes }: World): string {
  const params = drawParams(kind, rng);
  const key = kind.method + params;
  const known = paramsHashes.get(key);
  if (known !== undefined) return known;
  const hash = paramsHash(kind.method, params);
  paramsHashes.set(key, hash);
  return hash;
}

/**
 * A synthetic ledger's entries, one at a time: several actors with their own habits, regimes from quiet to a failing
 * network, attacks, and decisions by the host's own formulas, so that the sealed ledger verifies and recomputes without
 * a mismatch.
 *
 * @param params - see {@link GenerateParams}
 * @returns entries in ledger order, to be sealed in that order, each with its label
 * @throws {@link InputError} BAD_PARAM
 * @remarks Deterministic; memory does not grow with the ledger. Labels say what the generator's script did, whatever
 * the controller made of it. The one value that may differ between JavaScript engines in its last bits is `e_process`,
 * which goes through `Math.exp`.
 * @example
 * ```ts
 * [...generateEntries({ entries: 3, seed: 1 })].length; // => 3
 * recomputeLedger(sealLedger([...generateEntries({ entries: 50, seed: 1 })].map((g) => g.entry), { generatedAtMs: 0n })).mismatchCount; // => 0
 * ```
 */
export function* generateEntries(params: GenerateParams): Generator<GeneratedEntry, undefined> {
  const world = startWorld(params);
  for (let i = 0; i < params.entries; i += 1) yield nextEntry(world);
}
