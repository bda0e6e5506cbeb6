import { InputError, type ErrorCode } from '../errors.js';
import type { Ledger, LedgerEntry, LedgerHeader, UnsealedEntry } from './entry.js';
import { CHAIN_FIELDS, HEADER_FIELDS, PAYLOAD_FIELDS, type FieldKind, type FieldSpec } from './fields.js';
import type { JsonNode, JsonObject } from './lexeme.js';
import { parseJson } from './parse-json.js';

const ENTRY_FIELDS = [...PAYLOAD_FIELDS, ...CHAIN_FIELDS];

/** Called with the path of every field that the format does not have, such as `posterior.note`. */
export type OnUnknown = (path: string) => void;

interface Place {
  readonly path: string;
  readonly offset: number | null;
  readonly onUnknown: OnUnknown;
}

function refuse(code: ErrorCode, place: Place, what: string): never {
  const at = place.offset === null ? '' : `byte ${String(place.offset)}: `;
  throw new InputError(code, `${at}${place.path} ${what}`, place.offset === null ? {} : { offset: place.offset });
}

/** What a value is, for messages. */
function nameOf(node: JsonNode): string {
  if (node === null) return 'null';
  if (typeof node === 'string') return `the string ${JSON.stringify(node.length > 40 ? `${node.slice(0, 40)}...` : node)}`;
  if (typeof node === 'boolean') return String(node);
  if (isObject(node)) return 'an object';
  return 'kind' in node ? `the number ${node.text.slice(0, 40)}` : 'an array';
}

function isObject(node: JsonNode | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'object';
}

function decodeInteger(node: JsonNode, kind: Extract<FieldKind, { type: 'integer' }>, place: Place): bigint {
  const text = typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'number' ? node.text : '';
  if (!/^-?[0-9]+$/.test(text) || text === '-0') refuse('WRONG_TYPE', place, `must be an integer, got ${nameOf(node)}`);
  const value = BigInt(text);
  if (value < kind.min || value > kind.max) {
    refuse('NUMBER_OUT_OF_RANGE', place, `must be within ${String(kind.min)} and ${String(kind.max)}, got ${text.slice(0, 40)}`);
  }
  return value;
}

function decodeFloat(node: JsonNode, place: Place): number | null {
  if (node === null) return null;
  if (typeof node !== 'object' || !('kind' in node) || node.kind !== 'number') return refuse('WRONG_TYPE', place, `must be a number, got ${nameOf(node)}`);
  const value = Number(node.text);
  if (!Number.isFinite(value)) refuse('NUMBER_OUT_OF_RANGE', place, `must fit a double, got ${node.text.slice(0, 40)}`);
  return value;
}

function decodeEnum(node: JsonNode, words: readonly string[], place: Place): string {
  if (typeof node !== 'string') refuse('WRONG_TYPE', place, `must be one of ${words.join(', ')}, got ${nameOf(node)}`);
  if (!words.includes(node)) refuse('BAD_ENUM', place, `must be one of ${words.join(', ')}, got ${nameOf(node)}`);
  return node;
}

function decodeIf(fits: boolean, node: JsonNode, wanted: string, place: Place): JsonNode {
  return fits ? node : refuse('WRONG_TYPE', place, `must be ${wanted}, got ${nameOf(node)}`);
}

function decodeValue(node: JsonNode, kind: FieldKind, place: Place): unknown {
  switch (kind.type) {
    case 'string':
      return decodeIf(typeof node === 'string', node, 'a string', place);
    case 'nullable':
      return decodeIf(node === null || typeof node === 'string', node, 'a string or null', place);
    case 'boolean':
      return decodeIf(typeof node === 'boolean', node, 'true or false', place);
    case 'float':
      return decodeFloat(node, place);
    case 'integer':
      return decodeInteger(node, kind, place);
    case 'enum':
      return decodeEnum(node, kind.words, place);
    case 'list':
      decodeIf(Array.isArray(node), node, 'an array', place);
      return (node as readonly JsonNode[]).map((item, i) => decodeValue(item, kind.item, { ...place, path: `${place.path}[${String(i)}]` }));
    case 'record':
      return decodeRecord(node, kind.fields, place);
  }
}

