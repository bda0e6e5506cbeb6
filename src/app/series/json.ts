import { InputError } from '../../errors.js';
import { isSpace, type JsonNode, type JsonObject } from '../../ledger/lexeme.js';
import { parseJson } from '../../ledger/parse-json.js';
import { fieldsOf, type Fields, type FieldValue } from './fields.js';
import { lineReader, wholeReader, type RecordReader } from './lines.js';
import { placeOf, type RecordSink, type SeriesAbout, type SeriesColumns, type SeriesRecord } from './record.js';

const TELEMETRY_SCHEMA = 'pi.ext.hostcall_telemetry.v1';

function objectOf(node: JsonNode, at: string): JsonObject {
  if (typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'object') return node;
  throw new InputError('WRONG_TYPE', `${at}: a record must be an object`);
}

/** A number's text, a string, or null; anything else in short as it would not be expected. */
function scalarOf(value: JsonNode | undefined): FieldValue {
  if (value === undefined || value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if ('kind' in value && value.kind === 'number') return value.text;
  return 'kind' in value ? '{...}' : '[...]';
}

/** Hands over objects as records; the first one's names say where everything is. */
function objects(form: SeriesAbout['form'], columns: SeriesColumns, sink: RecordSink): (node: JsonNode, place: Pick<SeriesRecord, 'index' | 'line'>) => void {
  let fields: Fields | null = null;
  return (node, place) => {
    const { fields: members } = objectOf(node, placeOf(place));
    if (fields === null) {
      fields = fieldsOf({ names: members.map(({ key }) => key), form, at: placeOf(place) }, columns);
      sink.onStart({ form, stream: fields.stream });
    }
    sink.onRecord(fields.record(place, (name) => scalarOf(members.find(({ key }) => key === name)?.value)));
  };
}

/** A line's JSON value, the line in its error; null for an empty line. */
export function lineNode(line: Uint8Array, number: number): JsonNode | undefined {
  if (line.every(isSpace)) return undefined;
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.code, `line ${String(number)}, ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Reads JSON Lines of records: recorded calls, or times and values. An empty line is skipped.
 *
 * @throws {@link InputError} as `parseJson`, MISSING_FIELD, WRONG_TYPE, naming the line
 */
export function callsReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  const add = objects('calls', columns, sink);
  let index = 0;
  return lineReader((line, number) => {
    const node = lineNode(line, number);
    if (node === undefined) return;
    add(node, { index, line: number });
    index += 1;
  });
}

function member(node: JsonObject, key: string): JsonNode | undefined {
  return node.fields.find((field) => field.key === key)?.value;
}

/**
 * Reads the host's telemetry artifact, which is held in memory whole.
 *
 * @throws {@link InputError} as `parseJson`, UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, naming the entry
 */
export function telemetryReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  return wholeReader((bytes) => {
    const artifact = objectOf(parseJson(bytes), 'the file');
    const schema = member(artifact, 'schema');
    if (schema !== TELEMETRY_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `schema must be ${TELEMETRY_SCHEMA}, got ${JSON.stringify(scalarOf(schema) ?? null)}`);
    const entries = member(artifact, 'entries');
    if (!Array.isArray(entries)) throw new InputError('WRONG_TYPE', 'entries must be an array');
    const add = objects('telemetry', columns, sink);
    (entries as readonly JsonNode[]).forEach((entry, index) => { add(entry, { index, line: null }); });
    if (entries.length === 0) sink.onStart({ form: 'telemetry', stream: columns.stream ?? 'interval' });
  });
}
