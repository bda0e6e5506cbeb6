import { InputError } from '../errors.js';
import { decodeHeader, type OnUnknown } from './decode.js';
import { HEADER_FIELDS, CHAIN_FIELDS, PAYLOAD_FIELDS } from './fields.js';
import type { Form } from './entries.js';
import { skipSpace, type JsonField } from './lexeme.js';
import { parseJson } from './parse-json.js';
import type { ReportedHeader } from './report.js';
import { reportedHeader } from './verify.js';
import { DEPTH_MAX, nesting, peek, takeValue, type Window } from './window.js';

const HEADER_KEYS: ReadonlySet<string> = new Set([...HEADER_FIELDS.map((f) => f.name), 'entries']);
const ENTRY_KEYS: ReadonlySet<string> = new Set([...PAYLOAD_FIELDS, ...CHAIN_FIELDS].map((f) => f.name));

/** What stands around the entries of a file, as far as it has been read. */
export interface Frame {
  readonly form: Form;
  /** Members read so far; of those the format does not have, only the key. */
  readonly fields: JsonField[];
  readonly keys: Set<string>;
}

/** Most members an artifact may have, and the longest key, so that a hostile one cannot fill the memory. */
const MEMBERS_MAX = 1000;
const KEY_LENGTH_MAX = 1000;

function refuse(window: Window, code: 'BAD_JSON' | 'BYTE_ORDER_MARK' | 'DUPLICATE_KEY' | 'FORBIDDEN_KEY' | 'TOO_MANY_FIELDS' | 'TRAILING_DATA' | 'WRONG_TYPE', what: string): never {
  const offset = window.offset(window.at);
  throw new InputError(code, `byte ${String(offset)}: ${what}`, { offset });
}

function expectByte(window: Window, wanted: string, what: string): void {
  const byte = peek(window);
  const found = byte < 0 ? 'the end of the file' : `'${String.fromCharCode(byte)}'`;
  if (byte !== wanted.charCodeAt(0)) refuse(window, 'BAD_JSON', `expected ${what}, found ${found}`);
  window.at += 1;
}

/** Reads a key and its colon. */
function takeKey(window: Window, frame: Frame): string {
  const first = peek(window);
  if (first !== 0x22) refuse(window, 'BAD_JSON', `expected a key, found ${first < 0 ? 'the end of the file' : `'${String.fromCharCode(first)}'`}`);
  const { bytes, offset } = takeValue(window);
  const key = parseJson(bytes, { base: offset });
  if (typeof key !== 'string') return refuse(window, 'BAD_JSON', 'expected a key');
  if (key === '__proto__') refuse(window, 'FORBIDDEN_KEY', 'the key __proto__ is refused');
  if (frame.keys.has(key)) refuse(window, 'DUPLICATE_KEY', `the key ${JSON.stringify(key.slice(0, 80))} occurs twice`);
  if (frame.keys.size === MEMBERS_MAX) refuse(window, 'TOO_MANY_FIELDS', `an artifact must not have more than ${String(MEMBERS_MAX)} fields`);
  if (key.length > KEY_LENGTH_MAX) refuse(window, 'TOO_MANY_FIELDS', `a key must not have more than ${String(KEY_LENGTH_MAX)} characters, got ${String(key.length)}`);
  frame.keys.add(key);
  expectByte(window, ':', "':'");
  peek(window);
  return key;
}

/** Reads members of the artifact up to its entries or its end. True at the entries' first position. */
function readMembers(window: Window, frame: Frame): boolean {
  for (;;) {
    const key = takeKey(window, frame);
    if (key === 'entries') {
      if (peek(window) !== 0x5b) refuse(window, 'WRONG_TYPE', 'entries must be an array');
      window.at += 1;
      frame.fields.push({ key, value: null, offset: window.offset(window.at) });
      return true;
    }
    const { bytes, offset } = takeValue(window);
    const value = parseJson(bytes, { base: offset, maxDepth: DEPTH_MAX, depth: 1 });
    frame.fields.push({ key, value: HEADER_KEYS.has(key) ? value : null, offset });
    if (peek(window) === 0x7d) return false;
    expectByte(window, ',', "',' or '}'");
  }
}

