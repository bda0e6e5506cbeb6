import { logBinomialWeight } from './binomial.js';
import { integerIn } from './sample.js';

/** Ties between equally likely tables are broken by rounding unless this much slack is given. */
const TIE = 1e-7;

/**
 * Fisher's exact test that two groups share one success probability, two-sided: the probability, given both margins,
 * of a table at most as likely as the one seen.
 *
 * @param successes - successes of either group, integers
 * @param trials - trials of either group, integers >= successes
 * @returns p-value in (0, 1]; at most alpha with probability at most alpha when trials are independent and the success
 * probabilities are equal
 * @throws {@link InputError} BAD_PARAM
 * @remarks Conservative where few tables are possible. O(smaller margin).
 * @see Fisher (1935), Journal of the Royal Statistical Society 98, 39-82.
 * @example
 * ```ts
 * fisherExact([0, 5], [5, 5]).toFixed(6); // => '0.007937'
 * ```
 */
export function fisherExact(successes: readonly [number, number], trials: readonly [number, number]): number {
  const [n, m] = trials.map((count) => integerIn(count, 0, 2 ** 52, 'a number of trials')) as [number, number];
  const k = integerIn(successes[0], 0, n, 'the successes of the first group');
  const all = k + integerIn(successes[1], 0, m, 'the successes of the second group');
  if (all === 0 || all === n + m || n === 0 || m === 0) return 1;
  // Whatever p is, it cancels; the pooled rate keeps every weight near 1.
  const p = all / (n + m);
  const q = (n + m - all) / (n + m);
  const weight = (i: number): number => logBinomialWeight(i, n, p, q) + logBinomialWeight(all - i, m, p, q);
  const total = logBinomialWeight(all, n + m, p, q);
  const seen = Math.exp(weight(k) - total);
  // The weights rise to one mode: walk outward from it and add those that are no likelier than what was seen.
  const mode = Math.floor(((all + 1) * (n + 1)) / (n + m + 2));
  const peak = Math.exp(weight(mode) - total);
  const limit = seen * (1 + TIE);
  if (peak <= limit) return 1;
  // Seen from the other group, walking down is walking up.
  return Math.min(1, sumUpward(peak, limit, [mode, all, n, m]) + sumUpward(peak, limit, [all - mode, all, m, n]));
}

/** Probability of one table given both margins: no p-value of {@link fisherExact} is below it. O(1). */
export function tableProbability([k, l]: readonly [number, number], [n, m]: readonly [number, number]): number {
  const all = k + l;
  if (all === 0 || all === n + m || n === 0 || m === 0) return 1;
  const [p, q] = [all / (n + m), (n + m - all) / (n + m)];
  return Math.exp(logBinomialWeight(k, n, p, q) + logBinomialWeight(l, m, p, q) - logBinomialWeight(all, n + m, p, q));
}

/** Sum of the weights above `start` successes in the first group that are at most `limit`, from the weight there. */
function sumUpward(peak: number, limit: number, [start, all, n, m]: readonly [number, number, number, number]): number {
  let sum = 0;
  let weight = peak;
  for (let i = start; i < Math.min(all, n) && weight > 0; i += 1) {
    weight *= ((all - i) * (n - i)) / ((i + 1) * (m - all + i + 1));
    if (weight <= limit) sum += weight;
  }
  return sum;
}
