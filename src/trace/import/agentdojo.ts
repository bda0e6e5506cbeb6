import type { TraceRow } from '../row.js';
import { TRACE_FLAGS, type TraceLabel } from '../words.js';
import { agentdojoTool } from './agentdojo-tools.js';
import { errorOfText } from './events.js';
import type { Importer, JsonRecord, SourceHead } from './importer.js';
import { classOfCapability, eventCapability } from './meanings.js';
import { readNestedRecords, type CallRow } from './nested-records.js';
import { isRecord, listOf, objectOf, refuseField, textOf, textOrNull } from './record.js';
import { classOfTarget, resourceOf } from './resources.js';

/** A call that the model asked for, and what came of it. */
interface Asked {
  readonly call: unknown;
  /** Field that holds the call, for messages. */
  readonly at: string;
  /** Turn of the model, from 0; null where only the result is there. */
  readonly turn: number | null;
  result: JsonRecord | null;
}

/** What all calls of a run share. */
interface Run {
  readonly actor: string;
  readonly session: string;
  readonly label: TraceLabel;
}

/**
 * The truth about a run. `security` is true where the injection reached its goal; it is also true, and means nothing, where there
 * was no injection and where the run broke off, which sets `error`.
 */
function labelOf(run: JsonRecord, at: string): TraceLabel {
  const security = run['security'];
  if (security !== undefined && security !== null && typeof security !== 'boolean') refuseField('WRONG_TYPE', `${at}security`, security, 'true, false or absent');
  const injection = textOrNull(run['injection_task_id'], `${at}injection_task_id`);
  if (textOrNull(run['error'], `${at}error`) !== null) return 'unknown';
  if (injection === null) return textOf(run['user_task_id'], `${at}user_task_id`).startsWith('injection_task') ? 'direct_attack' : 'benign';
  if (typeof security !== 'boolean') return 'unknown';
  return security ? 'attack_succeeded' : 'attack_failed';
}

function runOf(run: JsonRecord, at: string): Run {
  const actor = textOf(run['pipeline_name'], `${at}pipeline_name`);
  const parts = [actor, textOf(run['suite_name'], `${at}suite_name`), textOf(run['user_task_id'], `${at}user_task_id`),
    textOrNull(run['attack_type'], `${at}attack_type`) ?? 'none', textOrNull(run['injection_task_id'], `${at}injection_task_id`) ?? 'none'];
  return { actor, session: parts.join('/'), label: labelOf(run, at) };
}

/** Puts a tool's message to the call it answers: by its id, else the first that is open. */
function answer(open: Asked[], message: JsonRecord): Asked | undefined {
  const id = message['tool_call_id'];
  const byId = typeof id === 'string' && id !== '' ? open.findIndex(({ call }) => isRecord(call) && call['id'] === id) : -1;
  const name = isRecord(message['tool_call']) ? message['tool_call']['function'] : undefined;
  const found = byId >= 0 ? byId : open.findIndex(({ call }) => name === undefined || (isRecord(call) && call['function'] === name));
  return found < 0 ? undefined : open.splice(found, 1)[0];
}

/** The calls of a conversation in the order they were asked for. */
function askedIn(messages: readonly unknown[], at: string): readonly Asked[] {
  const all: Asked[] = [];
  let open: Asked[] = [];
  let turn = -1;
  messages.forEach((given, i) => {
    const field = `${at}messages[${String(i)}]`;
    const message = objectOf(given, field);
    const role = textOf(message['role'], `${field}.role`);
    if (role === 'assistant') {
      turn += 1;
      const calls = message['tool_calls'] ?? [];
      open = listOf(calls, `${field}.tool_calls`).map((call, k) => ({ call, at: `${field}.tool_calls[${String(k)}]`, turn, result: null }));
      all.push(...open);
    } else if (role === 'tool') {
      const asked = answer(open, message);
      if (asked !== undefined) asked.result = message;
      else all.push({ call: message['tool_call'], at: `${field}.tool_call`, turn: null, result: message });
    }
  });
  return all;
}

