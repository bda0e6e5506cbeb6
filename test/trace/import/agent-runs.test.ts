import { describe, expect, it } from 'vitest';
import { TRACE_IMPORTERS } from '../../../src/replay/importers.js';
import { sourceHead } from '../../../src/trace/import/source-head.js';
import { TRACE_FLAGS } from '../../../src/trace/words.js';
import { RUN, TRAJECTORIES } from './agent-runs.js';
import { bytesOf, importerNamed, importText } from './importing.js';

const pretty = (value: unknown): string => JSON.stringify(value, null, 4);
const named = (text: string): readonly string[] => TRACE_IMPORTERS.filter((each) => each.recognises(sourceHead(bytesOf(text)))).map(({ name }) => name);
const messagesWith = (change: (messages: Record<string, unknown>[]) => void): Readonly<Record<string, unknown>> => {
  const run = JSON.parse(JSON.stringify(RUN)) as Record<string, unknown>;
  change(run['messages'] as Record<string, unknown>[]);
  return run;
};

describe('runs of AgentDojo', () => {
  it.each([['indented', pretty(RUN)], ['compact', JSON.stringify(RUN)], ['a list', pretty([RUN, RUN])], ['one a line', `${JSON.stringify(RUN)}\n${JSON.stringify(RUN)}\n`], ['one after another', pretty(RUN) + pretty(RUN)]])(
    'are recognised %s, by their importer alone', (_, text) => {
      expect(named(text)).toEqual(['agentdojo']);
      expect(importText(text).table.slice(0, 4)).toEqual(importText(pretty(RUN)).table);
    },
  );

  it('are recognised where a run is longer than what is looked at', () => {
    const long = { ...RUN, messages: [{ role: 'user', content: 'x'.repeat(300_000) }, ...(RUN['messages'] as unknown[])] };
    expect(named(pretty(long).slice(0, 1 << 18))).toEqual(['agentdojo']);
    expect(importText(pretty(long), { importer: importerNamed('agentdojo') }).table).toHaveLength(4);
  });

  it('become a row a call, each with its own answer and the label of the run', () => {
    const { table, records, rejects } = importText(pretty(RUN));
    expect({ records, rejects }).toEqual({ records: 4, rejects: 0 });
    expect(table.map(({ method, turn, call_id, capability, native_capability, resource, outcome, error_code, bytes_in, bytes_out, flags }) => [method, turn, call_id, capability, native_capability, resource, outcome, error_code, bytes_in, bytes_out, flags])).toEqual([
      ['get_webpage', 0, 'c1', 'net.http', 'net.fetch', 'www.example.com', 'success', null, 25, 7, TRACE_FLAGS.TS_SYNTHETIC],
      ['read_inbox', 0, 'c2', 'tool.call', 'data.read', 'Ann', 'error', 'tool_error', 14, 0, TRACE_FLAGS.TS_SYNTHETIC],
      ['send_email', 1, null, 'tool.call', 'comm.send', '["a@example.com","b@example.com"]', 'success', null, 80, 4, TRACE_FLAGS.TS_SYNTHETIC],
      ['made_up', 2, 'c4', 'tool.call', null, null, 'unknown', null, 2, null, TRACE_FLAGS.TS_SYNTHETIC + TRACE_FLAGS.UNPAIRED],
    ]);
    expect(new Set(table.map(({ actor, session, label, ts }) => `${String(actor)} ${String(session)} ${String(label)} ${String(ts)}`))).toEqual(new Set(['model-a model-a/slack/user_task_3/direct/injection_task_1 attack_succeeded null']));
    expect(table.map(({ source_row }) => source_row)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['security true: the injection reached its goal', {}, 'attack_succeeded'],
    ['security false', { security: false }, 'attack_failed'],
    ['not finished', { security: undefined }, 'unknown'],
    ['broken off, where security is true and means nothing', { error: 'context length' }, 'unknown'],
    ['no injection, where security is true and means nothing', { injection_task_id: null, attack_type: null }, 'benign'],
    ['an injection task given as the task', { injection_task_id: null, attack_type: null, user_task_id: 'injection_task_1' }, 'direct_attack'],
  ])('are labelled: %s', (_, change, label) => {
    expect(new Set(importText(pretty({ ...RUN, ...change })).table.map((row) => row.label))).toEqual(new Set([label]));
  });

  it('of older versions hold their contents as plain text', () => {
    const old = messagesWith((messages) => { messages[4] = { ...messages[4], content: 'plain' }; });
    expect(importText(pretty(old)).table[0]?.bytes_out).toBe(5);
  });

  it.each([
    ['a call without a name', messagesWith((m) => { m[7] = { role: 'assistant', tool_calls: [{ args: {} }] }; }), 3, 'messages[7].tool_calls[0].function must be text, got nothing'],
    ['arguments that are a list', messagesWith((m) => { m[7] = { role: 'assistant', tool_calls: [{ function: 'f', args: [] }] }; }), 3, 'messages[7].tool_calls[0].args must be an object, got a list'],
    ['a message without a role', messagesWith((m) => { m[0] = {}; }), 0, 'messages[0].role must be text, got nothing'],
    ['no list of messages', { ...RUN, messages: 'none' }, 0, 'messages must be a list, got "none"'],
    ['a pipeline that is no text', { ...RUN, pipeline_name: 3 }, 0, 'pipeline_name must be text, got 3'],
    ['a security that is no truth value', { ...RUN, security: 'yes' }, 0, 'security must be true, false or absent, got "yes"'],
  ])('keep out %s and say where', (_, run, rows, message) => {
    const { table, refused, records } = importText(pretty(run), { importer: importerNamed('agentdojo') });
    expect(table).toHaveLength(rows);
    expect(refused.map((reject) => reject.message)).toEqual([message]);
    expect(records).toBe(rows + 1);
  });

  it('that break off are named, and those before them kept', () => {
    const { table, refused, findings } = importText(pretty([RUN, RUN]).slice(0, -40));
    expect(table).toHaveLength(4);
    expect(refused.map(({ message }) => message)).toEqual(['the run must be whole, got the end of the file within it']);
    expect(findings).toEqual(['the file breaks off: what follows its last run, if anything, cannot be told apart']);
  });
});

describe('trajectories of tau-bench', () => {
  it.each([['indented', pretty(TRAJECTORIES)], ['compact', JSON.stringify(TRAJECTORIES)]])('are recognised %s, by their importer alone', (_, text) => {
    expect(named(text)).toEqual(['taubench']);
    expect(importText(text).table).toEqual(importText(pretty(TRAJECTORIES)).table);
  });

  it('become a row a call and a row a message to the user, none of them labelled an attack', () => {
    const { table, rejects } = importText(pretty(TRAJECTORIES));
    expect(rejects).toBe(0);
    expect(table.map(({ session, turn, capability, method, outcome, error_code, native_error, bytes_in, bytes_out, label }) => [session, turn, capability, method, outcome, error_code, native_error, bytes_in, bytes_out, label])).toEqual([
      ['a/task0/trial2', 0, 'ui', 'respond', 'success', null, null, 10, null, 'unknown'],
      ['a/task0/trial2', 1, 'tool.call', 'get_user_details', 'success', null, null, 17, 15, 'unknown'],
      ['a/task0/trial2', 2, 'tool.call', 'cancel_reservation', 'error', 'tool_error', 'Error: reservation not found', 8, 28, 'unknown'],
      ['a/task5/trial0', 0, 'tool.call', 'think', 'unknown', null, null, 2, null, 'unknown'],
    ]);
  });

  it.each([
    ['traj', { traj: {} }, '[1].traj must be a list, got an object'],
    ['task_id', { task_id: 'seven' }, '[1].task_id must be a number, got "seven"'],
    ['reward', { reward: undefined }, '[1].reward must be a number, got nothing'],
    ['arguments', { traj: [{ role: 'assistant', tool_calls: [{ id: 'k', function: { name: 'f', arguments: {} } }] }] }, '[1].traj[0].tool_calls[0].function.arguments must be text, got an object'],
  ])('keep out what has no good %s and say where', (_, change, message) => {
    const { table, refused } = importText(pretty([TRAJECTORIES[0], { ...TRAJECTORIES[1], ...change }]));
    expect(table).toHaveLength(3);
    expect(refused.map((reject) => reject.message)).toEqual([message]);
  });
});
