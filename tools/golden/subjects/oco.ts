import { PI_OCO_TIERS, piAdaptiveThreshold, piOco, scan, type JsonNode } from '../../../src/index.js';
import { snake, tierOrConfig } from '../host-values.js';
import { field, isNumber, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

const numberOrNull = (node: JsonNode | undefined): number | null => (isNumber(node) ? numberOf(node) : null);

/** The host's tuner, round by round. */
export const subject: Subject = (input) => {
  const config = tierOrConfig(input, PI_OCO_TIERS);
  const base = numberOf(field(input, 'base_threshold'));
  const tuner = piOco(config);
  const updates = listField(input, 'updates').map((update) => ({
    overloaded: field(update, 'overloaded') === true,
    queueDepth: numberOrNull(field(update, 'queue_depth')),
    queueCapacity: numberOrNull(field(update, 'queue_capacity')),
  }));
  return {
    config,
    initial: { adaptive_threshold: piAdaptiveThreshold(tuner.init(), base), snapshot: snake(tuner.init()) },
    steps: [...scan(tuner, updates)].map(({ out, state: { state } }) => ({
      adaptive_threshold: piAdaptiveThreshold(state, base),
      cumulative_regret: state.cumulativeRegret,
      loss: out.loss,
      rolled_back: out.rolledBack,
      snapshot: snake(state),
    })),
  };
};
