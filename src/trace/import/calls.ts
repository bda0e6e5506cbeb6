import type { TraceRow } from '../row.js';
import type { TraceCapability, TraceResourceClass } from '../words.js';
import type { Importer, JsonRecord } from './importer.js';
import { readLineRecords, type RecordPlace } from './line-records.js';
import { classOfCapability, hostCapability, hostError, outcomeOfError } from './meanings.js';
import { millisecondsOf, millisecondsOrNull, objectOrNull, textOf, textOrNull } from './record.js';
import { classOfTarget, resourceOf } from './resources.js';

/** The first of the parameters that name what a call touches. */
function namedBy(from: JsonRecord): unknown {
  return from['command'] ?? from['url'] ?? from['path'] ?? from['name'] ?? from['key'] ?? from['topic'] ?? from['event'];
}

/** What a call touches, as its parameters name it: a command line, a URL, a path, a variable; null where they name nothing. */
function targetOf(record: JsonRecord, method: string): string | null {
  const params = objectOrNull(record['params']);
  if (params === null) return null;
  // A tool's parameters lie one level down, beside the tool's name, which is no target.
  const input = objectOrNull(params['input']);
  if (input === null && method === 'tool') return null;
  const target = namedBy(input ?? params);
  return typeof target === 'string' ? resourceOf([target]) : null;
}

function toolOf(record: JsonRecord, method: string): string | null {
  const params = method === 'tool' ? objectOrNull(record['params']) : null;
  return params === null ? null : textOrNull(params['name'], 'name');
}

function classOf(capability: TraceCapability, resource: string | null): TraceResourceClass {
  return capability === 'net.http' && resource !== null ? classOfTarget(resource) : classOfCapability(capability);
}

function rowOf(record: JsonRecord, { file, row }: RecordPlace): TraceRow {
  const word = textOf(record['capability'], 'capability');
  const method = textOf(record['method'], 'method');
  const capability = hostCapability(word);
  const error = textOrNull(record['outcome_error_code'], 'outcome_error_code');
  const errorCode = hostError(error);
  const latency = millisecondsOrNull(record['latency_ms'], 'latency_ms');
  const resource = targetOf(record, method);
  return {
    ts: millisecondsOf(record['ts_ms'], 'ts_ms'),
    ts_res_us: 1000,
    host: 'pi_agent_rust',
    source: 'pi.calls',
    actor: textOf(record['extension_id'], 'extension_id'),
    session: textOrNull(record['session_id'], 'session_id'),
    call_id: textOf(record['call_id'], 'call_id'),
    phase: 'call',
    capability,
    native_capability: word,
    method,
    tool: toolOf(record, method),
    resource_class: classOf(capability, resource),
    resource,
    outcome: outcomeOfError(errorCode),
    error_code: errorCode,
    native_error: error,
    latency_us: latency,
    latency_kind: latency === null ? null : 'dispatch',
    decision_reason: textOrNull(record['policy_reason'], 'policy_reason'),
    source_file: file,
    source_row: row,
  };
}

/** Calls as the host's controller got them, with their parameters, one a line. */
export const callsImporter: Importer = {
  name: 'pi.calls',
  version: 1,
  reads: 'recorded calls with their parameters (*.calls.jsonl)',
  recognises: ({ layout, records }) => layout === 'lines' && records.some((record) => 'params' in record && 'capability' in record && 'call_id' in record),
  fills: [
    'ts', 'session', 'call_id', 'native_capability', 'method', 'tool', 'resource', 'error_code', 'native_error', 'latency_us', 'latency_kind', 'decision_reason',
    'source_file', 'source_row',
  ],
  coverage: {
    executed: 'yes', policy_denied: 'no', gate_denied: 'no', bad_call: 'not_applicable', nested: 'not_applicable',
    cannot_show: ['what the controller decided', 'hashes of arguments', 'sizes of requests and responses'],
  },
  clock: 'wall',
  read: (input, sink) => readLineRecords(input, sink, rowOf),
};
