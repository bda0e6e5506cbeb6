/** Hosts whose records a trace may hold; `other` stands for the rest. */
export const TRACE_HOSTS = ['pi_agent_rust', 'astrid', 'mentra', 'zeph', 'chio', 'pi', 'claude_code', 'codex', 'mcp', 'otel', 'agentdojo', 'langfuse', 'other'] as const;
/** A word of {@link TRACE_HOSTS}. */
export type TraceHost = (typeof TRACE_HOSTS)[number];

/** What a row is: an attempted call, or a record about something else. */
export const TRACE_PHASES = ['call', 'signal', 'decision', 'lifecycle', 'model'] as const;
/** A word of {@link TRACE_PHASES}. */
export type TracePhase = (typeof TRACE_PHASES)[number];

/** What a call can do, in words common to all hosts; a word covers those that continue it after a dot. */
export const TRACE_CAPABILITIES = [
  'fs.read', 'fs.write', 'fs.write.delete', 'process.exec', 'process.exec.background',
  'net.http', 'net.http.search', 'net.connect', 'net.bind', 'env.read', 'kv', 'session.state', 'memory',
  'ui', 'ui.approval', 'ipc.publish', 'ipc.subscribe', 'log', 'tool.call', 'tool.mcp', 'agent.delegate',
  'identity.resolve', 'identity.link', 'identity.admin', 'prompt.inject', 'lifecycle.uplink', 'lifecycle.persistent',
  'model.request', 'model.embed', 'approval', 'admin', 'unknown',
] as const;
/** A word of {@link TRACE_CAPABILITIES}. */
export type TraceCapability = (typeof TRACE_CAPABILITIES)[number];

/** What kind of thing a call touches. */
export const TRACE_RESOURCE_CLASSES = [
  'file', 'process', 'net.loopback', 'net.private', 'net.public', 'net.unknown', 'env', 'kv', 'session', 'memory', 'ui', 'topic',
  'log', 'tool', 'mcp_tool', 'mcp_resource', 'agent', 'identity', 'prompt', 'model', 'config', 'unknown',
] as const;
/** A word of {@link TRACE_RESOURCE_CLASSES}. */
export type TraceResourceClass = (typeof TRACE_RESOURCE_CLASSES)[number];

/** How a call ended. */
export const TRACE_OUTCOMES = ['success', 'error', 'denied', 'cancelled', 'timeout', 'unknown'] as const;
/** A word of {@link TRACE_OUTCOMES}. */
export type TraceOutcome = (typeof TRACE_OUTCOMES)[number];

/** Why a call failed, in words common to all hosts. */
export const TRACE_ERROR_CODES = [
  'denied', 'validation', 'unknown_tool', 'not_found', 'timeout', 'cancelled', 'io', 'network', 'auth', 'rate_limited', 'quota', 'tool_error', 'internal', 'other',
] as const;
/** A word of {@link TRACE_ERROR_CODES}. */
export type TraceErrorCode = (typeof TRACE_ERROR_CODES)[number];

/**
 * What a latency measures: the host's execution alone; with its dispatch; a span from start to end; start event to end event
 * with gates and approval; around the upstream call by a proxy; between two lines of a log; at most, for a whole batch.
 * Kinds are never pooled.
 */
export const TRACE_LATENCY_KINDS = ['exec', 'dispatch', 'span', 'wall', 'proxy', 'message_gap', 'batch_bound'] as const;
/** A word of {@link TRACE_LATENCY_KINDS}. */
export type TraceLatencyKind = (typeof TRACE_LATENCY_KINDS)[number];

/** What was decided on an attempt; `none` where no gate is visible. */
export const TRACE_DECISIONS = ['allow', 'harden', 'ask', 'deny', 'terminate', 'defer', 'none'] as const;
/** A word of {@link TRACE_DECISIONS}. */
export type TraceDecision = (typeof TRACE_DECISIONS)[number];

/** Risk state a host derived for a call. */
export const TRACE_RISK_STATES = ['safe_fast', 'suspicious', 'unsafe'] as const;
/** A word of {@link TRACE_RISK_STATES}. */
export type TraceRiskState = (typeof TRACE_RISK_STATES)[number];

/** Ground truth, where the source has it. */
export const TRACE_LABELS = ['benign', 'attack_failed', 'attack_succeeded', 'direct_attack', 'unknown'] as const;
/** A word of {@link TRACE_LABELS}. */
export type TraceLabel = (typeof TRACE_LABELS)[number];

/** What a trace's time stamps were taken from. */
export const TRACE_CLOCKS = ['wall', 'monotonic', 'none'] as const;
/** A word of {@link TRACE_CLOCKS}. */
export type TraceClock = (typeof TRACE_CLOCKS)[number];

/** Bits of the column `flags`. */
export const TRACE_FLAGS = {
  /** The stamp gives an order only. */
  TS_SYNTHETIC: 1,
  /** The stamp was taken when the call completed. */
  TS_IS_END: 2,
  /** The arguments were redacted before they were hashed or measured. */
  ARGS_REDACTED: 4,
  /** The record was cut short. */
  TRUNCATED: 8,
  /** A request without a result, or a result without a request. */
  UNPAIRED: 16,
  /** A gate changed the arguments; hash and resource are of what was executed. */
  REWRITTEN: 32,
  /** The call was made within another. */
  NESTED: 64,
  /** The call lies on a branch that the session left. */
  BRANCH_ABANDONED: 128,
  /** The source holds the call more than once. */
  DUPLICATE: 256,
  /** The hash chain does not hold at this record. */
  CHAIN_BROKEN: 512,
  /** The call was replayed, not live. */
  REPLAYED: 1024,
  /** A gate gave no verdict and let the call run. */
  NO_VERDICT: 2048,
} as const;
