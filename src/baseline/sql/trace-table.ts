import { InputError } from '../../errors.js';
import { TRACE_COLUMNS, type TraceColumn } from '../../trace/schema.js';
import { SQL_COLUMNS, type SqlColumn, type SqlSource } from './source.js';
import { sqlName, sqlText } from './text.js';

/** A table in ClickHouse. */
export interface SqlTable {
  readonly database: string;
  readonly table: string;
}

/** The table's name in SQL. */
export function sqlTableName({ database, table }: SqlTable): string {
  return `${sqlName(database, 'database')}.${sqlName(table, 'table')}`;
}

/** What a version of ClickHouse can store: words of any version since 18, or those of today. */
export type SqlDialect = 'plain' | 'current';

/** The dialect of a server's version; `current` from 20.8 on, when times of microseconds came. */
export function dialectOf(version: string): SqlDialect {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 8) ? 'current' : 'plain';
}

const NUMBERS = { uint64: 'UInt64', int64: 'Int64', timestamp_us_utc: 'Int64', uint32: 'UInt32', int32: 'Int32', float64: 'Float64', utf8: 'String', fixed32: 'FixedString(32)' } as const;

function typeOf({ type, nullable }: TraceColumn, dialect: SqlDialect): string {
  const repeats = type === 'dictionary8' || type === 'dictionary16' || type === 'dictionary32';
  const plain = repeats ? 'String' : NUMBERS[type];
  const own = nullable ? `Nullable(${plain})` : plain;
  return repeats && dialect === 'current' ? `LowCardinality(${own})` : own;
}

/** How to lay a trace table out. */
export interface TraceDdlOptions {
  readonly dialect?: SqlDialect;
  /** A cluster: a table on each of its servers, and beside it one named `<table>_all` that stands for all of them. */
  readonly cluster?: string;
}

/** Columns that only the database has: a row's trace, and its place there. */
export const LOADED_COLUMNS = ['trace', 'row'] as const;

/** A second line of meaning for ALTER-less readers of the table. */
function columnLines(dialect: SqlDialect): readonly string[] {
  const own = [`\`trace\` String`, `\`row\` UInt64`, ...TRACE_COLUMNS.map((column) => `\`${column.name}\` ${typeOf(column, dialect)}`)];
  return dialect === 'current' ? [...own, "`time` Nullable(DateTime64(6, 'UTC')) ALIAS fromUnixTimestamp64Micro(ts, 'UTC')"] : own;
}

/**
 * Statements that make a table for traces: the trace table's columns under their names, `ts` as microseconds, and before them
 * `trace` (which trace a row belongs to) and `row` (its place in it, from 0).
 *
 * @throws {@link InputError} BAD_PARAM
 * @remarks Sorted by actor, trace and row: a stream lies together. Spread by the actor's hash over a cluster, which keeps an
 * actor's calls on one server; answers do not depend on it.
 * @example
 * ```ts
 * traceDdl({ database: 'risk', table: 'calls' })[0].split('\n')[0]; // => 'CREATE TABLE IF NOT EXISTS `risk`.`calls`'
 * ```
 */
export function traceDdl(table: SqlTable, { dialect = 'current', cluster }: TraceDdlOptions = {}): readonly string[] {
  const lines = columnLines(dialect).map((line) => `  ${line}`).join(',\n');
  const on = cluster === undefined ? '' : ` ON CLUSTER ${sqlName(cluster, 'cluster')}`;
  const own = `CREATE TABLE IF NOT EXISTS ${sqlTableName(table)}${on}\n(\n${lines}\n)\nENGINE = MergeTree\nORDER BY (actor, trace, row)`;
  if (cluster === undefined) return [own];
  const all = sqlTableName({ ...table, table: `${table.table}_all` });
  const engine = `Distributed(${sqlText(cluster)}, ${sqlText(table.database)}, ${sqlText(table.table)}, sipHash64(actor))`;
  return [own, `CREATE TABLE IF NOT EXISTS ${all}${on} AS ${sqlTableName(table)}\nENGINE = ${engine}`];
}

/** Columns whose texts may be kept as codes. */
const TEXTS: ReadonlySet<string> = new Set(TRACE_COLUMNS.filter(({ type }) => type.startsWith('dictionary') || type === 'utf8').map(({ name }) => name));

/**
 * A table made by {@link traceDdl}.
 *
 * @param traces - names of traces; left out: all
 * @throws {@link InputError} BAD_PARAM
 */
export function traceTableSource(table: SqlTable, traces?: readonly string[]): SqlSource {
  if (traces?.length === 0) throw new InputError('BAD_PARAM', 'traces must name at least one trace');
  const expression = (name: SqlColumn): string => (TEXTS.has(name) ? `toString(\`${name}\`)` : `\`${name}\``);
  return {
    from: sqlTableName(table),
    where: traces === undefined ? null : `\`trace\` IN (${traces.map(sqlText).join(', ')})`,
    columns: Object.fromEntries(SQL_COLUMNS.map((name) => [name, expression(name)])) as Record<SqlColumn, string>,
    trace: '`trace`',
    order: '`row`',
  };
}
