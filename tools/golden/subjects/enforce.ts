import { PI_HYSTERESIS, piEnforcement, piMergePolicy, piScoreBands, scan } from '../../../src/index.js';
import { hostConfig, snake } from '../host-values.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

type Policy = Parameters<typeof piMergePolicy>[1];

/** The host's enforcement machine, score by score; the policies of a case are taken in turn. */
export const subject: Subject = (input) => {
  const profile = field(input, 'profile');
  const bands = { ...piScoreBands(typeof profile === 'string' ? profile : 'balanced'), ...hostConfig(field(input, 'bands')) };
  const hysteresis = { ...PI_HYSTERESIS, ...hostConfig(field(input, 'hysteresis')) };
  const policies = (field(input, 'policy') ?? []) as readonly Policy[];
  const steps = [...scan(piEnforcement(bands, hysteresis), listField(input, 'scores').map(numberOf))];
  return {
    bands,
    hysteresis,
    evaluation_count: steps.at(-1)?.state.state.evaluationCount ?? 0,
    steps: steps.map(({ out }, i) => {
      const policy = policies[i % policies.length];
      return { ...(snake(out) as object), ...(policy === undefined ? {} : { merged: piMergePolicy(out.to, policy) }) };
    }),
  };
};
