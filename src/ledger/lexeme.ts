import { InputError, type ErrorCode } from '../errors.js';

/** A JSON number as it was spelt: `1.0` and `1` differ, and nothing is rounded. */
export interface JsonNumber {
  readonly kind: 'number';
  readonly text: string;
}

/** One member of an object, with the byte at which its value starts. */
export interface JsonField {
  readonly key: string;
  readonly value: JsonNode;
  readonly offset: number;
}

/** A JSON object in the order it was written; a key may occur twice if the reader was told to keep duplicates. */
export interface JsonObject {
  readonly kind: 'object';
  readonly fields: readonly JsonField[];
}

/** A JSON value that lost nothing in reading. */
export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | JsonObject;

/** The byte that opens and closes a string. */
export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a byte is one of the four that JSON calls white space. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether `text` is a number by the grammar of RFC 8259. */
export function isNumberText(text: string): boolean {
  return NUMBER.test(text);
}

/** The first offset from `at` on that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number, end: number = bytes.length): number {
  let i = at;
  while (i < end && isSpace(bytes[i])) i += 1;
  return i;
}

/** A place in the bytes of a JSON text. */
export interface Cursor {
  readonly bytes: Buffer;
  readonly base: number;
  at: number;
}

/** Throws an error that names the byte. */
export function fail(cursor: Cursor, code: ErrorCode, what: string, at: number = cursor.at): never {
  const offset = cursor.base + at;
  throw new InputError(code, `byte ${String(offset)}: ${what}`, { offset });
}

/** What stands at the cursor, for messages. */
export function found(cursor: Cursor): string {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) return 'the end of the text';
  return byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}

/** The text between the quote at `start` and the one at `end`. */
function decodeText(cursor: Cursor, start: number, end: number): string {
  try {
    return utf8.decode(cursor.bytes.subarray(start + 1, end));
  } catch {
    return fail(cursor, 'INVALID_UTF8', 'a string is not valid UTF-8', start);
  }
}

/** The closing quote of the string that opens at `start`; negated where the string is not plain ASCII without escapes. */
function closingQuote(cursor: Cursor, start: number): number {
  const { bytes } = cursor;
  let plain = true;
  for (let i = start + 1; ; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) return plain ? i : -i;
    if (byte === undefined) return fail(cursor, 'BAD_JSON', 'a string is not closed', start);
    if (byte < 0x20) return fail(cursor, 'BAD_JSON', 'a control character must be escaped inside a string', i);
    if (byte >= 0x80 || byte === BACKSLASH) plain = false;
    if (byte === BACKSLASH) i += 1;
  }
}

/** Reads the string whose opening quote is at the cursor. */
export function readString(cursor: Cursor): string {
  const start = cursor.at;
  const close = closingQuote(cursor, start);
  cursor.at = Math.abs(close) + 1;
  if (close > 0) return cursor.bytes.toString('latin1', start + 1, close);
  let text = decodeText(cursor, start, -close);
  if (!text.includes('\\')) return text;
  try {
    text = JSON.parse(`"${text}"`) as string;
  } catch {
    return fail(cursor, 'BAD_JSON', 'a string holds an escape that JSON does not have', start);
  }
  if (!text.isWellFormed()) return fail(cursor, 'LONE_SURROGATE', 'a string holds half of a surrogate pair', start);
  return text;
}

function isTokenByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e || (lower >= 0x61 && lower <= 0x7a);
}

/** Reads a number, true, false or null at the cursor. */
export function readScalar(cursor: Cursor): JsonNode {
  const { bytes, at: start } = cursor;
  let end = start;
  while (isTokenByte(bytes[end])) end += 1;
  if (end === start) return fail(cursor, 'BAD_JSON', `expected a value, found ${found(cursor)}`);
  const text = bytes.toString('latin1', start, Math.min(end, start + 2000));
  cursor.at = end;
  if (text === 'null') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (end - start > 2000) return fail(cursor, 'BAD_JSON', 'a number has more than 2000 characters', start);
  if (!isNumberText(text)) return fail(cursor, 'BAD_JSON', `${text.slice(0, 40)} is not a JSON value`, start);
  return { kind: 'number', text };
}
