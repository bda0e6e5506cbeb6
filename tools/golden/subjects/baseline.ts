import { fitPiBaseline, InputError, type PiBaselineOptions } from '../../../src/index.js';
import { field, isNumber, numberOf, textField, verifiedOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's baseline of a ledger. */
export const subject: Subject = (input) => {
  const now = field(input, 'now_ms');
  const option = (key: string, name: keyof PiBaselineOptions): Partial<PiBaselineOptions> => {
    const value = field(input, key);
    return value === undefined ? {} : { [name]: numberOf(value) };
  };
  try {
    return {
      ok: fitPiBaseline(verifiedOf(input), {
        actor: textField(input, 'extension_id'),
        generatedAtMs: isNumber(now) ? BigInt(now.text) : 0n,
        ...option('anomaly_threshold_mads', 'anomalyThresholdMads'),
        ...option('transition_divergence_threshold', 'transitionDivergenceThreshold'),
        ...option('smoothing_prior', 'smoothingPrior'),
      }),
    };
  } catch (error) {
    if (error instanceof InputError) return { error: error.code.toLowerCase() };
    throw error;
  }
};
