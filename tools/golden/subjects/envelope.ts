import { PI_ENVELOPE_TIERS, piEnvelope, scan } from '../../../src/index.js';
import { snake, tierOrConfig } from '../host-values.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's safety envelope, call by call. */
export const subject: Subject = (input) => {
  const config = tierOrConfig(input, PI_ENVELOPE_TIERS);
  const prior = field(input, 'prior_error_rate');
  const calls = listField(input, 'steps').map((call) =>
    call === 'reset' ? call : { latencyMs: numberOf(field(call, 'latency_ms')), success: field(call, 'success') === true },
  );
  const detector = piEnvelope(config, prior === undefined ? 0 : numberOf(prior));
  const steps = [...scan(detector, calls)].map(({ out }, i) => (calls[i] === 'reset' ? { reset: true, snapshot: out.snapshot } : out));
  return { config, steps: snake(steps) };
};
