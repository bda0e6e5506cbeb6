import { binomialCdf } from './binomial.js';
import { insideUnit, integerIn } from './sample.js';

/** Ranks (from 1) of the order statistics between which a quantile lies. */
export interface QuantileRanks {
  /** Null where no value is low enough to be a lower limit. */
  readonly lower: number | null;
  /** Null where no value is high enough to be an upper limit. */
  readonly upper: number | null;
  /** Smallest n with which the lower limit exists. */
  readonly lowerNeeds: number;
  /** Smallest n with which the upper limit exists. */
  readonly upperNeeds: number;
  /** Probability that the limits hold the quantile, for continuous data; at least `level`. A missing end counts as infinite. */
  readonly coverage: number;
}

/**
 * Distribution-free confidence limits for the p-quantile, as ranks: [x_(l), x_(u)] holds it with probability
 * P(l <= Bin(n, p) < u) >= level for independent observations, exactly so for continuous ones, more with ties.
 *
 * @param n - sample size, integer >= 0
 * @param p - which quantile, in (0, 1)
 * @param level - confidence, in (0, 1)
 * @returns ranks, or null for an end that n values cannot give
 * @throws {@link InputError} BAD_PARAM
 * @remarks The error is split equally. Only where the end nearer to p's tail would need more than half of it and there
 * is room, that end is the extreme value and the other gets what is left: so the 0.95-quantile has both 95 % limits
 * from n = 59 on, rather than 72. The choice looks at n, p and level only, never at the data. O(log n).
 * @see David & Nagaraja (2003), Order Statistics, section 7.1.
 * @example
 * ```ts
 * quantileRanks(59, 0.95, 0.95).upper; // => 59
 * quantileRanks(58, 0.95, 0.95).upper; // => null
 * quantileRanks(58, 0.95, 0.95).upperNeeds; // => 59
 * ```
 */
export function quantileRanks(n: number, p: number, level: number): QuantileRanks {
  integerIn(n, 0, Number.MAX_SAFE_INTEGER, 'n');
  insideUnit(p, 'p');
  insideUnit(level, 'level');
  const error = 1 - level;
  const { lower, upper } = chooseRanks(n, p, error);
  const missBelow = lower === null ? 0 : binomialCdf(lower - 1, n, p);
  const missAbove = upper === null ? 0 : binomialCdf(n - upper, n, 1 - p);
  return { lower, upper, lowerNeeds: needed(1 - p, error), upperNeeds: needed(p, error), coverage: 1 - missBelow - missAbove };
}

function chooseRanks(n: number, p: number, error: number): { lower: number | null; upper: number | null } {
  const half = error / 2;
  const noneBelow = Math.pow(1 - p, n);
  const noneAbove = Math.pow(p, n);
  const room = noneBelow + noneAbove <= error;
  if (room && noneAbove > half) return { lower: lowerRank(n, p, error - noneAbove), upper: n };
  if (room && noneBelow > half) return { lower: 1, upper: upperRank(n, p, error - noneBelow) };
  return { lower: lowerRank(n, p, half), upper: upperRank(n, p, half) };
}

/** Largest l >= 1 with P(Bin(n, p) <= l - 1) <= error. */
function lowerRank(n: number, p: number, error: number): number | null {
  let low = 0;
  let high = n + 1;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (binomialCdf(mid - 1, n, p) <= error) low = mid;
    else high = mid;
  }
  return low === 0 ? null : low;
}

/** Smallest u <= n with P(Bin(n, p) >= u) <= error: the lower rank seen from the other end. */
function upperRank(n: number, p: number, error: number): number | null {
  const mirrored = lowerRank(n, 1 - p, error);
  return mirrored === null ? null : n + 1 - mirrored;
}

/** Smallest n at which an end exists, when one value misses it with probability `miss`. */
function needed(miss: number, error: number): number {
  const enough = (n: number): boolean => {
    const all = Math.pow(miss, n);
    return all <= error / 2 || all + Math.pow(1 - miss, n) <= error;
  };
  let n = Math.max(1, Math.floor(Math.log(error) / Math.log(miss)) - 1);
  while (!enough(n)) n += 1;
  return n;
}
