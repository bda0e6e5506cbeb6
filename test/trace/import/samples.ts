import { readFileSync } from 'node:fs';

/** Events as the collections write them, invented. */
export const AGENTDOJO: readonly (Readonly<Record<string, unknown>> & { readonly dest: readonly string[] })[] = [
  { ts_ms: null, seq: 0, extension_id: 'model-a', session_id: 's1', capability: 'data.read', method: 'get_emails', latency_ms: null, outcome: 'ok', error: null, arg_keys: [], dest: [], arg_bytes: 2, out_bytes: 75, turn: 2, label: 'compromised' },
  { ts_ms: null, seq: 1, extension_id: 'model-a', session_id: 's1', capability: 'comm.send', method: 'send_email', latency_ms: null, outcome: 'ok', error: null, arg_keys: ['to'], dest: ['a@example.com', 'b@example.com'], arg_bytes: 17, out_bytes: 4, turn: 4, label: 'compromised' },
  { ts_ms: null, seq: 0, extension_id: 'model-b', session_id: 's2', capability: 'net.fetch', method: 'get_webpage', latency_ms: null, outcome: 'error', error: 'ValueError: no such page', arg_keys: ['url'], dest: ['www.example.com'], arg_bytes: 20, out_bytes: null, turn: 2, label: 'attacked_resisted' },
  { ts_ms: null, seq: 1, extension_id: 'model-b', session_id: 's2', capability: 'net.post', method: 'post_webpage', latency_ms: null, outcome: 'error', error: 'ValidationError: 1 error', arg_keys: ['url'], dest: ['["odd"]'], arg_bytes: 20, out_bytes: 0, turn: 4, label: 'benign' },
];
export const TAUBENCH: readonly object[] = [
  { ts_ms: null, seq: 0, extension_id: 'model-a', session_id: 't1', capability: 'chat.respond', method: 'respond', latency_ms: null, outcome: 'ok', error: null, arg_keys: ['content'], arg_bytes: 91, out_bytes: null, label: 'failure' },
  { ts_ms: null, seq: 1, extension_id: 'model-a', session_id: 't1', capability: 'airline.write', method: 'book', latency_ms: null, outcome: 'error', error: 'Error: not enough seats', arg_keys: ['user_id'], arg_bytes: 25, out_bytes: 19, label: 'success' },
];
export const PI_EVENTS: readonly object[] = [
  { ts_ms: 1763681581545, extension_id: 'pi', session_id: 'u1', capability: 'llm.complete', method: 'openai/a', latency_ms: 806, outcome: 'error', error: 'aborted', turn: 1, arg_bytes: null, out_bytes: null, tokens_in: 0, tokens_out: 0, seq: 0, label: 'unlabelled_benign' },
  { ts_ms: 1763681634572, extension_id: 'pi', session_id: 'u1', capability: 'exec', method: 'bash', latency_ms: 3, outcome: 'ok', error: null, turn: 2, arg_bytes: 47, out_bytes: 14620, exe: 'git', seq: 1, label: 'unlabelled_benign' },
  { ts_ms: 1763681634575, extension_id: 'pi', session_id: 'u1', capability: 'fs.read', method: 'read', latency_ms: 5, outcome: 'error', error: 'tool_error', turn: 2, arg_bytes: 52, out_bytes: 12, exe: null, seq: 2, label: 'unlabelled_benign' },
];

export const linesOf = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const read = (name: string): string => readFileSync(`datasets/npm/${name}`, 'utf8');

export const CALLS: string = read('npm-incident.calls.jsonl');
export const TELEMETRY: string = read('npm-incident.telemetry.json');
export const LEDGER: string = read('npm-incident.ledger.json');
const entriesOf = (document: string): object[] => (JSON.parse(document) as { entries: object[] }).entries;
/** The artifacts' records one a line; the ledger's with the text they were sealed with. */
export const TELEMETRY_LINES: string = linesOf(entriesOf(TELEMETRY));
export const LEDGER_LINES: string = `${LEDGER.slice(LEDGER.indexOf('"entries":[') + 11, -2).replaceAll('},{"ts_ms"', '}\n{"ts_ms"')}\n`;

/** Every kind of lines, by its importer's name. */
export const LINES: Readonly<Record<string, string>> = {
  'pi.calls': CALLS,
  'pi.telemetry': TELEMETRY_LINES,
  'pi.ledger': LEDGER_LINES,
  'agentdojo.events': linesOf(AGENTDOJO),
  'taubench.events': linesOf(TAUBENCH),
  'pi.events': linesOf(PI_EVENTS),
};
