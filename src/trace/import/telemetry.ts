import { InputError } from '../../errors.js';
import type { TraceRow } from '../row.js';
import { TRACE_DECISIONS, TRACE_RESOURCE_CLASSES, type TraceCapability, type TraceDecision, type TraceErrorCode, type TraceOutcome, type TraceResourceClass } from '../words.js';
import { readDocumentRecords } from './document-records.js';
import type { Importer, JsonRecord, SourceHead } from './importer.js';
import { readLineRecords, type RecordPlace } from './line-records.js';
import { classOfCapability, hostCapability, hostError, outcomeOfError } from './meanings.js';
import { firstTextOrNull, millisecondsOf, millisecondsOrNull, numberOrNull, refuseField, textOf, textOrNull } from './record.js';
import { hashOrNull } from './redacted.js';

/** Schema text of the host's telemetry, of the document and of every record. */
const TELEMETRY_SCHEMA = 'pi.ext.hostcall_telemetry.v1';

const CLASSES: ReadonlyMap<string, TraceResourceClass> = new Map<string, TraceResourceClass>([
  ...TRACE_RESOURCE_CLASSES.filter((word) => word.startsWith('net.')).map((word): [string, TraceResourceClass] => [word.replace('net.', 'network.'), word]),
  ['filesystem.tool', 'file'],
  ['subprocess.exec', 'process'],
  ['subprocess.tool', 'process'],
  ['session.state', 'session'],
  ['ui.interaction', 'ui'],
  ['event.bus', 'topic'],
  ['telemetry.log', 'log'],
  ['tool.unknown', 'tool'],
]);

/** The host's class where it has one; it leaves its own file and environment methods open, which the capability tells. */
function classOf(record: JsonRecord, capability: TraceCapability): TraceResourceClass {
  return CLASSES.get(textOrNull(record['resource_target_class'], 'resource_target_class') ?? '') ?? classOfCapability(capability);
}

function decisionOf(record: JsonRecord): TraceDecision {
  const word = textOf(record['selected_action'], 'selected_action');
  const decision = TRACE_DECISIONS.find((each) => each === word);
  return decision ?? refuseField('BAD_ENUM', 'selected_action', word, `one of ${TRACE_DECISIONS.join(', ')}`);
}

function outcomeOf(record: JsonRecord, errorCode: TraceErrorCode | null): TraceOutcome {
  const word = textOf(record['outcome'], 'outcome');
  if (word === 'success') return word;
  if (word !== 'error') refuseField('BAD_ENUM', 'outcome', word, 'success or error');
  return errorCode === null ? 'error' : outcomeOfError(errorCode);
}

function rowOf(record: JsonRecord, { file, row }: RecordPlace): TraceRow {
  const schema = textOrNull(record['schema'], 'schema');
  if (schema !== null && schema !== TELEMETRY_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `schema must be ${TELEMETRY_SCHEMA}, got ${JSON.stringify(schema.slice(0, 60))}`);
  const word = textOf(record['capability'], 'capability');
  const capability = hostCapability(word);
  const error = textOrNull(record['outcome_error_code'], 'outcome_error_code');
  const errorCode = hostError(error);
  const args = hashOrNull(record['params_hash'], 'params_hash');
  const latency = millisecondsOrNull(record['latency_ms'], 'latency_ms');
  return {
    ts: millisecondsOf(record['ts_ms'], 'ts_ms'),
    ts_res_us: 1000,
    host: 'pi_agent_rust',
    source: TELEMETRY_SCHEMA,
    actor: textOf(record['extension_id'], 'extension_id'),
    call_id: textOf(record['call_id'], 'call_id'),
    phase: 'call',
    capability,
    native_capability: word,
    method: textOrNull(record['method'], 'method'),
    resource_class: classOf(record, capability),
    args_hash: args.hash,
    args_shape_hash: hashOrNull(record['args_shape_hash'], 'args_shape_hash').hash,
    outcome: outcomeOf(record, errorCode),
    error_code: errorCode,
    native_error: error,
    latency_us: latency,
    latency_kind: latency === null ? null : 'dispatch',
    decision: decisionOf(record),
    decision_reason: firstTextOrNull(record['reason_codes'], 'reason_codes') ?? textOrNull(record['policy_reason'], 'policy_reason'),
    risk_score: numberOrNull(record['risk_score'], 'risk_score'),
    // The host stamps a call when it ends.
    flags: 2 | args.flag,
    source_file: file,
    source_row: row,
  };
}

function recognises({ layout, records, schema }: SourceHead): boolean {
  if (layout === 'document' && schema !== null) return schema === TELEMETRY_SCHEMA;
  return (layout === 'document' || layout === 'lines') && records.some((record) => record['schema'] === TELEMETRY_SCHEMA);
}

/** The host's telemetry of its calls, as one document or one record a line. */
export const telemetryImporter: Importer = {
  name: 'pi.telemetry',
  version: 1,
  reads: "the host's telemetry (*.telemetry.json, or records one a line)",
  recognises,
  fills: [
    'ts', 'call_id', 'native_capability', 'method', 'args_hash', 'args_shape_hash', 'error_code', 'native_error', 'latency_us', 'latency_kind',
    'decision_reason', 'risk_score', 'source_file', 'source_row',
  ],
  coverage: {
    executed: 'yes', policy_denied: 'no', gate_denied: 'yes', bad_call: 'not_applicable', nested: 'not_applicable',
    cannot_show: ['what a call touched: there is no resource value', 'sessions and turns', 'calls made while the controller was disabled', 'sizes of requests and responses'],
  },
  clock: 'wall',
  read: (input, sink) => (input.head.layout === 'document' ? readDocumentRecords(input, sink, rowOf) : readLineRecords(input, sink, rowOf)),
};
