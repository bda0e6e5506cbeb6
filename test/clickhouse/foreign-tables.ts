/**
 * Tables of others by their fields' names and types, and the engine and order that say which row of several counts. Indexes,
 * codecs and partitions are left out: they change no answer.
 */

const table = (name: string, fields: Readonly<Record<string, string>>, end: string): string =>
  `CREATE TABLE ${name} (${Object.entries(fields).map(([field, type]) => `\`${field}\` ${type}`).join(', ')}) ${end}`;

const text = 'String';
const maybe = 'Nullable(String)';
const word = 'LowCardinality(String)';
const millis = 'DateTime64(3)';
const map = 'Map(LowCardinality(String), String)';
const counts = 'Map(LowCardinality(String), UInt64)';
const costs = 'Map(LowCardinality(String), Decimal(18, 12))';
const last = 'ENGINE = ReplacingMergeTree(event_ts, is_deleted)';

/** langfuse/langfuse, packages/shared/clickhouse/migrations/canonical/0001_traces.up.sql at b5905fb8, with 0008 at 422d837a. */
export const LANGFUSE_TRACES: string = table('traces', {
  id: text, timestamp: millis, name: text, user_id: maybe, metadata: map, release: maybe, version: maybe, project_id: text, environment: `${word} DEFAULT 'default'`,
  public: 'Bool', bookmarked: 'Bool', tags: 'Array(String)', input: maybe, output: maybe, session_id: maybe,
  created_at: `${millis} DEFAULT now()`, updated_at: `${millis} DEFAULT now()`, event_ts: millis, is_deleted: 'UInt8',
}, `${last} ORDER BY (project_id, toDate(timestamp), id)`);

/** 0002_observations.up.sql at 797fe773, with 0008 at 422d837a, 0031 at d99a9521 and 0033 at 28b62d01. */
export const LANGFUSE_OBSERVATIONS: string = table('observations', {
  id: text, trace_id: text, project_id: text, environment: `${word} DEFAULT 'default'`, type: word, parent_observation_id: maybe, start_time: millis, end_time: `Nullable(${millis})`,
  name: text, metadata: map, level: word, status_message: maybe, version: maybe, input: maybe, output: maybe,
  provided_model_name: maybe, internal_model_id: maybe, model_parameters: maybe, provided_usage_details: counts, usage_details: counts,
  provided_cost_details: costs, cost_details: costs, total_cost: 'Nullable(Decimal(18, 12))', completion_start_time: `Nullable(${millis})`,
  prompt_id: maybe, prompt_name: maybe, prompt_version: 'Nullable(UInt16)', created_at: `${millis} DEFAULT now()`, updated_at: `${millis} DEFAULT now()`,
  event_ts: millis, is_deleted: 'UInt8', usage_pricing_tier_id: maybe, usage_pricing_tier_name: maybe,
  tool_definitions: 'Map(String, String)', tool_calls: 'Array(String)', tool_call_names: 'Array(String)',
}, `${last} ORDER BY (project_id, type, toDate(start_time), id)`);

/** The fields of events_core that say who, what and when; it has some sixty more. */
export const LANGFUSE_EVENTS: string = table('events_core', {
  project_id: text, trace_id: text, span_id: text, parent_span_id: text, start_time: 'DateTime64(6)', end_time: 'Nullable(DateTime64(6))',
  name: text, type: word, environment: `${word} DEFAULT 'default'`, trace_name: text, user_id: text, session_id: text, level: word, status_message: text,
  event_ts: 'DateTime64(6)', is_deleted: 'UInt8',
}, `${last} ORDER BY (project_id, toStartOfMinute(start_time), xxHash32(trace_id), span_id, start_time)`);

/** open-telemetry/opentelemetry-collector-contrib, exporter/clickhouseexporter/internal/sqltemplates/traces_table.sql at 2bf6b9e1. */
export const OTEL_TRACES: string = table('otel_traces', {
  Timestamp: 'DateTime64(9)', TraceId: text, SpanId: text, ParentSpanId: text, TraceState: text, SpanName: word, SpanKind: word, ServiceName: word,
  ResourceAttributes: map, ScopeName: text, ScopeVersion: text, SpanAttributes: map, Duration: 'UInt64', StatusCode: word, StatusMessage: text,
  Events: `Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes ${map})`,
  Links: `Nested (TraceId String, SpanId String, TraceState String, Attributes ${map})`,
}, 'ENGINE = MergeTree PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp)) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)');