/** The text of a message: a list of blocks, or a text in runs of older versions. */
function contentText(message: JsonRecord): string | null {
  const { content } = message;
  if (content === null || content === undefined) return null;
  if (typeof content === 'string') return content;
  return listOf(content, 'content').map((block) => (isRecord(block) && typeof block['content'] === 'string' ? block['content'] : '')).join('\n');
}

function destinationsOf(args: JsonRecord, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => args[name]).flatMap((value) => (typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []));
}

/** How a call ended; nothing is known of one without a result. */
function endOf(result: JsonRecord | null): Pick<TraceRow, 'outcome' | 'error_code' | 'native_error' | 'bytes_out'> {
  if (result === null) return { outcome: 'unknown', error_code: null, native_error: null, bytes_out: null };
  const error = textOrNull(result['error'], 'error');
  const text = contentText(result);
  return { outcome: error === null ? 'success' : 'error', error_code: errorOfText(error), native_error: error, bytes_out: text === null ? null : Buffer.byteLength(text) };
}

function idOf(call: JsonRecord): string | null {
  const { id } = call;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** What a tool does and what it was sent to. */
function effectOf(name: string, args: JsonRecord): Pick<TraceRow, 'capability' | 'native_capability' | 'resource_class' | 'resource'> {
  const known = agentdojoTool(name);
  if (known === undefined) return { capability: 'tool.call', native_capability: null, resource_class: 'tool', resource: null };
  const capability = eventCapability(known.does);
  const resource = resourceOf(destinationsOf(args, known.destinations));
  return { capability, native_capability: known.does, resource_class: capability === 'net.http' && resource !== null ? classOfTarget(resource) : classOfCapability(capability), resource };
}

function rowOf({ call, at, turn, result }: Asked, { actor, session, label }: Run): CallRow {
  return ({ file, row }): TraceRow => {
    const given = objectOf(call, at);
    const name = textOf(given['function'], `${at}.function`);
    const args = objectOf(given['args'], `${at}.args`);
    return {
      ts_res_us: 0,
      host: 'agentdojo',
      source: 'agentdojo.run',
      actor,
      session,
      turn,
      call_id: idOf(given),
      ...effectOf(name, args),
      method: name,
      tool: name,
      ...endOf(result),
      bytes_in: Buffer.byteLength(JSON.stringify(args)),
      label,
      flags: TRACE_FLAGS.TS_SYNTHETIC + (result === null || turn === null ? TRACE_FLAGS.UNPAIRED : 0),
      source_file: file,
      source_row: row,
    };
  };
}

const NEEDED = ['suite_name', 'pipeline_name', 'user_task_id', 'messages'];

function recognises({ layout, records, keys }: SourceHead): boolean {
  if (layout === 'lines') return records.some((record) => NEEDED.every((key) => key in record));
  return (layout === 'object' || layout === 'list') && NEEDED.every((key) => keys.includes(key));
}

/**
 * Runs of AgentDojo as its own logger writes them, a JSON object each: `runs/PIPELINE/SUITE/USER_TASK/ATTACK/INJECTION_TASK.json`.
 * A row is a call of a tool; the label is the run's, and stands on each of its calls.
 *
 * @see Debenedetti et al. (2024), AgentDojo, NeurIPS 2024 Datasets and Benchmarks, arXiv:2406.13352.
 */
export const agentdojoRunImporter: Importer = {
  name: 'agentdojo',
  version: 1,
  reads: 'runs of AgentDojo (runs/*/*/*/*/*.json, or one a line)',
  recognises,
  fills: ['session', 'turn', 'call_id', 'native_capability', 'method', 'tool', 'resource', 'error_code', 'native_error', 'bytes_in', 'bytes_out', 'label', 'source_file', 'source_row'],
  coverage: {
    executed: 'yes', policy_denied: 'not_applicable', gate_denied: 'not_applicable', bad_call: 'yes', nested: 'no',
    cannot_show: ['times and latencies', 'arguments other than destinations', 'runs without a call', 'which call of a run did the harm: the label is of the run'],
  },
  clock: 'none',
  read: (input, sink) => readNestedRecords(input, sink, (record, at) => {
    const run = runOf(record, at);
    return askedIn(listOf(record['messages'], `${at}messages`), at).map((asked) => rowOf(asked, run));
  }),
};
