import { insideUnit, integerIn, unit } from './sample.js';

/** Lattice points up to which the exact law is counted; beyond, an inequality is used. */
const EXACT_CELLS = 4_000_000;

/** Sample size at which looking for one that is large enough ends. */
const MOST_SAMPLES = 1e9;

/** A p-value and how it was come by. */
export interface TwoSampleP {
  readonly pValue: number;
  /** `exact`: exact for continuous data, an upper bound with ties. `bound`: an upper bound at any data. */
  readonly method: 'exact' | 'bound';
}

/**
 * P-value of the two-sample Kolmogorov-Smirnov statistic: how likely a largest distance of `distance` or more between
 * the empirical distribution functions is when both samples come from one distribution.
 *
 * @param distance - largest distance seen, in [0, 1]; taking it over fewer points only makes the p-value larger
 * @param n - size of the first sample, >= 1
 * @param m - size of the second sample, >= 1
 * @returns a valid p-value whatever the distribution, ties included, if all n + m observations are exchangeable
 * @throws {@link InputError} BAD_PARAM
 * @remarks Up to n m = 4 million the paths of the lattice that stay closer than `distance` are counted (O(n m) time,
 * O(m) memory): exact without ties, and ties only make the true law smaller. Beyond, the Dvoretzky-Kiefer-Wolfowitz
 * inequality with Massart's constant is applied to both samples, the distance split so that their bounds are equal:
 * valid but weaker.
 * @see Hodges (1958), Arkiv for Matematik 3, 469-486; Massart (1990), Annals of Probability 18, 1269-1283.
 * @example
 * ```ts
 * kolmogorovSmirnovP(1, 3, 3).pValue.toFixed(6); // => '0.100000'
 * ```
 */
export function kolmogorovSmirnovP(distance: number, n: number, m: number): TwoSampleP {
  unit(distance, 'distance');
  integerIn(n, 1, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(m, 1, Number.MAX_SAFE_INTEGER, 'm');
  if (n * m > EXACT_CELLS) return { pValue: inequality(distance, n, m), method: 'bound' };
  const steps = Math.round(distance * n * m);
  return { pValue: steps <= 0 ? 1 : Math.min(1, crossingProbability(steps, n, m)), method: 'exact' };
}

/**
 * Probability that a random lattice path from (0, 0) to (n, m) has |i m - j n| >= steps somewhere. It is carried as
 * the chance of having crossed, so that small values keep their digits.
 */
function crossingProbability(steps: number, n: number, m: number): number {
  // crossed[j]: probability that a uniform path to (i, j) has crossed by then.
  const crossed = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    let left = 0;
    for (let j = 0; j <= m; j += 1) {
      // A uniform path to (i, j) came from (i - 1, j) with probability i / (i + j), and the first row only from its left.
      const below = crossed[j] ?? 0;
      left = Math.abs(i * m - j * n) >= steps ? 1 : (below * i + left * j) / Math.max(1, i + j);
      crossed[j] = left;
    }
  }
  return crossed[m] ?? 1;
}

/** 2 exp(-2 n a^2) + 2 exp(-2 m b^2) with a + b = distance and n a^2 = m b^2. */
function inequality(distance: number, n: number, m: number): number {
  const rootSum = 1 / Math.sqrt(n) + 1 / Math.sqrt(m);
  return Math.min(1, 4 * Math.exp(-2 * (distance / rootSum) ** 2));
}

/** The p-value of complete separation, the smallest there is: 2 n! m! / (n + m)! by the exact law. */
function smallestP(n: number, m: number): number {
  if (n * m > EXACT_CELLS) return inequality(1, n, m);
  const [small, large] = [Math.min(n, m), Math.max(n, m)];
  let p = 2;
  for (let k = 1; k <= small && p > 0; k += 1) p *= k / (large + k);
  return p;
}

/**
 * Smallest size of a second sample, from a given one on, with which {@link kolmogorovSmirnovP} could reject at all:
 * every value of one sample below every value of the other must be significant.
 *
 * @param n - size of the first sample, integer >= 1
 * @param alpha - significance level, in (0, 1)
 * @param from - where to start looking, integer >= 1; default 1
 * @returns m >= from, or null where not even 10^9 would do
 * @throws {@link InputError} BAD_PARAM
 * @remarks O(log m).
 * @example
 * ```ts
 * samplesToReject(4, 0.05); // => 4
 * ```
 */
export function samplesToReject(n: number, alpha: number, from = 1): number | null {
  integerIn(n, 1, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(from, 1, Number.MAX_SAFE_INTEGER, 'from');
  insideUnit(alpha, 'alpha');
  // Within the exact range, and again beyond it, larger samples can only do better.
  const lastExact = Math.floor(EXACT_CELLS / n);
  return firstSignificant(n, alpha, [from, Math.min(lastExact, MOST_SAMPLES)]) ?? firstSignificant(n, alpha, [Math.max(from, lastExact + 1), MOST_SAMPLES]);
}

/** Smallest m in a range, on which the smallest p-value falls with m, that is significant; null if none is. */
function firstSignificant(n: number, alpha: number, [first, last]: readonly [number, number]): number | null {
  if (first > last || smallestP(n, last) > alpha) return null;
  let low = first - 1;
  let high = last;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (smallestP(n, mid) <= alpha) high = mid;
    else low = mid;
  }
  return high;
}
