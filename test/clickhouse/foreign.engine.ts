import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/app/clickhouse/engine.js';
import { recogniseLayout, sourceOf } from '../../src/app/clickhouse/layout.js';
import { burstTallySql } from '../../src/baseline/sql/bursts.js';
import { groupStatisticsSql } from '../../src/baseline/sql/group-statistics.js';
import { transitionsSql } from '../../src/baseline/sql/transitions.js';
import { openChdb } from './engines.js';
import { LANGFUSE_EVENTS, LANGFUSE_OBSERVATIONS, LANGFUSE_TRACES, OTEL_TRACES } from './foreign-tables.js';

const engine = openChdb();
const database = 'default';
const [observations, events, spans] = ['observations', 'events_core', 'otel_traces'].map((table) => ({ database, table })) as [Table, Table, Table];

interface Table {
  readonly database: string;
  readonly table: string;
}

/** A row written as JSON, which fills what it does not name. */
async function put(table: string, row: object): Promise<void> {
  await engine.run(`INSERT INTO ${table} SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow ${JSON.stringify(row)}`);
}

const TRACE = { id: 't1', timestamp: '2026-05-29 13:46:19.000', name: 'support bot', user_id: 'u1', project_id: 'p', session_id: 's1', public: false, bookmarked: false, event_ts: '2026-05-29 13:46:19.000', is_deleted: 0 };
const CALL = { trace_id: 't1', project_id: 'p', level: 'DEFAULT', event_ts: '2026-05-29 13:46:30.000', is_deleted: 0 };

async function putLangfuse(): Promise<void> {
  await put('traces', TRACE);
  await put('traces', { ...TRACE, id: 't2', session_id: null, name: "it's" });
  const rows = [
    { ...CALL, id: 'o1', type: 'TOOL', name: 'search', start_time: '2026-05-29 13:46:19.963', end_time: '2026-05-29 13:46:20.103' },
    { ...CALL, id: 'o1', type: 'TOOL', name: 'search', start_time: '2026-05-29 13:46:19.963', end_time: '2026-05-29 13:46:20.203', level: 'ERROR', event_ts: '2026-05-29 13:46:31.000' },
    { ...CALL, id: 'o2', type: 'GENERATION', name: 'answer', start_time: '2026-05-29 13:46:20.300', end_time: '2026-05-29 13:46:22.300' },
    { ...CALL, id: 'o3', type: 'AGENT', name: 'bot', start_time: '2026-05-29 13:46:19.000', end_time: '2026-05-29 13:46:23.000' },
    { ...CALL, id: 'o4', type: 'TOOL', name: 'gone', start_time: '2026-05-29 13:46:21.000', is_deleted: 1 },
    { ...CALL, id: 'o5', trace_id: 't2', type: 'TOOL', name: 'search', start_time: '2026-05-29 13:47:00.000' },
    { ...CALL, id: 'o6', project_id: 'q', type: 'TOOL', name: 'elsewhere', start_time: '2026-05-29 13:46:21.000' },
  ];
  for (const row of rows) await put('observations', row);
  for (const { id, ...row } of rows) {
    const [trace_name, session_id] = row.trace_id === 't1' ? ['support bot', 's1'] : ["it's", ''];
    await put('events_core', { ...row, span_id: id, trace_name: row.project_id === 'q' ? '' : trace_name, session_id: row.project_id === 'q' ? '' : session_id });
  }
}

const SPAN = { TraceId: 'aa', ServiceName: 'bot', StatusCode: 'Unset' };

