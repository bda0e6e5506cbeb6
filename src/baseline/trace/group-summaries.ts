import { InputError } from '../../errors.js';
import { emptySummary, exactSummary, midpoint, middleRanks, summaryOfRanks, summaryRanks, type ExactSummary, type SummaryQuantiles } from '../../stats/exact-summary.js';
import type { QuantileType } from '../../stats/quantile.js';
import { unit } from '../../stats/sample.js';
import { numbers } from '../../trace/chunk.js';
import { chunksFrom, compareNullable, unitedCodes, type TraceChunks } from './group-codes.js';
import { collectWithin, type GroupMeasure, type GroupValues } from './group-values.js';
import { ranksByPasses, type ValuePass } from './rank-passes.js';

/** What a group's numbers look like, exactly. */
export interface GroupSummary extends ExactSummary {
  /** The group's value of the column; null for rows without one. */
  readonly group: string | null;
  /** All rows; `n` are those with a finite number. */
  readonly rows: number;
}

/** Which statistics of which groups. */
export interface GroupQuestions extends GroupMeasure {
  /** Each in [0, 1]. Default 0.05 and 0.95. */
  readonly probabilities?: readonly number[];
  /** Which definition of a quantile. Default 8. */
  readonly type?: QuantileType;
  /** Memory that the values may take; a source of more is passed over several times instead. Default 2^29. */
  readonly memoryBytes?: number;
}

/** Groups taken in one round of passes at most: each takes memory for its ranks. */
const ROUND = 64;

function quantilesOf({ probabilities = [0.05, 0.95], type = 8 }: Pick<GroupQuestions, 'probabilities' | 'type'>): SummaryQuantiles {
  for (const p of probabilities) unit(p, 'each of probabilities');
  return { probabilities, type };
}

/** Exact order statistics of values that were collected, such as those of several parts of a trace. */
export function summariesOfValues(groups: readonly GroupValues[], question: Pick<GroupQuestions, 'probabilities' | 'type'> = {}): GroupSummary[] {
  const quantiles = quantilesOf(question);
  const scratch = new Float64Array(groups.reduce((most, { values }) => Math.max(most, values.length), 0));
  return groups.map(({ group, rows, values }) => ({ group, rows, ...exactSummary(values, quantiles, scratch) }));
}

interface Counted {
  readonly names: readonly (string | null)[];
  readonly rows: number[];
  readonly finite: number[];
}

/** Passes over the finite numbers with the number of their group: 0 for null, else the code and one. */
function passOver(source: TraceChunks, { by, measure }: GroupMeasure, visit: (group: number, value: number) => void): readonly (string | null)[] {
  const united = unitedCodes(by);
  for (const chunk of chunksFrom(source)) {
    const codes = united.of(chunk);
    const values = numbers(chunk, measure);
    for (let row = 0; row < chunk.rows; row += 1) visit((codes[row] ?? -1) + 1, values[row] ?? NaN);
  }
  return [null, ...united.values().slice(0, united.size())];
}

function countGroups(source: TraceChunks, question: GroupMeasure): Counted {
  const rows: number[] = [];
  const finite: number[] = [];
  const names = passOver(source, question, (group, value) => {
    rows[group] = (rows[group] ?? 0) + 1;
    if (Number.isFinite(value)) finite[group] = (finite[group] ?? 0) + 1;
  });
  return { names, rows, finite };
}

interface RoundQuestion extends GroupMeasure {
  readonly quantiles: SummaryQuantiles;
}

/** Summaries of some groups by passing over the source eight times: four for the ranks, four for deviations from the median. */
function roundOf(source: TraceChunks, question: RoundQuestion, { names, rows, finite }: Counted, chosen: ReadonlySet<number>): GroupSummary[] {
  const { quantiles } = question;
  const groups = names.map((_, group) => group);
  const sizes = groups.map((group) => (chosen.has(group) ? (finite[group] ?? 0) : 0));
  const finitePass = (value: (group: number, x: number) => number): ValuePass => (visit) => {
    passOver(source, question, (group, x) => { if (Number.isFinite(x)) visit(group, value(group, x)); });
  };
  const found = ranksByPasses(finitePass((_, x) => x), sizes.map((n) => (n === 0 ? [] : summaryRanks(n, quantiles))));
  const summaries = groups.map((group) => {
    const n = sizes[group] ?? 0;
    return n === 0 ? null : summaryOfRanks(n, (rank) => found[group]?.get(rank) ?? NaN, quantiles);
  });
  const medians = summaries.map((summary) => summary?.median ?? NaN);
  const middles = ranksByPasses(finitePass((group, x) => Math.abs(x - (medians[group] ?? NaN))), sizes.map((n) => (n === 0 ? [] : [...new Set(middleRanks(n))])));
  return [...chosen].map((group) => {
    const summary = summaries[group] ?? null;
    const named = { group: names[group] ?? null, rows: rows[group] ?? 0 };
    if (summary === null) return { ...named, ...emptySummary(quantiles) };
    const [low, high] = middleRanks(summary.n);
    return { ...named, ...summary, mad: midpoint(middles[group]?.get(low) ?? NaN, middles[group]?.get(high) ?? NaN) };
  });
}

/**
 * Exact order statistics of a column by group: count, median, MAD and quantiles, to the last bit those of {@link median},
 * {@link medianAbsoluteDeviation} and {@link quantile}.
 *
 * @param source - chunks, or a function that reads them again from the start
 * @returns groups that have rows, in order of their text, null first; null statistics where a group has no finite number
 * @throws {@link InputError} BAD_PARAM, MISSING_FIELD
 * @remarks O(rows). Values that fit into `memoryBytes` are collected in one pass over a function and never sorted; more are
 * passed over nine times (and eight more for every further 64 groups) in memory that does not grow with the rows.
 *
 * Summaries of parts do not merge: the median of a whole is not to be had from medians. Merge {@link groupValues} instead.
 * @see Hyndman & Fan (1996), The American Statistician 50, 361-365.
 * @example
 * ```ts
 * const builder = traceBuilder();
 * [40, 10, 20].forEach((latency_us) => builder.append({ actor: 'a', latency_us }));
 * const chunks = [builder.flush()].filter((chunk) => chunk !== null);
 * groupSummaries(chunks, { by: 'actor', measure: 'latency_us', probabilities: [] }); // => [{ group: 'a', rows: 3, n: 3, min: 10, max: 40, median: 20, mad: 10, quantiles: [] }]
 * ```
 */
export function groupSummaries(source: TraceChunks, question: GroupQuestions): GroupSummary[] {
  const { memoryBytes = 2 ** 29 } = question;
  if (!(memoryBytes > 0)) throw new InputError('BAD_PARAM', `memoryBytes must be > 0, got ${String(memoryBytes)}`);
  const quantiles = quantilesOf(question);
  const collected = collectWithin(source, question, typeof source === 'function' ? memoryBytes : Infinity);
  if (collected !== null) return summariesOfValues(collected, quantiles);
  const counted = countGroups(source, question);
  const present = counted.names.map((_, group) => group).filter((group) => (counted.rows[group] ?? 0) > 0);
  const summaries: GroupSummary[] = [];
  for (let at = 0; at < present.length; at += ROUND) summaries.push(...roundOf(source, { ...question, quantiles }, counted, new Set(present.slice(at, at + ROUND))));
  return summaries.sort((a, b) => compareNullable(a.group, b.group));
}