/** What an absent field stands for. */
function valueOfAbsent({ kind, fallback }: FieldSpec, place: Place): unknown {
  if (kind.type === 'nullable') return null;
  return fallback === undefined ? refuse('MISSING_FIELD', place, 'is missing') : decodeValue(parseJson(fallback), kind, place);
}

/** Readers may let unknown fields repeat, never known ones. */
function refuseRepeated(node: JsonObject, fields: readonly FieldSpec[], place: Place): void {
  for (const { name } of fields) {
    if (node.fields.filter((f) => f.key === name).length > 1) refuse('DUPLICATE_KEY', place, `holds the key ${JSON.stringify(name)} twice`);
  }
}

function decodeRecord(node: JsonNode, fields: readonly FieldSpec[], place: Place): Record<string, unknown> {
  if (!isObject(node)) return refuse('WRONG_TYPE', place, `must be an object, got ${nameOf(node)}`);
  const prefix = place.path === '' ? '' : `${place.path}.`;
  const record: Record<string, unknown> = {};
  const given = new Map(node.fields.map((f) => [f.key, f]));
  if (given.size < node.fields.length) refuseRepeated(node, fields, place);
  for (const field of fields) {
    const member = given.get(field.name);
    given.delete(field.name);
    const here: Place = { ...place, path: prefix + field.name, offset: member?.offset ?? place.offset };
    record[field.name] = member === undefined ? valueOfAbsent(field, here) : decodeValue(member.value, field.kind, here);
  }
  for (const key of given.keys()) place.onUnknown(prefix + key);
  return record;
}

const ignore: OnUnknown = () => undefined;

/**
 * Reads an entry that is not sealed yet; `ledger_hash` and `prev_ledger_hash` count as unknown fields.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE, BAD_ENUM, NUMBER_OUT_OF_RANGE, naming field, value and what was expected
 */
export function decodeUnsealedEntry(node: JsonNode, path = 'entry', onUnknown: OnUnknown = ignore): UnsealedEntry {
  return decodeRecord(node, PAYLOAD_FIELDS, { path, offset: null, onUnknown }) as unknown as UnsealedEntry;
}

/**
 * Reads one entry: types checked, absent fields given the format's defaults, nothing coerced.
 *
 * @param node - the entry as {@link parseJson} returns it
 * @param path - how to name the entry in messages
 * @param onUnknown - told of every field the format does not have
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE, BAD_ENUM, NUMBER_OUT_OF_RANGE, naming field, value and what was expected
 */
export function decodeEntry(node: JsonNode, path = 'entry', onUnknown: OnUnknown = ignore): LedgerEntry {
  return decodeRecord(node, ENTRY_FIELDS, { path, offset: null, onUnknown }) as unknown as LedgerEntry;
}

/** Reads the fields of an artifact around its entries. `node` must not hold `entries`. Errors as {@link decodeEntry}. */
export function decodeHeader(node: JsonNode, onUnknown: OnUnknown = ignore): LedgerHeader {
  return decodeRecord(node, HEADER_FIELDS, { path: '', offset: null, onUnknown }) as unknown as LedgerHeader;
}

/**
 * Reads a whole artifact. Errors as {@link decodeEntry}; in messages an entry is `entries[i]`.
 *
 * @param node - the artifact as {@link parseJson} returns it
 */
export function decodeLedger(node: JsonNode, onUnknown: OnUnknown = ignore): Ledger {
  if (!isObject(node)) throw new InputError('WRONG_TYPE', `a ledger artifact must be an object, got ${nameOf(node)}`);
  const [entries, again] = node.fields.filter((f) => f.key === 'entries');
  if (entries === undefined) throw new InputError('MISSING_FIELD', 'entries is missing');
  if (again !== undefined) throw new InputError('DUPLICATE_KEY', 'the key "entries" occurs twice');
  if (!Array.isArray(entries.value)) throw new InputError('WRONG_TYPE', `entries must be an array, got ${nameOf(entries.value)}`);
  const header = decodeHeader({ kind: 'object', fields: node.fields.filter((f) => f.key !== 'entries') }, onUnknown);
  return { header, entries: (entries.value as readonly JsonNode[]).map((e, i) => decodeEntry(e, `entries[${String(i)}]`, onUnknown)) };
}
