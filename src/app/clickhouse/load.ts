import { InputError } from '../../errors.js';
import { countOf } from '../../baseline/sql/ask.js';
import { insertTraceSql, traceRowBinary } from '../../baseline/sql/row-binary.js';
import { sqlText } from '../../baseline/sql/text.js';
import { dialectOf, sqlTableName, traceDdl, type SqlTable } from '../../baseline/sql/trace-table.js';
import type { TraceChunk } from '../../trace/chunk.js';
import type { SqlEngine } from './engine.js';
import { columnsOfTable } from './layout.js';

/** What became of a trace that was to be loaded. */
export interface LoadReport {
  readonly trace: string;
  /** Whether the table was made for it. */
  readonly made: boolean;
  /** Rows that were there already. */
  readonly before: number;
  readonly added: number;
  readonly batches: number;
}

/** Rows sent at a time: one batch is there whole or not at all. */
const BATCH_ROWS = 100_000;

/**
 * How many rows of a trace are there, from its first on.
 *
 * @throws {@link InputError} NOT_DISJOINT where rows are missing in between or twice
 */
async function rowsThere(engine: SqlEngine, table: SqlTable, trace: string): Promise<number> {
  const name = sqlTableName(table);
  const condition = `\`trace\` = ${sqlText(trace)}`;
  const [row = {}] = await engine.rows(`SELECT count() AS n, uniqExact(\`row\`) AS distinct_n, toUInt64(max(\`row\`)) AS last_row FROM ${name} WHERE ${condition}`);
  const [n, distinct, last] = ['n', 'distinct_n', 'last_row'].map((column) => countOf(row, column)) as [number, number, number];
  if (n === 0 || (distinct === n && last === n - 1)) return n;
  throw new InputError('NOT_DISJOINT', `the table holds ${String(n)} rows of the trace ${trace}, and not each of its rows once: remove them (ALTER TABLE ${name} DELETE WHERE ${condition}) and load it again`);
}

/**
 * Loads a trace into a table, which is made if it is not there. What has been loaded of the trace before is left out, so that a
 * load that was cut off goes on where it stopped, and one that is done twice changes nothing.
 *
 * @param trace - the name that the rows are kept under
 * @throws {@link InputError} ENGINE, BAD_PARAM, NOT_DISJOINT
 * @remarks One batch in memory at a time. Two loads of one trace at the same time are not kept apart.
 */
export async function loadTrace(engine: SqlEngine, table: SqlTable, trace: string, chunks: Iterable<TraceChunk>): Promise<LoadReport> {
  const columns = await columnsOfTable(engine, table);
  const made = columns.size === 0;
  if (made) for (const statement of traceDdl(table, { dialect: dialectOf(engine.version) })) await engine.run(statement);
  else if (!columns.has('row') || !columns.has('args_shape_hash')) throw new InputError('BAD_PARAM', `the table ${table.table} is there and is no table of traces`);
  const before = made ? 0 : await rowsThere(engine, table, trace);
  const statement = insertTraceSql(table);
  let [firstRow, added, batches] = [0, 0, 0];
  for (const chunk of chunks) {
    for (let from = Math.max(0, before - firstRow); from < chunk.rows; from += BATCH_ROWS) {
      const to = Math.min(chunk.rows, from + BATCH_ROWS);
      await engine.insert(statement, traceRowBinary(chunk, trace, firstRow, [from, to]));
      added += to - from;
      batches += 1;
    }
    firstRow += chunk.rows;
  }
  if (before > firstRow) throw new InputError('NOT_DISJOINT', `the table holds ${String(before)} rows of the trace ${trace}, which has ${String(firstRow)}: another trace has its name`);
  return { trace, made, before, added, batches };
}
