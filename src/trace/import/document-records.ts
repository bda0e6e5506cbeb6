import { InputError } from '../../errors.js';
import type { ImportInput, ImportReading, ImportSink, JsonRecord } from './importer.js';
import { jsonWindow, nextCharacter, takeJson, type JsonWindow } from './json-window.js';
import { LINE_BYTES_MAX } from './lines.js';
import { recordOfText, type RowOf } from './line-records.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new InputError('INVALID_UTF8', 'the record must be UTF-8, got other bytes', { cause });
  }
}

/** What a document holds beside its list of records; values that are texts or numbers. */
type DocumentMembers = Map<string, string | number | null>;

/** Reads the next key of a document and its colon; null where something else follows. */
function takeKey(window: JsonWindow): string | null {
  if (nextCharacter(window) !== '"') return null;
  const bytes = takeJson(window);
  if (bytes === null || nextCharacter(window) !== ':') return null;
  window.at += 1;
  nextCharacter(window);
  try {
    return JSON.parse(textOf(bytes)) as string;
  } catch {
    return null;
  }
}

function memberOf(bytes: Uint8Array): string | number | null {
  if (bytes.length > 200) return null;
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  } catch {
    return null;
  }
}

/**
 * Reads members of a document up to the list of the given name.
 *
 * @returns whether the window stands at the list's bracket; else at the document's end, or where it stops being JSON
 */
function readMembers(window: JsonWindow, list: string, members: DocumentMembers): boolean {
  for (;;) {
    const key = takeKey(window);
    if (key === null) return false;
    if (key === list && nextCharacter(window) === '[') return true;
    const value = takeJson(window);
    if (value === null) return false;
    members.set(key, memberOf(value));
    if (nextCharacter(window) !== ',') return false;
    window.at += 1;
  }
}

interface Listed {
  records: number;
  /** Whether the list's end was found. */
  whole: boolean;
}

/** Reads the records of the list at whose bracket the window stands. */
function readList(window: JsonWindow, { file, parse }: ImportInput, sink: ImportSink, rowOf: RowOf): Listed {
  const listed: Listed = { records: 0, whole: false };
  window.at += 1;
  if (nextCharacter(window) === ']') return { records: 0, whole: true };
  for (;;) {
    listed.records += 1;
    const row = listed.records;
    const bytes = nextCharacter(window) === '' ? null : takeJson(window);
    if (bytes === null) {
      sink.reject(row, new InputError('BAD_JSON', 'the record must be whole, got the end of the file within it'));
      return listed;
    }
    try {
      sink.row(rowOf(recordOfText(textOf(bytes), 'the record', parse), { file, row }));
    } catch (refusal) {
      if (!(refusal instanceof InputError)) throw refusal;
      sink.reject(row, refusal);
    }
    const next = nextCharacter(window);
    if (next === ']') return { ...listed, whole: true };
    if (next !== ',') return listed;
    window.at += 1;
  }
}

/** Reads on behind the list at whose closing bracket the window stands. */
function readMembersAfter(window: JsonWindow, members: DocumentMembers): void {
  window.at += 1;
  if (nextCharacter(window) !== ',') return;
  window.at += 1;
  readMembers(window, 'entries', members);
}

/** What is wrong with a document beyond its records. */
function findingsOf(window: JsonWindow, members: DocumentMembers, { records, whole }: Listed): string[] {
  const findings: string[] = [];
  const stated = members.get('entry_count');
  if (!whole) findings.push(`the document breaks off after record ${String(records)}: what follows, if anything, cannot be told apart`);
  else if (nextCharacter(window) !== '}') findings.push('the document does not go on as JSON after its records');
  if (typeof stated === 'number' && stated !== records) findings.push(`the document states ${String(stated)} records and holds ${String(records)}`);
  return findings;
}

/**
 * Reads a JSON document whose member `entries` is a list of records, each a row, without holding more than one of them.
 *
 * @throws {@link InputError} BAD_JSON where the document has no such list
 */
export function readDocumentRecords(input: ImportInput, sink: ImportSink, rowOf: RowOf): ImportReading {
  const window = jsonWindow(input.pull, LINE_BYTES_MAX);
  const members: DocumentMembers = new Map();
  const opens = nextCharacter(window) === '{';
  window.at += 1;
  if (!opens || !readMembers(window, 'entries', members)) throw new InputError('BAD_JSON', 'the file must be a JSON document with a list named entries, got none');
  const listed = readList(window, input, sink, rowOf);
  if (listed.whole) readMembersAfter(window, members);
  return { records: listed.records, findings: findingsOf(window, members, listed), notes: [] };
}

function windowOn(head: Uint8Array): JsonWindow {
  let at = 0;
  return jsonWindow((into) => {
    const part = head.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  }, LINE_BYTES_MAX);
}

/** Names of the members of the object that a text begins with, or of the first object of the list, as far as they can be read. */
export function memberNames(head: Uint8Array): readonly string[] {
  const window = windowOn(head);
  if (nextCharacter(window) === '[') window.at += 1;
  if (nextCharacter(window) !== '{') return [];
  window.at += 1;
  const names: string[] = [];
  for (let key = takeKey(window); key !== null; key = takeKey(window)) {
    names.push(key);
    if (takeJson(window) === null || nextCharacter(window) !== ',') break;
    window.at += 1;
  }
  return names;
}

/** The first record of a document's list, and its schema, where they lie within its beginning. */
export function documentHead(head: Uint8Array, parse: (text: string) => unknown): { readonly record: JsonRecord | null; readonly schema: string | null } | null {
  const window = windowOn(head);
  const members: DocumentMembers = new Map();
  if (nextCharacter(window) !== '{') return null;
  window.at += 1;
  if (!readMembers(window, 'entries', members)) return null;
  window.at += 1;
  const empty = nextCharacter(window) === ']';
  const bytes = empty ? null : takeJson(window);
  if (empty) readMembersAfter(window, members);
  const schema = members.get('schema');
  const found = typeof schema === 'string' ? schema : null;
  try {
    return { record: bytes === null ? null : recordOfText(textOf(bytes), 'the record', parse), schema: found };
  } catch {
    return { record: null, schema: found };
  }
}
