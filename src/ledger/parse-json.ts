import { InputError } from '../errors.js';
import { QUOTE, fail, found, readScalar, readString, skipSpace, type Cursor, type JsonField, type JsonNode } from './lexeme.js';

/** How strict {@link parseJson} is beyond the grammar. */
export interface JsonReading {
  /** Deepest nesting of arrays and objects; the top value of `[]` is at depth 1. Default 64. */
  readonly maxDepth?: number;
  /** Levels already open around the text, counted towards `maxDepth`. Default 0. */
  readonly depth?: number;
  /** Whether a repeated key and the key `__proto__` are refused (the default) or kept. */
  readonly lenientKeys?: boolean;
  /** Byte offset of `bytes[0]` in the file, for messages. Default 0. */
  readonly base?: number;
}

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An array or object that is still open. */
type Open =
  | { readonly kind: 'array'; readonly items: JsonNode[] }
  | { readonly kind: 'object'; readonly fields: JsonField[]; readonly keys: Set<string>; key: string; offset: number };

function readKey(cursor: Cursor, object: Extract<Open, { kind: 'object' }>, lenient: boolean): void {
  const { bytes } = cursor;
  cursor.at = skipSpace(bytes, cursor.at);
  if (bytes[cursor.at] !== QUOTE) fail(cursor, 'BAD_JSON', `expected a key, found ${found(cursor)}`);
  const at = cursor.at;
  object.key = readString(cursor);
  if (!lenient) {
    if (object.key === '__proto__') fail(cursor, 'FORBIDDEN_KEY', 'the key __proto__ is refused', at);
    if (object.keys.has(object.key)) fail(cursor, 'DUPLICATE_KEY', `the key ${JSON.stringify(object.key.length > 80 ? `${object.key.slice(0, 80)}...` : object.key)} occurs twice`, at);
    object.keys.add(object.key);
  }
  cursor.at = skipSpace(bytes, cursor.at);
  if (bytes[cursor.at] !== COLON) fail(cursor, 'BAD_JSON', `expected ':', found ${found(cursor)}`);
  cursor.at = skipSpace(bytes, cursor.at + 1);
  object.offset = cursor.at;
}

const STRICT = { maxDepth: 64, depth: 0, lenientKeys: false };

/** Moves behind an opening bracket and the space after it. */
function openContainer(cursor: Cursor): Open {
  const isArray = cursor.bytes[cursor.at] === OPEN_ARRAY;
  cursor.at = skipSpace(cursor.bytes, cursor.at + 1);
  return isArray ? { kind: 'array', items: [] } : { kind: 'object', fields: [], keys: new Set(), key: '', offset: 0 };
}

function closerOf({ kind }: Open): number {
  return kind === 'array' ? CLOSE_ARRAY : CLOSE_OBJECT;
}

function valueOf(inside: Open): JsonNode {
  return inside.kind === 'array' ? inside.items : { kind: 'object', fields: inside.fields };
}

/** Reads one value at the cursor, keeping open containers on a list so that depth costs no call stack. */
function readValue(cursor: Cursor, limits: JsonReading): JsonNode {
  const { maxDepth, depth, lenientKeys: lenient } = { ...STRICT, ...limits };
  const { bytes } = cursor;
  const open: Open[] = [];
  let value: JsonNode;
  for (;;) {
    cursor.at = skipSpace(bytes, cursor.at);
    const byte = bytes[cursor.at];
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (open.length + depth >= maxDepth) fail(cursor, 'TOO_DEEP', `nesting is deeper than ${String(maxDepth)} levels`);
      const inside = openContainer(cursor);
      if (bytes[cursor.at] !== closerOf(inside)) {
        open.push(inside);
        if (inside.kind === 'object') readKey(cursor, inside, lenient);
        continue;
      }
      cursor.at += 1;
      value = valueOf(inside);
    } else value = byte === QUOTE ? readString(cursor) : readScalar(cursor);
    const closed = closeContainers(cursor, open, value, lenient);
    if (closed !== undefined) return closed;
  }
}

/** Puts a finished value where it belongs; returns the whole value once nothing is open. */
function closeContainers(cursor: Cursor, open: Open[], finished: JsonNode, lenient: boolean): JsonNode | undefined {
  const { bytes } = cursor;
  let value = finished;
  for (;;) {
    const inside = open.at(-1);
    if (inside === undefined) return value;
    if (inside.kind === 'array') inside.items.push(value);
    else inside.fields.push({ key: inside.key, value, offset: cursor.base + inside.offset });
    cursor.at = skipSpace(bytes, cursor.at);
    const byte = bytes[cursor.at];
    if (byte === COMMA) {
      cursor.at += 1;
      if (inside.kind === 'object') readKey(cursor, inside, lenient);
      return undefined;
    }
    if (byte !== closerOf(inside)) fail(cursor, 'BAD_JSON', `expected ',' or '${String.fromCharCode(closerOf(inside))}', found ${found(cursor)}`);
    cursor.at += 1;
    value = valueOf(inside);
    open.pop();
  }
}

/**
 * Reads one JSON text strictly: valid UTF-8, no byte order mark, no text after the value, no repeated key, no
 * `__proto__`, no half surrogate pair, bounded depth; numbers keep their text.
 *
 * @param source - the JSON text, as UTF-8 bytes or as a string
 * @param reading - limits; see {@link JsonReading}
 * @returns the value, number texts kept, object members in the order written
 * @throws {@link InputError} BYTE_ORDER_MARK, INVALID_UTF8, BAD_JSON, TOO_DEEP, DUPLICATE_KEY, FORBIDDEN_KEY,
 * LONE_SURROGATE, TRAILING_DATA; the message and `offset` give the byte
 * @remarks O(bytes); nesting costs no call stack.
 * @see RFC 8259 (grammar), RFC 7493 (why duplicates and half pairs are refused).
 * @example
 * ```ts
 * parseJson('[1.0]'); // => [{ kind: 'number', text: '1.0' }]
 * ```
 */
export function parseJson(source: Uint8Array | string, reading: JsonReading = {}): JsonNode {
  const bytes = typeof source === 'string' ? encodeText(source) : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const cursor: Cursor = { bytes, base: reading.base ?? 0, at: 0 };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) fail(cursor, 'BYTE_ORDER_MARK', 'the text starts with a byte order mark');
  const value = readValue(cursor, reading);
  cursor.at = skipSpace(bytes, cursor.at);
  if (cursor.at < bytes.length) fail(cursor, 'TRAILING_DATA', `expected the end of the text, found ${found(cursor)}`);
  return value;
}

function encodeText(text: string): Buffer {
  if (!text.isWellFormed()) throw new InputError('LONE_SURROGATE', 'the text holds half of a surrogate pair');
  return Buffer.from(text, 'utf8');
}
