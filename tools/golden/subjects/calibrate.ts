import { InputError, piCalibrate, piThresholdGrid, type JsonNode, type PiCalibrationConfig, type PiGridRange, type PiObjective } from '../../../src/index.js';
import { field, listField, numberOf, verifiedOf } from '../input.js';
import type { Subject } from '../subject.js';

const NUMBERS = {
  baseline_threshold: 'baselineThreshold',
  false_positive_weight: 'falsePositiveWeight',
  false_negative_weight: 'falseNegativeWeight',
  min_threshold: 'minThreshold',
  max_threshold: 'maxThreshold',
  step: 'step',
} as const;

/** The options of a case under the public API's names. */
function optionsOf(node: JsonNode | undefined): PiCalibrationConfig & PiGridRange {
  const numbers = Object.entries(NUMBERS)
    .filter(([key]) => field(node, key) !== undefined)
    .map(([key, name]) => [name, numberOf(field(node, key))]);
  const objective = field(node, 'objective');
  return {
    ...(Object.fromEntries(numbers) as PiGridRange),
    ...(objective === undefined ? {} : { objective: objective as PiObjective }),
    ...(node !== undefined && field(node, 'threshold_grid') !== undefined ? { thresholdGrid: listField(node, 'threshold_grid').map(numberOf) } : {}),
  };
}

/** The host's threshold report, with its library's configuration or its command line's. */
export const subject: Subject = (input) => {
  try {
    const cli = field(input, 'cli');
    if (cli === undefined) return { ok: piCalibrate(verifiedOf(input), optionsOf(field(input, 'config'))) };
    const options = optionsOf(cli);
    return { ok: piCalibrate(verifiedOf(input), { ...options, thresholdGrid: piThresholdGrid(options) }) };
  } catch (error) {
    if (error instanceof InputError) return { error: error.code.toLowerCase() };
    throw error;
  }
};
