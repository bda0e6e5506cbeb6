import { piPacBayes } from '../../../src/index.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's PAC-Bayes figure of counts. */
export const subject: Subject = (input) => ({
  results: listField(input, 'cases').map((one) => {
    const prior = field(one, 'prior_error_rate');
    return piPacBayes({
      successes: numberOf(field(one, 'successes')),
      failures: numberOf(field(one, 'failures')),
      delta: numberOf(field(one, 'delta')),
      priorWeight: numberOf(field(one, 'prior_weight')),
      priorErrorRate: prior === undefined ? 0 : numberOf(prior),
    });
  }),
});
