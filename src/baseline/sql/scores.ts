import { InputError } from '../../errors.js';
import { finite, integerIn } from '../../stats/sample.js';
import { countOf, expressionOf, numberOf, textOrNull } from './ask.js';
import { compareKeys } from './group-statistics.js';
import { type SqlQuestion, type SqlSource, sqlRows } from './source.js';
import { sqlInteger, sqlNumber } from './text.js';

/** How many calls of a label have a score: all that a calibration needs to know of them. */
export interface ScoreCount {
  readonly label: string | null;
  readonly score: number;
  readonly calls: number;
}

/** Finite scores as the engine has them; -0 is 0. */
function scored(source: SqlSource): string {
  const rows = sqlRows(source, { label_key: expressionOf(source, 'label'), x: `toFloat64(${expressionOf(source, 'risk_score')})` });
  return `(SELECT label_key, assumeNotNull(x) + 0 AS score FROM ${rows} WHERE isFinite(ifNull(x, toFloat64(0) / 0)) = 1)`;
}

/**
 * Calls by label and exact score.
 *
 * @param most - distinct pairs up to which the answer is given
 * @throws {@link InputError} BAD_PARAM, MISSING_FIELD; reading an answer of more pairs throws NUMBER_OUT_OF_RANGE: take
 * {@link scoreHistogramSql} instead
 * @remarks Counts of several tables add up. Thresholds from these counts are those from the calls themselves.
 */
export function scoreCountsSql(source: SqlSource, most = 1_000_000): SqlQuestion<readonly ScoreCount[]> {
  integerIn(most, 1, 100_000_000, 'most');
  return {
    sql: `SELECT label_key, score, count() AS calls FROM ${scored(source)} GROUP BY label_key, score LIMIT ${sqlInteger(most + 1)}`,
    read: (answer) => {
      if (answer.length > most) throw new InputError('NUMBER_OUT_OF_RANGE', `there are more than ${String(most)} pairs of label and score: ask for a histogram`);
      return answer
        .map((row) => ({ label: textOrNull(row, 'label_key'), score: numberOf(row, 'score'), calls: countOf(row, 'calls') }))
        .sort((a, b) => compareKeys([a.label], [b.label]) || a.score - b.score);
    },
  };
}

/** Equal bins from `lower` up to `upper`, which the last one holds too. */
export interface HistogramBins {
  readonly lower: number;
  readonly upper: number;
  readonly bins: number;
}

/** A label's scores by bin. */
export interface ScoreHistogram {
  readonly label: string | null;
  /** One count a bin. */
  readonly calls: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** Which bin a score falls in, from 0; -1 below, `bins` above. */
export function binOf(x: number, { lower, upper, bins }: HistogramBins): number {
  if (x < lower) return -1;
  if (x > upper) return bins;
  return Math.min(bins - 1, Math.floor(((x - lower) / (upper - lower)) * bins));
}

/**
 * Calls by label and bin of score.
 *
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, MISSING_FIELD
 * @remarks The bin of a score is the one {@link binOf} names: the same operations on doubles. Histograms of the same bins add up.
 */
export function scoreHistogramSql(source: SqlSource, bins: HistogramBins): SqlQuestion<readonly ScoreHistogram[]> {
  const { lower, upper } = bins;
  integerIn(bins.bins, 1, 100_000, 'bins');
  if (!(finite(lower, 'lower') < finite(upper, 'upper')) || !Number.isFinite(upper - lower)) throw new InputError('BAD_PARAM', `lower must be below upper, got ${String(lower)} and ${String(upper)}`);
  const count = sqlInteger(bins.bins);
  const inside = `least(${count} - 1, floor((score - ${sqlNumber(lower)}) / (${sqlNumber(upper)} - ${sqlNumber(lower)}) * ${count}))`;
  const bin = `toInt64(multiIf(score < ${sqlNumber(lower)}, toFloat64(-1), score > ${sqlNumber(upper)}, toFloat64(${count}), ${inside}))`;
  return {
    sql: `SELECT label_key, ${bin} + 1 AS bin_above, count() AS calls FROM ${scored(source)} GROUP BY label_key, bin_above`,
    read: (answer) => {
      const byLabel = new Map<string | null, number[]>();
      for (const row of answer) {
        const label = textOrNull(row, 'label_key');
        const counts = byLabel.get(label) ?? new Array<number>(bins.bins + 2).fill(0);
        counts[countOf(row, 'bin_above')] = countOf(row, 'calls');
        byLabel.set(label, counts);
      }
      return [...byLabel]
        .sort(([a], [b]) => compareKeys([a], [b]))
        .map(([label, counts]) => ({ label, calls: counts.slice(1, -1), below: counts[0] ?? 0, above: counts.at(-1) ?? 0 }));
    },
  };
}
