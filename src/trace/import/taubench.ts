import { basenameOf } from './basename.js';
import type { TraceRow } from '../row.js';
import { TRACE_FLAGS } from '../words.js';
import type { Importer, JsonRecord, SourceHead } from './importer.js';
import { readNestedRecords, type CallRow } from './nested-records.js';
import { isRecord, listOf, objectOf, refuseField, textOf, textOrNull } from './record.js';

/** What the agent did: a call of a tool, or a message to the user, which is one that needs no answer. */
interface Done {
  readonly at: string;
  readonly turn: number;
  /** Null for a message. */
  readonly call: unknown;
  readonly text: string | null;
  result: JsonRecord | null;
}

function idOf(call: unknown): unknown {
  return isRecord(call) ? call['id'] : undefined;
}

/** What the agent's message did: it calls tools, or it speaks to the user. */
function doneBy(message: JsonRecord, field: string, turn: number): readonly Done[] {
  const calls = listOf(message['tool_calls'] ?? [], `${field}.tool_calls`);
  if (calls.length > 0) return calls.map((call, k) => ({ at: `${field}.tool_calls[${String(k)}]`, turn, call, text: null, result: null }));
  const text = textOrNull(message['content'], `${field}.content`);
  return text === null ? [] : [{ at: field, turn, call: null, text, result: null }];
}

/** What the agent did, in order, each with the answer that came next under its id: ids repeat within a trajectory. */
function doneIn(messages: readonly unknown[], at: string): readonly Done[] {
  const all: Done[] = [];
  let turn = -1;
  messages.forEach((given, i) => {
    const field = `${at}traj[${String(i)}]`;
    const message = objectOf(given, field);
    const role = textOf(message['role'], `${field}.role`);
    if (role === 'assistant') {
      turn += 1;
      all.push(...doneBy(message, field, turn));
    } else if (role === 'tool') {
      const open = all.find(({ call, result, turn: asked }) => call !== null && result === null && asked === turn && idOf(call) === message['tool_call_id']);
      if (open !== undefined) open.result = message;
    }
  });
  return all;
}

/** A tool's error is an answer that begins so; there is no other sign of it. */
function errorIn(text: string | null): string | null {
  return text?.startsWith('Error') === true ? text : null;
}

function rowOfCall({ at, call, result, turn }: Done, session: string, actor: string): CallRow {
  return ({ file, row }): TraceRow => {
    const given = objectOf(call, at);
    const called = objectOf(given['function'], `${at}.function`);
    const name = textOf(called['name'], `${at}.function.name`);
    const args = textOf(called['arguments'], `${at}.function.arguments`);
    const text = result === null ? null : textOrNull(result['content'], 'content');
    const error = errorIn(text);
    return {
      ts_res_us: 0, host: 'other', source: 'taubench.trajectory', actor, session, turn, call_id: textOrNull(given['id'], `${at}.id`),
      capability: 'tool.call', method: name, tool: name, resource_class: 'tool',
      outcome: result === null ? 'unknown' : error === null ? 'success' : 'error', error_code: error === null ? null : 'tool_error', native_error: error,
      bytes_in: Buffer.byteLength(args), bytes_out: text === null ? null : Buffer.byteLength(text),
      label: 'unknown', flags: TRACE_FLAGS.TS_SYNTHETIC + (result === null ? TRACE_FLAGS.UNPAIRED : 0), source_file: file, source_row: row,
    };
  };
}

function rowOfMessage({ text, turn }: Done, session: string, actor: string): CallRow {
  return ({ file, row }): TraceRow => ({
    ts_res_us: 0, host: 'other', source: 'taubench.trajectory', actor, session, turn,
    capability: 'ui', method: 'respond', resource_class: 'ui', outcome: 'success', bytes_in: Buffer.byteLength(text ?? ''),
    label: 'unknown', flags: TRACE_FLAGS.TS_SYNTHETIC, source_file: file, source_row: row,
  });
}

function numberText(value: unknown, field: string): string {
  return typeof value === 'number' ? String(value) : refuseField(value === undefined ? 'MISSING_FIELD' : 'WRONG_TYPE', field, value, 'a number');
}

const NEEDED = ['task_id', 'reward', 'traj'];

function recognises({ layout, records, keys }: SourceHead): boolean {
  if (layout === 'lines') return records.some((record) => NEEDED.every((key) => key in record));
  // A trajectory is longer than the beginning of a file may be.
  return (layout === 'object' || layout === 'list') && keys.includes('task_id') && keys.includes('reward') && (keys.includes('traj') || keys.includes('info'));
}

/**
 * Trajectories of tau-bench as its runner writes them: a JSON list of objects with `task_id`, `reward`, `info`, `traj` and `trial`.
 * A row is a call of a tool, or a message to the user. The model is not in the file: the actor is the file's name.
 *
 * @see Yao et al. (2024), tau-bench, arXiv:2406.12045.
 */
export const taubenchTrajectoryImporter: Importer = {
  name: 'taubench',
  version: 1,
  reads: 'trajectories of tau-bench (historical_trajectories/*.json)',
  recognises,
  fills: ['session', 'turn', 'call_id', 'method', 'tool', 'error_code', 'native_error', 'bytes_in', 'bytes_out', 'label', 'source_file', 'source_row'],
  coverage: {
    executed: 'yes', policy_denied: 'not_applicable', gate_denied: 'not_applicable', bad_call: 'yes', nested: 'no',
    cannot_show: ['times and latencies', 'what a call touched: there is no resource value', 'whether anything was an attack: rewards say whether a task was solved', 'calls of agents that write them as text (ReAct, Act)'],
  },
  clock: 'none',
  read: (input, sink) => {
    const actor = basenameOf(input.file);
    return readNestedRecords(input, sink, (run, at) => {
      const trial = run['trial'] === undefined ? '0' : numberText(run['trial'], `${at}trial`);
      numberText(run['reward'], `${at}reward`);
      const session = `${actor}/task${numberText(run['task_id'], `${at}task_id`)}/trial${trial}`;
      return doneIn(listOf(run['traj'], `${at}traj`), at).map((done) => (done.call === null ? rowOfMessage : rowOfCall)(done, session, actor));
    });
  },
};
