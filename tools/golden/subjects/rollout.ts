import { piRollout, piRolloutTrigger, scan, type JsonNode, type PiRolloutEvent, type PiRolloutPhase } from '../../../src/index.js';
import { hostConfig, snake } from '../host-values.js';
import { field, isNumber, listField, numberOf, textField } from '../input.js';
import type { Subject } from '../subject.js';

const numberOr = (node: JsonNode | undefined, fallback: number): number => (isNumber(node) ? numberOf(node) : fallback);

function eventOf(op: JsonNode, tsMs: number): PiRolloutEvent {
  const name = textField(op, 'op');
  if (name === 'set_phase') return { op: name, phase: textField(op, 'phase') as PiRolloutPhase, tsMs };
  if (name !== 'record') return { op: name as 'advance' | 'rollback', tsMs };
  return {
    op: name,
    tsMs,
    latencyMs: numberOr(field(op, 'latency_ms'), 0),
    wasError: field(op, 'was_error') === true,
    wasFalsePositive: field(op, 'was_false_positive') === true,
  };
}

/** The host's rollout tracker, event by event; an event without a time has that of the one before. */
export const subject: Subject = (input) => {
  const trigger = piRolloutTrigger(hostConfig(field(input, 'trigger')));
  const startMs = numberOr(field(input, 'start_ms'), 0);
  const phase = field(input, 'phase');
  let now = startMs;
  const events = listField(input, 'ops').map((op) => eventOf(op, (now = numberOr(field(op, 'ts_ms'), now))));
  const tracker = piRollout(trigger, { startMs, ...(typeof phase === 'string' ? { phase: phase as PiRolloutPhase } : {}) });
  return {
    trigger,
    steps: [...scan(tracker, events)].map(({ out, state: { state } }) => ({
      ret: out.changed,
      state: { enabled: true, ...(snake({ ...state, windowStats: out.stats }) as object) },
    })),
  };
};
