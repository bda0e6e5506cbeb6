import { BURST_10S, BURST_1S, piBurstDensity, piMad, piMedian, piQuantile, piTransitionMatrix, RISK_STATES } from '../../../src/index.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

/** Median, MAD, quantiles, transitions and bursts of plain lists. */
export const subject: Subject = (input, cmd) => {
  if (cmd === 'stats') {
    const values = listField(input, 'values').map(numberOf);
    return { median: piMedian(values), mad: piMad(values), quantiles: listField(input, 'quantiles').map((p) => piQuantile(values, numberOf(p))) };
  }
  if (cmd === 'markov') {
    const states = listField(input, 'states').map((state) => RISK_STATES.findIndex((name) => name === state));
    return piTransitionMatrix(states, numberOf(field(input, 'smoothing_prior')));
  }
  const times = listField(input, 'timestamps').map(numberOf);
  return { burst_1s: piBurstDensity(times, BURST_1S), burst_10s: piBurstDensity(times, BURST_10S) };
};
