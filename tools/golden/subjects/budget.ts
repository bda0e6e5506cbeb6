import { PI_BUDGET_TIERS, piBudget, piBudgetConfig, piBudgetKey, type JsonNode, type PiBudgetState, type PiBudgetStep, type PiOverload, type PiRecovery } from '../../../src/index.js';
import { hostConfig, snake } from '../host-values.js';
import { field, isNumber, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

const numberOrNull = (node: JsonNode | undefined): number | null => (isNumber(node) ? numberOf(node) : null);

function eventOf(event: JsonNode): PiOverload | PiRecovery {
  const reason = field(event, 'reason');
  return field(event, 'op') === 'recovery'
    ? { op: 'recovery', success: field(event, 'success') === true }
    : {
        op: 'overload',
        tsMs: numberOf(field(event, 'ts_ms')),
        reason: typeof reason === 'string' ? reason : '',
        queueDepth: numberOrNull(field(event, 'queue_depth')),
        queueCapacity: numberOrNull(field(event, 'queue_capacity')),
      };
}

/** The host's budget controller of all extensions, event by event. */
export const subject: Subject = (input) => {
  const tier = field(input, 'tier');
  const preset = tier === 'strict' || tier === 'balanced' || tier === 'throughput' ? PI_BUDGET_TIERS[tier] : {};
  const config = piBudgetConfig({ ...preset, ...hostConfig(field(input, 'config')) });
  const controller = piBudget(config);
  const states = new Map<string, PiBudgetState>();
  const vetoing = new Map<string, boolean>();
  const steps = listField(input, 'events').map((event) => {
    const id = field(event, 'extension_id');
    const key = piBudgetKey(typeof id === 'string' ? id : null);
    let snapshot: PiBudgetStep['snapshot'] = null;
    if (key !== null) {
      const step = controller.step(states.get(key) ?? null, eventOf(event));
      states.set(key, step.state);
      snapshot = step.out.snapshot;
      vetoing.set(key, snapshot?.envelope.vetoing ?? false);
    }
    const { state, regime, envelope, oco } = snapshot ?? { state: null, regime: null, envelope: null, oco: null };
    return { any_vetoing: [...vetoing.values()].some(Boolean), state: snake(state), regime: snake(regime), envelope: snake(envelope), oco: snake(oco) };
  });
  return { config, steps };
};
