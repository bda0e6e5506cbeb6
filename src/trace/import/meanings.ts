import { TRACE_CAPABILITIES, type TraceCapability, type TraceErrorCode, type TraceLabel, type TraceOutcome, type TraceResourceClass } from '../words.js';

/** Capabilities of the host of the risk ledger, in the table's words. Its word for a method it does not know is `internal`. */
const HOST_CAPABILITIES: ReadonlyMap<string, TraceCapability> = new Map<string, TraceCapability>([
  ['read', 'fs.read'],
  ['write', 'fs.write'],
  ['http', 'net.http'],
  ['exec', 'process.exec'],
  ['env', 'env.read'],
  ['events', 'ipc.publish'],
  ['session', 'session.state'],
  ['ui', 'ui'],
  ['tool', 'tool.call'],
  ['log', 'log'],
  ['internal', 'unknown'],
]);

/** What the host's word for a capability means; `unknown` for a word it does not have. */
export function hostCapability(word: string): TraceCapability {
  return HOST_CAPABILITIES.get(word) ?? 'unknown';
}

/** The host's word for a capability; null where it has none, and for what it does not know either. */
export function hostWordOf(capability: TraceCapability): string | null {
  for (const [word, meaning] of HOST_CAPABILITIES) if (meaning === capability && meaning !== 'unknown') return word;
  return null;
}

/** Words of event files beside those of the table; all others are tools whose effect is unknown. */
const EVENT_CAPABILITIES: ReadonlyMap<string, TraceCapability> = new Map<string, TraceCapability>([
  ...TRACE_CAPABILITIES.map((word): [string, TraceCapability] => [word, word]),
  ['exec', 'process.exec'],
  ['llm.complete', 'model.request'],
  ['net.fetch', 'net.http'],
  ['net.post', 'net.http'],
  ['chat.respond', 'ui'],
]);

/** What a word for a capability in an event file means: the table's own words, five more, and `tool.call` for the rest. */
export function eventCapability(word: string): TraceCapability {
  return EVENT_CAPABILITIES.get(word) ?? 'tool.call';
}

const CLASSES: readonly (readonly [TraceCapability, TraceResourceClass])[] = [
  ['fs.read', 'file'], ['fs.write', 'file'], ['fs.write.delete', 'file'], ['process.exec', 'process'], ['process.exec.background', 'process'],
  ['net.http', 'net.unknown'], ['net.http.search', 'net.unknown'], ['net.connect', 'net.unknown'], ['net.bind', 'net.unknown'],
  ['env.read', 'env'], ['kv', 'kv'], ['session.state', 'session'], ['memory', 'memory'], ['ui', 'ui'], ['ui.approval', 'ui'],
  ['ipc.publish', 'topic'], ['ipc.subscribe', 'topic'], ['log', 'log'], ['tool.call', 'tool'], ['tool.mcp', 'mcp_tool'], ['agent.delegate', 'agent'],
  ['identity.resolve', 'identity'], ['identity.link', 'identity'], ['identity.admin', 'identity'], ['prompt.inject', 'prompt'],
  ['model.request', 'model'], ['model.embed', 'model'], ['admin', 'config'],
];
const CLASS_OF: ReadonlyMap<string, TraceResourceClass> = new Map(CLASSES);

/** What kind of thing calls of a capability touch, as far as the capability alone tells. */
export function classOfCapability(capability: TraceCapability): TraceResourceClass {
  return CLASS_OF.get(capability) ?? 'unknown';
}

/** The host's error codes in the table's words. */
const HOST_ERRORS: ReadonlyMap<string, TraceErrorCode> = new Map<string, TraceErrorCode>([
  ['timeout', 'timeout'],
  ['denied', 'denied'],
  ['io', 'io'],
  ['invalid_request', 'validation'],
  ['internal', 'internal'],
  ['quota_exceeded', 'quota'],
]);

/** What the host's error code means; `other` for one it does not have, null for none. */
export function hostError(code: string | null): TraceErrorCode | null {
  return code === null ? null : (HOST_ERRORS.get(code) ?? 'other');
}

/** How a call ended that ended with this error; success without one. */
export function outcomeOfError(code: TraceErrorCode | null): TraceOutcome {
  if (code === null) return 'success';
  return code === 'denied' || code === 'timeout' || code === 'cancelled' ? code : 'error';
}

const LABELS: ReadonlyMap<string, TraceLabel> = new Map<string, TraceLabel>([
  ['benign', 'benign'],
  ['attack_failed', 'attack_failed'],
  ['attack_succeeded', 'attack_succeeded'],
  ['direct_attack', 'direct_attack'],
  ['unknown', 'unknown'],
  ['safe', 'benign'],
  ['unsafe', 'attack_succeeded'],
  ['compromised', 'attack_succeeded'],
  ['attacked_resisted', 'attack_failed'],
  // Whether a task was solved says nothing about an attack, and nobody looked for one in unlabelled work.
  ['success', 'unknown'],
  ['failure', 'unknown'],
  ['unlabelled_benign', 'unknown'],
]);

/** Words for labels that are understood. */
export const LABEL_WORDS: readonly string[] = [...LABELS.keys()];

/** What a word for a label means; null for a word that is not understood. */
export function labelOfWord(word: string): TraceLabel | null {
  return LABELS.get(word) ?? null;
}
