import { InputError } from '../../errors.js';

/** A JSON object as the engine's parser reads it. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/** A value from outside, short enough to quote. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value).slice(0, 60);
}

/** @throws {@link InputError} MISSING_FIELD, WRONG_TYPE naming field, value and what was expected */
export function refuse(field: string, value: unknown, expected: string): never {
  throw new InputError(value === undefined ? 'MISSING_FIELD' : 'WRONG_TYPE', `${field} must be ${expected}, got ${shown(value)}`);
}

/** @throws {@link InputError} MISSING_FIELD, WRONG_TYPE */
export function membersOf(value: unknown, field: string): JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMembers) : refuse(field, value, 'an object');
}

/** @throws {@link InputError} MISSING_FIELD, WRONG_TYPE */
export function itemsOf(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(field, value, 'a list');
}

/**
 * The JSON object that a text is.
 *
 * @param what - what the text should be, for messages
 * @throws {@link InputError} BAD_JSON, WRONG_TYPE
 */
export function objectOfText(text: string, what: string): JsonMembers {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError('BAD_JSON', `${what} must be JSON, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
  return membersOf(value, what);
}
