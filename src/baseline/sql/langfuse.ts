import type { SqlColumn, SqlSource } from './source.js';
import { sqlName, sqlText } from './text.js';
import { sqlTableName, type SqlTable } from './trace-table.js';

/** Observation types that are calls; the others (SPAN, EVENT, AGENT, CHAIN) hold calls or mark a moment. */
const CALLS = "('TOOL', 'GENERATION', 'EMBEDDING', 'RETRIEVER', 'EVALUATOR', 'GUARDRAIL')";

/** Microseconds since 1970 of a DateTime64 of any precision. */
function micros(time: string): string {
  return `toUnixTimestamp64Micro(toDateTime64(${time}, 6))`;
}

/** Names of what the columns are made from, in either form of Langfuse's tables. */
interface LangfuseNames {
  readonly traceId: string;
  readonly sessionId: string;
  readonly traceName: string;
}

function langfuseColumns({ traceId, sessionId, traceName }: LangfuseNames): Record<SqlColumn, string | null> {
  const failed = "o_level = 'ERROR'";
  return {
    actor: `ifNull(nullIf(${traceName}, ''), 'unknown')`,
    session: `ifNull(nullIf(${sessionId}, ''), ${traceId})`,
    capability: "multiIf(o_type = 'TOOL', 'tool.call', o_type = 'GENERATION', 'model.request', o_type = 'EMBEDDING', 'model.embed', 'unknown')",
    native_capability: 'toString(o_type)',
    method: null,
    tool: "if(o_type = 'TOOL', o_name, NULL)",
    resource_class: "multiIf(o_type = 'TOOL', 'tool', o_type IN ('GENERATION', 'EMBEDDING'), 'model', 'unknown')",
    resource: null,
    outcome: `multiIf(${failed}, 'error', isNull(o_end), 'unknown', 'success')`,
    error_code: `if(${failed}, if(o_type = 'TOOL', 'tool_error', 'other'), NULL)`,
    // greatest() takes null for less than 0 in some versions and for null in others.
    latency_us: `if(isNull(o_end), NULL, if(o_end < o_start, 0, ${micros('assumeNotNull(o_end)')} - ${micros('o_start')}))`,
    latency_kind: "if(isNull(o_end), NULL, 'span')",
    decision: "'none'",
    risk_score: null,
    risk_state: null,
    label: null,
    ts: micros('o_start'),
    bytes_in: null,
    bytes_out: null,
    phase: "multiIf(o_type = 'TOOL', 'call', o_type = 'GUARDRAIL', 'decision', o_type IN ('GENERATION', 'EMBEDDING'), 'model', 'signal')",
  };
}

function ofProject(project: string | undefined): string {
  return project === undefined ? '' : ` AND project_id = ${sqlText(project)}`;
}

/**
 * Langfuse's tables `observations` and `traces`, as its version 3 keeps them. Rows are its calls: a tool's call, a model's
 * request, an embedding, a retrieval, an evaluation, a guardrail. Of rows that were written again the last counts.
 *
 * @param table - where `observations` is, under whatever name; `traces` is taken from beside it
 * @param project - one project's id; left out: all
 * @throws {@link InputError} BAD_PARAM
 * @remarks The actor is the trace's name: the name of the nearest agent above a call would need a recursive query. Stamps
 * have milliseconds. A level of ERROR makes an error; OpenTelemetry's status says nothing there.
 * @see langfuse/langfuse, packages/shared/clickhouse/migrations/canonical, 0001 and 0002 with the additions up to 0033.
 */
export function langfuseSource({ database, table }: SqlTable, project?: string): SqlSource {
  const where = `is_deleted = 0${ofProject(project)}`;
  const observations = `(SELECT id AS o_id, trace_id AS o_trace, project_id AS o_project, type AS o_type, name AS o_name, level AS o_level, start_time AS o_start, end_time AS o_end FROM ${sqlTableName({ database, table })} FINAL WHERE ${where} AND type IN ${CALLS})`;
  const traces = `(SELECT id AS t_id, project_id AS t_project, name AS t_name, session_id AS t_session FROM ${sqlName(database, 'database')}.\`traces\` FINAL WHERE ${where})`;
  return {
    from: `(SELECT * FROM ${observations} AS o LEFT ANY JOIN ${traces} AS t ON o.o_trace = t.t_id AND o.o_project = t.t_project) AS joined`,
    where: null,
    columns: langfuseColumns({ traceId: 'o_trace', sessionId: 't_session', traceName: 't_name' }),
    trace: 'o_project',
    order: '(o_start, o_id)',
  };
}

/**
 * Langfuse's table `events_core` or `events_full`, in which version 4 keeps observations with what belongs to their trace.
 *
 * @throws {@link InputError} BAD_PARAM
 * @remarks As {@link langfuseSource}; stamps have microseconds.
 */
export function langfuseEventsSource(table: SqlTable, project?: string): SqlSource {
  const events = `SELECT span_id AS o_id, trace_id AS o_trace, project_id AS o_project, type AS o_type, name AS o_name, level AS o_level, start_time AS o_start, end_time AS o_end, session_id AS t_session, trace_name AS t_name FROM ${sqlTableName(table)} FINAL`;
  return {
    from: `(${events} WHERE is_deleted = 0${ofProject(project)} AND type IN ${CALLS}) AS events`,
    where: null,
    columns: langfuseColumns({ traceId: 'o_trace', sessionId: 't_session', traceName: 't_name' }),
    trace: 'o_project',
    order: '(o_start, o_id)',
  };
}
