import { InputError, type ErrorCode } from '../errors.js';
import type { TraceColumn } from './schema.js';

/** A value from outside, short enough to quote. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
}

/**
 * Refuses a value.
 *
 * @param row - the row's number from 0 among the rows given
 * @param expected - what would have done
 * @throws {@link InputError} the code, naming row, column, value and what was expected
 */
export function refuseValue(code: ErrorCode, { row, column }: { readonly row: number; readonly column: TraceColumn }, value: unknown, expected: string): never {
  throw new InputError(code, `row ${String(row)}: ${column.name} must be ${expected}, got ${shown(value)}`);
}