async function putSpans(): Promise<void> {
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'read_file', 'gen_ai.conversation.id': 'c1' };
  await put('otel_traces', { ...SPAN, SpanId: '01', SpanName: 'chat', Timestamp: '2026-05-29 13:46:19.000000001', Duration: 2_000_999, SpanAttributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': 'c1' } });
  await put('otel_traces', { ...SPAN, SpanId: '02', ParentSpanId: '01', SpanName: 'execute_tool read_file', Timestamp: '2026-05-29 13:46:20.000000000', Duration: 12_000_000, SpanAttributes: tool });
  await put('otel_traces', { ...SPAN, SpanId: '03', ParentSpanId: '02', SpanName: 'tools/call read_file', Timestamp: '2026-05-29 13:46:20.000500000', Duration: 11_000_000, SpanAttributes: { ...tool, 'mcp.method.name': 'tools/call' } });
  await put('otel_traces', { ...SPAN, SpanId: '04', SpanName: 'tools/call grep', Timestamp: '2026-05-29 13:46:21.000000000', Duration: 3_000_000, SpanAttributes: { ...tool, 'gen_ai.tool.name': 'grep', 'mcp.method.name': 'tools/call', 'error.type': '429' } });
  await put('otel_traces', { ...SPAN, SpanId: '05', SpanName: 'GET /', Timestamp: '2026-05-29 13:46:21.000000000', Duration: 5_000_000, SpanAttributes: { 'http.request.method': 'GET' } });
}

beforeAll(async () => {
  for (const statement of [LANGFUSE_TRACES, LANGFUSE_OBSERVATIONS, LANGFUSE_EVENTS, OTEL_TRACES]) await engine.run(statement);
  await putLangfuse();
  await putSpans();
});
afterAll(() => engine.close());

const LATENCY = { by: ['actor', 'session', 'capability', 'tool', 'outcome', 'error_code'], measure: 'latency_us', probabilities: [0.5] } as const;

describe('tables that others make', () => {
  it('are known by their columns', async () => {
    expect(await Promise.all([observations, events, spans].map((table) => recogniseLayout(engine, table)))).toEqual(['langfuse', 'langfuse-events', 'otel']);
    await expect(recogniseLayout(engine, { database, table: 'traces' })).rejects.toThrow('none that hindcast');
    await expect(recogniseLayout(engine, { database, table: "no'; such" })).rejects.toThrow('there is no table');
  });

  it.each([['langfuse', observations], ['langfuse-events', events]] as const)('%s: calls of one project, the last version of each, containers and deleted ones left out', async (layout, table) => {
    const source = sourceOf(layout, table, { project: 'p' });
    const groups = await ask(engine, groupStatisticsSql(source, LATENCY));
    expect(groups.map(({ key, rows, median }) => [...key, rows, median])).toEqual([
      ["it's", 't2', 'tool.call', 'search', 'unknown', null, 1, null],
      ['support bot', 's1', 'model.request', null, 'success', null, 1, 2_000_000],
      ['support bot', 's1', 'tool.call', 'search', 'error', 'tool_error', 1, 240_000],
    ]);
    expect(await ask(engine, transitionsSql(source, 'capability', ['session']))).toEqual([{ from: 'tool.call', to: 'model.request', count: 1 }]);
    expect(await ask(engine, burstTallySql(source, 1_000_000, 8))).toEqual([
      { actor: "it's", within: 1, calls: 1 },
      { actor: 'support bot', within: 1, calls: 1 },
      { actor: 'support bot', within: 2, calls: 1 },
    ]);
    expect((await ask(engine, groupStatisticsSql(sourceOf(layout, table), { ...LATENCY, by: ['actor'] }))).map(({ key }) => key[0])).toEqual(["it's", 'support bot', 'unknown']);
  });

  it("OpenTelemetry's: spans of generative AI, a client's span within its tool's left out, nanoseconds cut", async () => {
    const source = sourceOf('otel', spans);
    const groups = await ask(engine, groupStatisticsSql(source, LATENCY));
    expect(groups.map(({ key, rows, median }) => [...key, rows, median])).toEqual([
      ['bot', 'c1', 'model.request', null, 'success', null, 1, 2000],
      ['bot', 'c1', 'tool.call', 'read_file', 'success', null, 1, 12_000],
      ['bot', 'c1', 'tool.mcp', 'grep', 'error', 'rate_limited', 1, 3000],
    ]);
    expect(await ask(engine, transitionsSql(source, 'capability', ['session']))).toEqual([
      { from: 'model.request', to: 'tool.call', count: 1 },
      { from: 'tool.call', to: 'tool.mcp', count: 1 },
    ]);
  });

  it('say what they cannot show', () => {
    expect(() => transitionsSql(sourceOf('otel', spans), 'risk_state', ['session'])).toThrow('the table cannot show risk_state');
    expect(() => sourceOf('otel', spans, { project: 'p' })).toThrow('knows no projects');
    expect(() => sourceOf('langfuse', observations, { traces: ['t'] })).toThrow('knows no traces');
  });
});
