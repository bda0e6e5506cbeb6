import { InputError } from '../../errors.js';
import { langfuseEventsSource, langfuseSource } from '../../baseline/sql/langfuse.js';
import { otelSource } from '../../baseline/sql/otel.js';
import type { SqlSource } from '../../baseline/sql/source.js';
import { sqlText } from '../../baseline/sql/text.js';
import { traceTableSource, type SqlTable } from '../../baseline/sql/trace-table.js';
import type { SqlEngine } from './engine.js';

/** Whose table it is. */
export const LAYOUTS = ['trace', 'langfuse', 'langfuse-events', 'otel'] as const;

/** One of {@link LAYOUTS}. */
export type Layout = (typeof LAYOUTS)[number];

/** Columns that tell whose table it is. */
const MARKS: Readonly<Record<Layout, readonly string[]>> = {
  trace: ['trace', 'row', 'capability', 'args_shape_hash'],
  langfuse: ['parent_observation_id', 'project_id', 'is_deleted'],
  'langfuse-events': ['span_id', 'trace_name', 'project_id', 'is_deleted'],
  otel: ['SpanAttributes', 'SpanId', 'Duration'],
};

/** Names of a table's columns; none where there is no such table. */
export async function columnsOfTable(engine: SqlEngine, { database, table }: SqlTable): Promise<ReadonlySet<string>> {
  const rows = await engine.rows(`SELECT name FROM system.columns WHERE database = ${sqlText(database)} AND table = ${sqlText(table)}`);
  return new Set(rows.map(({ name }) => String(name)));
}

/**
 * Whose table it is, by its columns.
 *
 * @throws {@link InputError} BAD_PARAM where there is none of the name, or it is of no known kind
 */
export async function recogniseLayout(engine: SqlEngine, table: SqlTable): Promise<Layout> {
  const columns = await columnsOfTable(engine, table);
  if (columns.size === 0) throw new InputError('BAD_PARAM', `there is no table ${table.table} in the database ${table.database}, or it may not be read`);
  const layout = LAYOUTS.find((each) => MARKS[each].every((name) => columns.has(name)));
  if (layout === undefined) throw new InputError('BAD_PARAM', `the table ${table.table} is none that hindcast, Langfuse or OpenTelemetry's exporter makes`);
  return layout;
}

/** Which of a table's rows are meant. */
export interface LayoutFilter {
  /** Names of traces, of a table of traces. */
  readonly traces?: readonly string[];
  /** Id of a project, of Langfuse's tables. */
  readonly project?: string;
}

/**
 * The table's rows as those of a trace.
 *
 * @throws {@link InputError} BAD_PARAM where the table knows no such filter
 */
export function sourceOf(layout: Layout, table: SqlTable, { traces, project }: LayoutFilter = {}): SqlSource {
  if (traces !== undefined && layout !== 'trace') throw new InputError('BAD_PARAM', `a table of the layout ${layout} knows no traces to choose from`);
  if (project !== undefined && !layout.startsWith('langfuse')) throw new InputError('BAD_PARAM', `a table of the layout ${layout} knows no projects to choose from`);
  switch (layout) {
    case 'trace':
      return traceTableSource(table, traces);
    case 'langfuse':
      return langfuseSource(table, project);
    case 'langfuse-events':
      return langfuseEventsSource(table, project);
    case 'otel':
      return otelSource(table);
  }
}
