import type { Alternative, CalibrationMethod } from './calibrated-threshold.js';
import type { Calls } from './calls.js';
import { choose, type Material } from './choose.js';
import type { ClassCurve } from './class-curve.js';
import { percentText } from './level.js';
import { observedRates } from './rates.js';

/** The highest threshold whose miss rate on these very calls is at most alpha; null where none is. */
function plugIn({ n, total, unscored, ascending, below }: ClassCurve, alpha: number): number | null {
  if (n === 0 || unscored > 0 && below(-Infinity) > alpha * total) return null;
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (below(ascending[middle] ?? NaN) <= alpha * total) low = middle;
    else high = middle - 1;
  }
  return ascending[low] ?? null;
}

type Named = readonly [name: string, threshold: number | null, promise: string];

const NAMES: Readonly<Record<CalibrationMethod, string>> = {
  np: 'np', ltt: 'ltt', crc: 'crc', cost: 'cheapest', host: "host's grid",
};

function byMethod(method: CalibrationMethod, material: Material, promise: string): Named {
  return [NAMES[method], choose(method, material).threshold, promise];
}

function guaranteed(material: Material): Named[] {
  const { targets, leastProbability } = material;
  if (targets.miss === null && targets.falseAlarm === null) return [];
  const confidence = `${percentText(1 - targets.delta)} confidence`;
  const tests: Named[] = [byMethod('ltt', material, confidence)];
  if (leastProbability !== null) return tests;
  const single = targets.miss === null || targets.falseAlarm === null;
  return [byMethod('np', material, confidence), ...tests, ...(single ? [byMethod('crc', material, 'on average only')] : [])];
}

/**
 * What other methods would have chosen on the same calls, and what the threshold in force does.
 *
 * @param method - the method that was asked for, left out
 * @param material - what it chose from
 * @param judged - calls to judge all thresholds on
 * @param level - confidence of the limits
 */
export function alternativesTo(method: CalibrationMethod, material: Material, judged: Calls, level: number): Alternative[] {
  const { unsafe, targets, host } = material;
  const { miss } = targets;
  const named: Named[] = [
    ['in force', host.baselineThreshold ?? 0.65, 'none'],
    byMethod('host', material, 'none'),
    byMethod('cost', material, 'none'),
    ...(miss === null ? [] : [['plug-in', plugIn(unsafe, miss), 'none'] as const]),
    ...guaranteed(material),
  ];
  return named.filter(([name]) => name !== NAMES[method]).map(([name, threshold, promise]) => {
    const finite = threshold === Infinity ? null : threshold;
    return { name, threshold: finite, promise, observed: finite === null ? null : observedRates(judged, finite, level) };
  });
}
