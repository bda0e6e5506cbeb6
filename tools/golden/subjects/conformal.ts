import { piConformal, scan } from '../../../src/index.js';
import { field, listField, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

const COLUMNS = ['anomaly', 'running_mean', 'running_m2', 'calibration_len', 'anomaly_count', 'anomaly_rate', 'interval_width'];

/** The host's conformal interval, row by row. */
export const subject: Subject = (input) => {
  const detector = piConformal({ confidence: numberOf(field(input, 'confidence')), maxCalibration: numberOf(field(input, 'max_calibration')) });
  const steps = [...scan(detector, listField(input, 'values').map(numberOf))];
  return {
    columns: COLUMNS,
    steps: steps.map(({ out, state: { state: s } }) => [
      out.anomaly, s.mean, s.m2, s.scores.length, s.anomalyCount, out.anomalyRate, out.intervalWidth,
    ]),
  };
};
