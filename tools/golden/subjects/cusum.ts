import { piCusum, scan } from '../../../src/index.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

const COLUMNS = ['alarm', 'cumsum_high', 'cumsum_low', 'baseline_interval_ms', 'baseline_sigma', 'baseline_n', 'baseline_ready', 'alarm_count'];

/** The host's CUSUM, row by row. */
export const subject: Subject = (input) => {
  const detector = piCusum({ k: numberOf(field(input, 'k')), h: numberOf(field(input, 'h')) });
  const steps = [...scan(detector, listField(input, 'values').map(numberOf))];
  return {
    columns: COLUMNS,
    steps: steps.map(({ out, state: { state: s } }) => [out, s.high, s.low, s.mean, s.sigma, s.n, s.ready, s.alarmCount]),
  };
};
