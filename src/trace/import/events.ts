import type { TraceRow } from '../row.js';
import { TRACE_FLAGS, type TraceCapability, type TraceErrorCode, type TraceHost, type TraceLabel, type TraceLatencyKind, type TraceOutcome, type TraceResourceClass } from '../words.js';
import type { Importer, JsonRecord } from './importer.js';
import { readLineRecords, type RecordPlace, type RowOf } from './line-records.js';
import { classOfCapability, eventCapability, LABEL_WORDS, labelOfWord } from './meanings.js';
import { integerOrNull, millisecondsOrNull, refuseField, textOf, textOrNull } from './record.js';
import { classOfTarget, resourceOf } from './resources.js';

/** How one collection's event files differ from another's. */
interface Collection {
  readonly host: TraceHost;
  readonly source: string;
}

/** What kind of failure the text of an error names, where it begins in a way that says so. */
export function errorOfText(text: string | null): TraceErrorCode | null {
  if (text === null) return null;
  if (text === 'aborted') return 'cancelled';
  if (text.startsWith('Invalid tool ')) return 'unknown_tool';
  return text.startsWith('ValidationError') || text.startsWith('Empty function name') ? 'validation' : 'tool_error';
}

function outcomeOf(record: JsonRecord, error: TraceErrorCode | null): TraceOutcome {
  const word = textOf(record['outcome'], 'outcome');
  if (word === 'ok') return 'success';
  if (word !== 'error') refuseField('BAD_ENUM', 'outcome', word, 'ok or error');
  return error === 'cancelled' ? error : 'error';
}

function labelOf(record: JsonRecord): TraceLabel | null {
  const word = textOrNull(record['label'], 'label');
  return word === null ? null : (labelOfWord(word) ?? refuseField('BAD_ENUM', 'label', word, `one of ${LABEL_WORDS.join(', ')}`));
}

/** The destinations of a call: the list `dest`, or the program of a shell command. */
function resourceIn(record: JsonRecord): string | null {
  const dest = record['dest'];
  if (dest === undefined || dest === null) return textOrNull(record['exe'], 'exe');
  if (!Array.isArray(dest) || !dest.every((each) => typeof each === 'string')) refuseField('WRONG_TYPE', 'dest', dest, 'a list of texts');
  return resourceOf(dest);
}

function classOf(capability: TraceCapability, resource: string | null): TraceResourceClass {
  return capability === 'net.http' && resource !== null ? classOfTarget(resource) : classOfCapability(capability);
}

function latencyKind(capability: TraceCapability, latency: unknown): TraceLatencyKind | null {
  if (latency === null) return null;
  return capability === 'model.request' ? 'span' : 'message_gap';
}

function rowOfEvent({ host, source }: Collection): RowOf {
  return (record: JsonRecord, { file, row }: RecordPlace): TraceRow => {
    const word = textOf(record['capability'], 'capability');
    const method = textOf(record['method'], 'method');
    const capability = eventCapability(word);
    const isModel = capability === 'model.request';
    const ts = millisecondsOrNull(record['ts_ms'], 'ts_ms');
    const latency = millisecondsOrNull(record['latency_ms'], 'latency_ms');
    const error = textOrNull(record['error'], 'error');
    const errorCode = errorOfText(error);
    const resource = resourceIn(record);
    return {
      ts,
      ts_res_us: ts === null ? 0 : 1000,
      host,
      source,
      actor: textOf(record['extension_id'], 'extension_id'),
      session: textOf(record['session_id'], 'session_id'),
      turn: integerOrNull(record['turn'], 'turn') as number | null,
      phase: isModel ? 'model' : 'call',
      capability,
      native_capability: word,
      method,
      tool: isModel || capability === 'ui' ? null : method,
      resource_class: classOf(capability, resource),
      resource,
      outcome: outcomeOf(record, errorCode),
      error_code: errorCode,
      native_error: error,
      latency_us: latency,
      latency_kind: latencyKind(capability, latency),
      bytes_in: integerOrNull(record['arg_bytes'], 'arg_bytes'),
      bytes_out: integerOrNull(record['out_bytes'], 'out_bytes'),
      label: labelOf(record),
      flags: ts === null ? TRACE_FLAGS.TS_SYNTHETIC : 0,
      source_file: file,
      source_row: row,
    };
  };
}

const isEvent = (record: JsonRecord): boolean => 'extension_id' in record && 'session_id' in record && 'method' in record && 'outcome' in record && 'label' in record && !('params' in record);
const isTimed = (record: JsonRecord): boolean => 'exe' in record || 'tokens_in' in record;
const isAttacked = (record: JsonRecord): boolean => 'dest' in record;

type Given = Pick<Importer, 'name' | 'reads' | 'fills' | 'clock' | 'coverage'> & Pick<Collection, 'host'> & { readonly knows: (record: JsonRecord) => boolean };

function eventsImporter({ host, knows, ...rest }: Given): Importer {
  const rowOf = rowOfEvent({ host, source: rest.name });
  return {
    ...rest,
    version: 1,
    recognises: ({ layout, records }) => layout === 'lines' && records.some((record) => isEvent(record) && knows(record)),
    read: (input, sink) => readLineRecords(input, sink, rowOf),
  };
}

const FILLS = ['session', 'native_capability', 'method', 'tool', 'error_code', 'native_error', 'bytes_in', 'bytes_out', 'label', 'source_file', 'source_row'] as const;
/** What collections show whose calls no policy and no gate stood before. */
const UNGATED = { executed: 'yes', policy_denied: 'not_applicable', gate_denied: 'not_applicable', bad_call: 'yes', nested: 'no' } as const;
const SIZES = 'bytes_out counts characters, as the events do';

/** Events of AgentDojo runs: tool calls with what they were sent to, labelled by whether an injection succeeded. */
export const agentdojoImporter: Importer = eventsImporter({
  name: 'agentdojo.events',
  reads: 'events of AgentDojo runs (a list dest, no times)',
  host: 'agentdojo',
  knows: isAttacked,
  fills: [...FILLS, 'turn', 'resource'],
  coverage: {
    ...UNGATED,
    cannot_show: ['times and latencies', 'arguments other than destinations', 'sessions without a call', SIZES],
  },
  clock: 'none',
});

/** Events of tau-bench trajectories: tool calls and messages to the user. */
export const taubenchImporter: Importer = eventsImporter({
  name: 'taubench.events',
  reads: 'events of tau-bench trajectories (no dest, no times)',
  host: 'other',
  knows: (record) => !isAttacked(record) && !isTimed(record),
  fills: FILLS,
  coverage: {
    ...UNGATED,
    cannot_show: ['times and latencies', 'what a call touched: there is no resource value', 'whether anything was an attack: labels say whether a task was solved', SIZES],
  },
  clock: 'none',
});

/** Events of sessions of the pi coding agent: tool calls and model calls, with their times. */
export const piEventsImporter: Importer = eventsImporter({
  name: 'pi.events',
  reads: 'events of pi coding agent sessions (times, program or tokens)',
  host: 'pi',
  knows: (record) => !isAttacked(record) && isTimed(record),
  fills: [...FILLS, 'ts', 'turn', 'resource', 'latency_us', 'latency_kind'],
  coverage: {
    ...UNGATED, gate_denied: 'no', bad_call: 'partly',
    cannot_show: ['what a call touched beyond the program of a command', 'numbers of tokens', 'whether anything was an attack', SIZES],
  },
  clock: 'wall',
});
