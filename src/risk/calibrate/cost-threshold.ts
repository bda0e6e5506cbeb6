import { distinctScores, type ClassCurve } from './class-curve.js';
import type { OutcomeCosts } from './sweep.js';

/**
 * The cheapest threshold over every distinct score and "flag nothing" (Infinity), each call counted by its weight; of
 * equally cheap ones the lowest, which flags most.
 *
 * @param unsafe - labelled unsafe calls
 * @param safe - labelled safe calls
 * @param costs - cost of each outcome, in any one unit
 * @remarks Cheapest on these very calls, with no promise about others. Weighted by 1 over the chance of being labelled,
 * the cost is an unbiased estimate of that of all calls. O(n log n).
 * @see Horvitz & Thompson (1952), JASA 47, 663-685.
 */
export function cheapestThreshold(unsafe: ClassCurve, safe: ClassCurve, costs: Required<OutcomeCosts>): number {
  const costAt = (threshold: number): number =>
    unsafe.below(threshold) * costs.falseNegative + unsafe.flagged(threshold) * costs.truePositive
    + safe.flagged(threshold) * costs.falsePositive + safe.below(threshold) * costs.trueNegative;
  let [best, lowest] = [Infinity, costAt(Infinity)];
  const candidates = distinctScores(unsafe, safe);
  for (const threshold of candidates.toReversed()) {
    const cost = costAt(threshold);
    // Equal on paper, sums of costs without an exact double differ in their last bits.
    if (cost > lowest * (1 + 1e-12)) continue;
    best = threshold;
    lowest = Math.min(lowest, cost);
  }
  return best;
}
