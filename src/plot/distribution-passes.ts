import { ranksByPasses, type ValuePass } from '../baseline/trace/rank-passes.js';
import { middleRanks, midpoint, summaryOfRanks, summaryRanks } from '../stats/exact-summary.js';
import { quantileRanks, type QuantileRanks } from '../stats/quantile-limits.js';
import { binAt, BINS, type DistributionRow, MOST_ROWS, PROBABILITIES } from './distribution-row.js';
import { valueAxis } from './value-axis.js';

/** Rows of a figure, and how many groups with fewer values are not among them. */
export interface PassedRows {
  readonly rows: readonly DistributionRow[];
  readonly left: number;
}

/** What one pass tells of a group. */
interface Range {
  readonly group: number;
  readonly n: number;
  readonly least: number;
  readonly greatest: number;
  /** Smallest value above 0; Infinity where there is none. */
  readonly smallest: number;
}

/** Quantiles that a row's limits are made of. */
const QUANTILES = { probabilities: PROBABILITIES, type: 8 } as const;

function rangesOf(pass: ValuePass): Range[] {
  const found: { group: number; n: number; least: number; greatest: number; smallest: number }[] = [];
  pass((group, x) => {
    const own = (found[group] ??= { group, n: 0, least: x, greatest: x, smallest: Infinity });
    own.n += 1;
    if (x < own.least) own.least = x;
    if (x > own.greatest) own.greatest = x;
    if (x > 0 && x < own.smallest) own.smallest = x;
  });
  return Object.values(found);
}

/** For each row the values in each bin of the figure's axis: how many, and the least, which stands for them. */
function lawsOf(pass: ValuePass, ranges: readonly Range[]): DistributionRow['law'][] {
  const axis = valueAxis({ least: Math.min(...ranges.map(({ least }) => least)), greatest: Math.max(...ranges.map(({ greatest }) => greatest)), smallest: Math.min(...ranges.map(({ smallest }) => smallest)) });
  const held = ranges.map(() => ({ counts: new Float64Array(BINS), least: new Float64Array(BINS).fill(Infinity) }));
  pass((row, x) => {
    const own = held[row];
    if (own === undefined) return;
    const bin = binAt(axis.at(x), axis.domain, BINS);
    own.counts[bin] = (own.counts[bin] as number) + 1;
    own.least[bin] = Math.min(own.least[bin] as number, x);
  });
  return held.map(({ counts, least }, row) => lawOf(counts, least, ranges[row]?.greatest ?? NaN));
}

/** The law ends with the greatest value, where the axis does. */
function lawOf(counts: Float64Array, least: Float64Array, greatest: number): DistributionRow['law'] {
  const [values, upTo]: [number[], number[]] = [[], []];
  let n = 0;
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    n += count;
    values.push(least[bin] as number);
    upTo.push(n);
  }
  if (values.at(-1) === greatest) return { values, counts: upTo };
  upTo[upTo.length - 1] = n - 1;
  return { values: [...values, greatest], counts: [...upTo, n] };
}

interface Ranked {
  readonly quantiles: DistributionRow['quantiles'];
  readonly median: number;
}

/** Quantiles with their limits, exact. */
function rankedOf(pass: ValuePass, ranges: readonly Range[], level: number): Ranked[] {
  const limits = ranges.map(({ n }) => PROBABILITIES.map((p) => quantileRanks(n, p, level)));
  const wanted = ranges.map(({ n }, row) => [...new Set([...summaryRanks(n, QUANTILES), ...(limits[row] ?? []).flatMap(ranksOf)])].sort((a, b) => a - b));
  return ranksByPasses(pass, wanted).map((found, row) => {
    const at = (rank: number): number => found.get(rank) ?? NaN;
    const { median, quantiles } = summaryOfRanks(ranges[row]?.n ?? 0, at, QUANTILES);
    const end = (rank: number | null | undefined): number | null => (rank === null || rank === undefined ? null : at(rank - 1));
    return { median, quantiles: PROBABILITIES.map((p, i) => ({ p, value: quantiles[i] ?? NaN, lower: end(limits[row]?.[i]?.lower), upper: end(limits[row]?.[i]?.upper) })) };
  });
}

function ranksOf({ lower, upper }: QuantileRanks): number[] {
  return [lower, upper].flatMap((rank) => (rank === null ? [] : [rank - 1]));
}

/**
 * Rows of a figure of distributions, from values that are too many to hold: the groups with the most values, each with exact
 * quantiles, limits and MAD, and the histogram that the figure draws of all its values.
 *
 * @param nameOf - a group's name, asked once the values have been passed over
 * @param pass - finite values with their group, the same in every pass
 * @param level - confidence of the limits, one at a time, in (0, 1)
 * @throws InputError BAD_PARAM
 * @remarks O(values) a pass, ten passes; memory grows with the groups, not with the values.
 */
export function distributionRowsByPasses(nameOf: (group: number) => string, pass: ValuePass, level = 0.95): PassedRows {
  const ranges = rangesOf(pass).sort((a, b) => b.n - a.n || a.group - b.group);
  const chosen = ranges.slice(0, MOST_ROWS);
  if (chosen.length === 0) return { rows: [], left: 0 };
  const rowOf = new Map(chosen.map(({ group }, row) => [group, row]));
  const chosenPass: ValuePass = (visit) => {
    pass((group, x) => {
      const row = rowOf.get(group);
      if (row !== undefined) visit(row, x);
    });
  };
  const laws = lawsOf(chosenPass, chosen);
  const ranked = rankedOf(chosenPass, chosen, level);
  const deviations: ValuePass = (visit) => { chosenPass((row, x) => { visit(row, Math.abs(x - (ranked[row]?.median ?? NaN))); }); };
  const middles = ranksByPasses(deviations, chosen.map(({ n }) => [...new Set(middleRanks(n))]));
  const rows = chosen.map(({ group, n }, row): DistributionRow => {
    const [low, high] = middleRanks(n);
    const mad = midpoint(middles[row]?.get(low) ?? NaN, middles[row]?.get(high) ?? NaN);
    return { name: nameOf(group), n, notFinite: 0, law: laws[row] ?? { values: [], counts: [] }, quantiles: ranked[row]?.quantiles ?? [], mad };
  });
  return { rows, left: ranges.length - chosen.length };
}
