import { InputError } from '../../errors.js';
import { quantileOfRanks, type QuantileType } from '../../stats/quantile.js';
import { unit } from '../../stats/sample.js';
import { countOf, expressionOf, numberOf, numbersOf, textOrNull } from './ask.js';
import { type SqlColumn, type SqlQuestion, type SqlRow, type SqlSource, sqlRows } from './source.js';
import { sqlInteger, sqlNumber } from './text.js';

/** Numbers that groups can be measured by. */
export type SqlMeasure = 'latency_us' | 'risk_score' | 'bytes_in' | 'bytes_out';

/** Which statistics of which groups. */
export interface GroupQuestion {
  /** Columns whose values make the groups, at least one. */
  readonly by: readonly Exclude<SqlColumn, SqlMeasure | 'ts'>[];
  readonly measure: SqlMeasure;
  /** Probabilities in [0, 1]. */
  readonly probabilities: readonly number[];
  /** Which definition of a quantile; left out: 8. */
  readonly type?: QuantileType;
}

/** What a group's numbers look like. */
export interface GroupStatistics {
  /** Its values of the columns asked by, in their order; null where a row had none. */
  readonly key: readonly (string | null)[];
  readonly rows: number;
  /** Rows that hold a finite number. */
  readonly n: number;
  /** Null where n is 0, as are the others. */
  readonly min: number | null;
  readonly max: number | null;
  readonly median: number | null;
  /** Raw: no Gaussian factor. */
  readonly mad: number | null;
  /** In the order of the probabilities. */
  readonly quantiles: readonly (number | null)[];
}

/** Ranks around n p, beside which no definition of a quantile looks. */
const AROUND = [-1, 0, 1, 2, 3];

function middle(low: string, high: string): string {
  return `if(isInfinite(${high} - ${low}), ${low} / 2 + ${high} / 2, ${low} + (${high} - ${low}) / 2)`;
}

/** Values at the ranks around n p; written out, since 18.16 does not find a column that only a lambda mentions. */
function windowOf(p: number): string {
  const at = AROUND.map((offset) => `xs[least(greatest(toInt64(floor(n * ${sqlNumber(p)})) + ${sqlInteger(offset)}, 1), toInt64(n))]`);
  return `[${at.join(', ')}]`;
}

/** From the ascending values `xs` of rows of `inner`, which has the columns `kept` too, to what {@link readGroup} reads. */
export function orderStatistics(inner: string, kept: readonly string[], probabilities: readonly number[]): string {
  const keep = kept.join(', ');
  const centred = `SELECT ${keep}, xs, length(xs) AS n, xs[intDiv(length(xs) + 1, 2)] AS low, xs[intDiv(length(xs), 2) + 1] AS high, ${middle('low', 'high')} AS med FROM ${inner}`;
  const deviated = `SELECT ${keep}, xs, n, med, arraySort(arrayMap(v -> abs(v - med), xs)) AS ds FROM (${centred})`;
  const windows = probabilities.map((p, i) => `, ${windowOf(p)} AS w${String(i)}`).join('');
  return `SELECT ${keep}, n, med, xs[1] AS least_x, xs[n] AS most_x, ds[intDiv(n + 1, 2)] AS low_d, ds[intDiv(n, 2) + 1] AS high_d${windows} FROM (${deviated})`;
}

function keyNames(by: readonly SqlColumn[]): readonly string[] {
  return by.map((_, i) => `k${String(i)}`);
}

function between(low: number, high: number): number {
  const gap = high - low;
  return gap < Infinity ? low + gap / 2 : low / 2 + high / 2;
}

function quantileFrom(values: readonly number[], n: number, p: number, type: QuantileType): number {
  const first = Math.floor(n * p) + (AROUND[0] ?? 0);
  const at = (rank: number): number => {
    const value = values[rank - first];
    if (value === undefined) throw new InputError('WRONG_TYPE', `the answer's window must hold rank ${String(rank)}, got ranks from ${String(first)}`);
    return value;
  };
  return quantileOfRanks(n, at, p, type);
}

/** A row of {@link orderStatistics} whose key columns are called `k0` and on. */
export function readGroup(row: SqlRow, keys: number, { probabilities, type = 8 }: Pick<GroupQuestion, 'probabilities' | 'type'>): GroupStatistics {
  const key = Array.from({ length: keys }, (_, i) => textOrNull(row, `k${String(i)}`));
  const [rows, n] = [countOf(row, 'rows_seen'), countOf(row, 'n')];
  if (n === 0) return { key, rows, n, min: null, max: null, median: null, mad: null, quantiles: probabilities.map(() => null) };
  return {
    key,
    rows,
    n,
    min: numberOf(row, 'least_x'),
    max: numberOf(row, 'most_x'),
    median: numberOf(row, 'med'),
    mad: between(numberOf(row, 'low_d'), numberOf(row, 'high_d')),
    quantiles: probabilities.map((p, i) => quantileFrom(numbersOf(row, `w${String(i)}`), n, p, type)),
  };
}

/** Order of keys: by the values' code points, null first. */
export function compareKeys(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? null;
    if (x === y) continue;
    if (x === null) return -1;
    if (y === null) return 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

/**
 * Exact order statistics of groups: count, median, MAD and quantiles of any definition, equal to the last bit to what the same
 * rows give here, since the engine only finds the values of ranks and what lies between two is computed here.
 *
 * @throws {@link InputError} BAD_PARAM, MISSING_FIELD where the table cannot show what is asked
 * @remarks One scan. The engine holds the measure's values, 8 bytes each, twice; on a cluster the shards send them to the node
 * asked. -0 is 0. Words of 18.16 only.
 */
export function groupStatisticsSql(source: SqlSource, question: GroupQuestion): SqlQuestion<readonly GroupStatistics[]> {
  const { by, measure, probabilities } = question;
  if (by.length === 0) throw new InputError('BAD_PARAM', 'by must name at least one column');
  for (const p of probabilities) unit(p, 'a probability');
  const keys = keyNames(by);
  const value = `toFloat64(${expressionOf(source, measure)})`;
  const rows = sqlRows(source, { ...Object.fromEntries(by.map((column, i) => [`k${String(i)}`, expressionOf(source, column)])), x: value });
  const grouped = `(SELECT ${keys.join(', ')}, count() AS rows_seen, arraySort(groupArrayIf(assumeNotNull(x) + 0, isFinite(ifNull(x, toFloat64(0) / 0)) = 1)) AS xs FROM ${rows} GROUP BY ${keys.join(', ')})`;
  return {
    sql: orderStatistics(grouped, [...keys, 'rows_seen'], probabilities),
    read: (answer) => answer.map((row) => readGroup(row, by.length, question)).sort((a, b) => compareKeys(a.key, b.key)),
  };
}
