/** What a query may ask of a table, by the trace table's names. */
export const SQL_COLUMNS = [
  'actor', 'session', 'capability', 'native_capability', 'method', 'tool', 'resource_class', 'resource', 'outcome', 'error_code', 'latency_us', 'latency_kind',
  'decision', 'risk_score', 'risk_state', 'label', 'ts', 'bytes_in', 'bytes_out', 'phase',
] as const;

/** One of {@link SQL_COLUMNS}. */
export type SqlColumn = (typeof SQL_COLUMNS)[number];

/**
 * Rows in ClickHouse that can be asked as if they were a trace: an expression for each of its columns.
 *
 * @remarks Texts are Nullable(String) or String, `ts` microseconds as Nullable(Int64) or Int64, the other numbers numeric and
 * Nullable where they may be missing. All expressions hold on a row of `from`.
 */
export interface SqlSource {
  /** What stands behind FROM: quoted, and nothing of it from outside unquoted. */
  readonly from: string;
  /** Condition of all queries; null for all rows. */
  readonly where: string | null;
  /** Expressions by column; null where the source cannot show it. */
  readonly columns: Readonly<Record<SqlColumn, string | null>>;
  /** What tells one stream's rows from those of another trace, beside its own key. */
  readonly trace: string;
  /** What orders the rows of a trace. */
  readonly order: string;
}

/** A row of an answer; 64-bit integers come as text. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** A query and how to read its answer. */
export interface SqlQuestion<T> {
  readonly sql: string;
  /** @throws {@link InputError} WRONG_TYPE where the answer is none to this query */
  readonly read: (rows: readonly SqlRow[]) => T;
}

/** Rows as a subquery whose columns are called as given, so that no name of the table can be mistaken for one of ours. */
export function sqlRows({ from, where }: SqlSource, expressions: Readonly<Record<string, string>>, condition: string | null = null): string {
  const list = Object.entries(expressions).map(([name, expression]) => `${expression} AS ${name}`).join(', ');
  const conditions = [where, condition].filter((each) => each !== null).map((each) => `(${each})`);
  return `(SELECT ${list} FROM ${from}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`})`;
}
