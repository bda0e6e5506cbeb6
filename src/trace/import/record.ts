import { InputError, type ErrorCode } from '../../errors.js';
import type { JsonRecord } from './importer.js';

// Readers take a field's value beside its name: a property read where it is named is a place of its own to the compiler, one
// read by a name that is passed along is not, which costs more than all the rest of a row.

/** A value from outside, short enough to quote. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/**
 * Refuses a field of a record.
 *
 * @param expected - what would have done, after "must be"
 * @throws {@link InputError} the code, naming field, value and what was expected
 */
export function refuseField(code: ErrorCode, field: string, value: unknown, expected: string): never {
  throw new InputError(code, `${field} must be ${expected}, got ${shown(value)}`);
}

function refuseType(field: string, value: unknown, expected: string): never {
  refuseField(value === undefined ? 'MISSING_FIELD' : 'WRONG_TYPE', field, value, expected);
}

/**
 * A field's value, which must be text.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE
 */
export function textOf(value: unknown, field: string): string {
  return typeof value === 'string' ? value : refuseType(field, value, 'text');
}

/**
 * The text of a field, null where it is absent or null.
 *
 * @throws {@link InputError} WRONG_TYPE
 */
export function textOrNull(value: unknown, field: string): string | null {
  return typeof value === 'string' ? value : value === undefined || value === null ? null : refuseType(field, value, 'text or null');
}

/**
 * The number of a field, null where it is absent or null.
 *
 * @throws {@link InputError} WRONG_TYPE
 */
export function numberOrNull(value: unknown, field: string): number | null {
  return typeof value === 'number' ? value : value === undefined || value === null ? null : refuseType(field, value, 'a number or null');
}

/**
 * The whole number of a field, null where it is absent or null.
 *
 * @throws {@link InputError} WRONG_TYPE; UNSAFE_INTEGER where reading it as a double may have changed it
 */
export function integerOrNull(value: unknown, field: string): number | bigint | null {
  if (Number.isSafeInteger(value)) return value as number;
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) refuseField('UNSAFE_INTEGER', field, value, 'within 2^53, beyond which digits are lost');
  return refuseType(field, value, 'a whole number or null');
}

/**
 * Milliseconds of a field as microseconds.
 *
 * @throws {@link InputError} WRONG_TYPE, UNSAFE_INTEGER, NUMBER_OUT_OF_RANGE
 */
export function millisecondsOrNull(given: unknown, field: string): number | bigint | null {
  const value = integerOrNull(given, field);
  if (value === null) return null;
  const micros = Number(value) * 1000;
  if (Number.isSafeInteger(micros)) return micros;
  const exact = BigInt(value) * 1000n;
  if (BigInt.asIntN(64, exact) !== exact) refuseField('NUMBER_OUT_OF_RANGE', field, value, 'milliseconds that fit 64 bits as microseconds');
  return exact;
}

/**
 * Milliseconds of a field that must be there, as microseconds.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE, UNSAFE_INTEGER, NUMBER_OUT_OF_RANGE
 */
export function millisecondsOf(value: unknown, field: string): number | bigint {
  return millisecondsOrNull(value, field) ?? refuseType(field, value, 'a whole number');
}

/**
 * The first text of a list in a field; null where the field is absent, null or empty.
 *
 * @throws {@link InputError} WRONG_TYPE
 */
export function firstTextOrNull(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) refuseType(field, value, 'a list of texts');
  const first: unknown = value[0];
  return first === undefined ? null : typeof first === 'string' ? first : refuseType(`${field}[0]`, first, 'text');
}

/** A field's value where it is an object, else null. */
export function objectOrNull(value: unknown): JsonRecord | null {
  return isRecord(value) ? value : null;
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A field's value, which must be a list.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE
 */
export function listOf(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuseType(field, value, 'a list');
}

/**
 * A field's value, which must be an object.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE
 */
export function objectOf(value: unknown, field: string): JsonRecord {
  return isRecord(value) ? value : refuseType(field, value, 'an object');
}
