import { piBocpd, scan, start } from '../../../src/index.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's BOCPD, row by row, and its runs at the end. */
export const subject: Subject = (input) => {
  const detector = piBocpd({
    lambda: numberOf(field(input, 'lambda')),
    threshold: numberOf(field(input, 'threshold')),
    maxRunLength: numberOf(field(input, 'max_run_length')),
  });
  const steps = [...scan(detector, listField(input, 'values').map(numberOf))];
  const { counts, means, m2s, probs } = (steps.at(-1)?.state ?? start(detector)).state;
  return {
    columns: ['detected', 'cp_prob', 'len', 'changepoint_count', 'warmed_up'],
    final: { counts, means, m2s, probs },
    steps: steps.map(({ out, state: { state: s } }) => [out, s.probs[0], s.probs.length, s.changepointCount, s.warmedUp]),
  };
};
