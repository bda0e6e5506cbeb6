import type { UnsealedEntry } from '../../ledger/entry.js';
import { paramsHash } from '../../ledger/params-hash.js';
import { initialActor, type PiActorState } from '../../risk/pi/actor-state.js';
import { isDangerous, piBaseScore } from '../../risk/pi/base-score.js';
import { clamp01 } from '../../risk/pi/clamp.js';
import { piDecide, piRecord, PI_CONTROLLER_DEFAULTS } from '../../risk/pi/controller.js';
import { writtenEntry } from '../generate/written-entry.js';
import type { ScenarioCall } from './call.js';
import { methodOf } from './trace-row.js';

const endMs = ({ startUs, latencyUs }: ScenarioCall): number => Math.floor((startUs + latencyUs) / 1000);

/** The parameters of a call as canonical JSON. */
function paramsText({ kind, resource }: ScenarioCall): string {
  const text = JSON.stringify(resource);
  if (kind.tool !== null) return `{"input":{"path":${text}},"name":"${kind.tool}"}`;
  return kind.capability === 'exec' ? `{"command":${text}}` : kind.capability === 'http' ? `{"url":${text}}` : `{"name":${text}}`;
}

function entryOf(call: ScenarioCall, state: PiActorState): { readonly entry: UnsealedEntry; readonly state: PiActorState } {
  const { kind, actor, callId, errorCode, startUs } = call;
  const [params, method, tsMs] = [PI_CONTROLLER_DEFAULTS, methodOf(call), endMs(call)];
  const policyReason = isDangerous(kind.capability) ? 'prompt_cache_allow' : 'default_caps';
  const seen = {
    startMs: Math.floor(startUs / 1000),
    capability: kind.capability,
    baseScore: clamp01(piBaseScore({ capability: kind.capability, method, policyReason }) + kind.delta),
    argumentDelta: kind.delta,
    argumentTriggers: kind.triggers,
    sensitiveTarget: kind.sensitive,
    slowFeatures: false,
    timedOut: false,
    explanationElapsedMs: 0,
  };
  const { decision, state: decided } = piDecide(state, seen, params);
  const ended = piRecord(decided, { tsMs, capability: kind.capability, errorCode, decision }, params);
  const entry = writtenEntry({
    tsMs, actor, callId, method, paramsHash: paramsHash(method, paramsText(call)), policyReason, call: seen, decision, errorCode,
    residual: ended.residual, quantile: ended.state.previousQuantile, params,
  });
  return { entry, state: ended.state };
}

/**
 * The risk ledger that the host would have kept of a scenario's calls, not enforcing what it decided: entries in order of the
 * calls' ends, to be sealed in that order.
 *
 * @param calls - one period of a scenario
 * @remarks As for `generateEntries`, `e_process` goes through `Math.exp`.
 * @example
 * ```ts
 * const { approved } = generateScenario({ name: 'release-day', seed: 1 });
 * recomputeLedger(sealLedger([...scenarioEntries(approved.slice(0, 50))], { generatedAtMs: 0n })).mismatchCount; // => 0
 * ```
 */
export function* scenarioEntries(calls: readonly ScenarioCall[]): Generator<UnsealedEntry, undefined> {
  const states = new Map<string, PiActorState>();
  for (const call of calls.toSorted((a, b) => endMs(a) - endMs(b) || a.startUs - b.startUs)) {
    const { entry, state } = entryOf(call, states.get(call.actor) ?? initialActor());
    states.set(call.actor, state);
    yield entry;
  }
}
