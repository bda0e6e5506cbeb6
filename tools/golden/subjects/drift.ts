import { parsePiBaseline, piDrift, RISK_STATES } from '../../../src/index.js';
import { field, listField, numberOf, textField } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's drift check of given figures against a baseline. */
export const subject: Subject = (input) =>
  piDrift(parsePiBaseline(field(input, 'baseline') ?? null), {
    extension_id: textField(input, 'extension_id'),
    capability: textField(input, 'capability'),
    risk_score: numberOf(field(input, 'live_risk_score')),
    error_rate: numberOf(field(input, 'live_error_rate')),
    burst_density_1s: numberOf(field(input, 'live_burst_1s')),
    burst_density_10s: numberOf(field(input, 'live_burst_10s')),
    runs: [listField(input, 'recent_states').map((state) => RISK_STATES.findIndex((name) => name === state))],
  });