/** Which form a string at the top level of the first object tells, if it is a key that only one form has. */
function formOfKey(memory: Buffer, open: number, close: number): Form | null {
  if (!/^[ \t\n\r]*:/.test(memory.toString('latin1', close + 1, close + 64))) return null;
  const key = memory.toString('utf8', open + 1, close);
  if (HEADER_KEYS.has(key)) return 'artifact';
  return ENTRY_KEYS.has(key) ? 'json-lines' : null;
}

/** The first top-level key of the window that tells an artifact from an entry; null if there is none yet. */
function findForm({ kernel: { memory }, at, end }: Window): Form | null {
  let depth = 0;
  for (let i = skipSpace(memory, at, end); i < end; i += 1) {
    depth += nesting(memory[i]);
    if (depth === 0) return 'artifact';
    if (memory[i] !== 0x22) continue;
    const open = i;
    for (i += 1; i < end && memory[i] !== 0x22; i += 1) if (memory[i] === 0x5c) i += 1;
    const form = depth === 1 ? formOfKey(memory, open, i) : null;
    if (form !== null) return form;
  }
  return null;
}

function recogniseForm(window: Window): Form {
  for (;;) {
    const form = findForm(window);
    if (form !== null) return form;
    if (!window.more()) return 'artifact';
  }
}

/**
 * Reads a file's beginning, up to its first entry.
 *
 * @throws {@link InputError} EMPTY_INPUT, BYTE_ORDER_MARK, or whatever makes the artifact's own fields unreadable
 */
export function readFrameStart(window: Window): { readonly frame: Frame; readonly entriesFollow: boolean } {
  window.more();
  const { memory } = window.kernel;
  if (memory[window.at] === 0xef && memory[window.at + 1] === 0xbb && memory[window.at + 2] === 0xbf) refuse(window, 'BYTE_ORDER_MARK', 'the file starts with a byte order mark');
  const startsEmpty = /^[ \t\r]*\n/.test(memory.toString('latin1', window.at, window.at + 256));
  if (peek(window) < 0) throw new InputError('EMPTY_INPUT', 'the file is empty: expected a ledger artifact or entries, one a line');
  const frame: Frame = { form: recogniseForm(window), fields: [], keys: new Set() };
  if (frame.form === 'json-lines' && startsEmpty) throw new InputError('BAD_JSON', 'line 1, byte 0: the line is empty: expected an entry', { offset: 0 });
  if (frame.form === 'json-lines') return { frame, entriesFollow: true };
  expectByte(window, '{', "'{', the start of a ledger artifact or of an entry");
  if (peek(window) === 0x7d) return { frame, entriesFollow: false };
  return { frame, entriesFollow: readMembers(window, frame) };
}

/** Reads what follows the entries, to the end of the file. */
export function readFrameEnd(window: Window, frame: Frame): void {
  if (frame.form === 'json-lines') return;
  while (peek(window) !== 0x7d) {
    expectByte(window, ',', "',' or '}'");
    if (readMembers(window, frame)) refuse(window, 'DUPLICATE_KEY', 'the key "entries" occurs twice');
  }
  window.at += 1;
  if (peek(window) >= 0) refuse(window, 'TRAILING_DATA', 'expected the end of the file');
}

/** The artifact's own fields; null for JSON Lines. Errors as `decodeLedger`. */
export function headerOfFrame(frame: Frame, onUnknown: OnUnknown): ReportedHeader | null {
  if (frame.form === 'json-lines') return null;
  if (!frame.keys.has('entries')) throw new InputError('MISSING_FIELD', 'entries is missing');
  return reportedHeader(decodeHeader({ kind: 'object', fields: frame.fields.filter((f) => f.key !== 'entries') }, onUnknown));
}
