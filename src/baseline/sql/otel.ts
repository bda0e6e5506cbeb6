import type { SqlSource } from './source.js';
import { sqlTableName, type SqlTable } from './trace-table.js';

/** An attribute of a span, '' where it has none. */
function attribute(name: string): string {
  return `SpanAttributes['${name}']`;
}

/** The first of some texts that is not empty; null where all are. */
function firstOf(...texts: readonly string[]): string {
  return `coalesce(${texts.map((text) => `nullIf(${text}, '')`).join(', ')})`;
}

const OPERATION = attribute('gen_ai.operation.name');
const MCP_METHOD = attribute('mcp.method.name');
const TOOL = attribute('gen_ai.tool.name');
const ERROR_TYPE = attribute('error.type');

const CAPABILITY = `multiIf(${MCP_METHOD} != '', 'tool.mcp', ${OPERATION} = 'execute_tool', 'tool.call', ${OPERATION} IN ('chat', 'text_completion', 'generate_content'), 'model.request', ${OPERATION} = 'embeddings', 'model.embed', ${OPERATION} IN ('invoke_agent', 'create_agent'), 'agent.delegate', 'unknown')`;

/** Collectors before 2024 wrote STATUS_CODE_ERROR. */
const FAILED = `(StatusCode IN ('Error', 'STATUS_CODE_ERROR') OR ${ERROR_TYPE} != '')`;

const ERROR_CODE = `multiIf(${ERROR_TYPE} = 'timeout', 'timeout', ${ERROR_TYPE} = 'tool_error', 'tool_error', ${ERROR_TYPE} IN ('401', '403'), 'auth', ${ERROR_TYPE} = '429', 'rate_limited', 'other')`;

/**
 * The table of spans that OpenTelemetry's ClickHouse exporter writes (`otel_traces`). Rows are spans that name an operation of
 * generative AI or a method of the Model Context Protocol, but for a client's span within the span of the same tool's call,
 * which would count one call twice.
 *
 * @throws {@link InputError} BAD_PARAM
 * @remarks The actor is the agent of the span, else the service; the session the conversation, else the trace. Times lose their
 * last three digits. Works where the attributes are a Map, as the exporter makes them unless told to write JSON.
 * @see open-telemetry/opentelemetry-collector-contrib, exporter/clickhouseexporter/internal/sqltemplates/traces_table.sql, commit 2bf6b9e1.
 */
export function otelSource(table: SqlTable): SqlSource {
  const name = sqlTableName(table);
  const tools = `SELECT TraceId, SpanId, ${TOOL} FROM ${name} WHERE ${OPERATION} = 'execute_tool' AND ${MCP_METHOD} = ''`;
  return {
    from: name,
    where: `(${OPERATION} != '' OR ${MCP_METHOD} != '') AND (${MCP_METHOD} = '' OR (TraceId, ParentSpanId, ${TOOL}) GLOBAL NOT IN (${tools}))`,
    columns: {
      actor: `ifNull(${firstOf(attribute('gen_ai.agent.id'), attribute('gen_ai.agent.name'), 'toString(ServiceName)')}, 'unknown')`,
      session: firstOf(attribute('gen_ai.conversation.id'), attribute('session.id'), 'TraceId'),
      capability: CAPABILITY,
      native_capability: firstOf(OPERATION, MCP_METHOD),
      method: firstOf(MCP_METHOD),
      tool: firstOf(TOOL),
      resource_class: `multiIf(${MCP_METHOD} != '', 'mcp_tool', ${OPERATION} = 'execute_tool', 'tool', ${OPERATION} IN ('invoke_agent', 'create_agent'), 'agent', ${OPERATION} != '', 'model', 'unknown')`,
      resource: firstOf(attribute('mcp.resource.uri')),
      outcome: `if(${FAILED}, 'error', 'success')`,
      error_code: `if(${FAILED}, ${ERROR_CODE}, NULL)`,
      latency_us: 'intDiv(Duration, 1000)',
      latency_kind: "'span'",
      decision: "'none'",
      risk_score: null,
      risk_state: null,
      label: null,
      ts: 'intDiv(toUnixTimestamp64Nano(Timestamp), 1000)',
      bytes_in: null,
      bytes_out: null,
      phase: `if(${OPERATION} = 'execute_tool' OR ${MCP_METHOD} != '', 'call', 'model')`,
    },
    trace: "''",
    order: '(Timestamp, SpanId)',
  };
}
