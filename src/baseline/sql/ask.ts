import { InputError } from '../../errors.js';
import type { SqlColumn, SqlRow, SqlSource } from './source.js';

/**
 * The expression of a column.
 *
 * @throws {@link InputError} MISSING_FIELD where the source cannot show it
 */
export function expressionOf({ columns }: SqlSource, column: SqlColumn): string {
  const expression = columns[column];
  if (expression === null) throw new InputError('MISSING_FIELD', `the table cannot show ${column}`);
  return expression;
}

function refuse(name: string, value: unknown, expected: string): never {
  const text = JSON.stringify(value) as string | undefined;
  throw new InputError('WRONG_TYPE', `the answer's ${name} must be ${expected}, got ${(text ?? 'nothing').slice(0, 60)}`);
}

/** A count of an answer. */
export function countOf(row: SqlRow, name: string): number {
  const value = row[name];
  const count = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : refuse(name, value, 'a count');
}

/** A double of an answer. */
export function numberOf(row: SqlRow, name: string): number {
  const value = row[name];
  return typeof value === 'number' ? value : refuse(name, value, 'a number');
}

/** Doubles of an answer. */
export function numbersOf(row: SqlRow, name: string): readonly number[] {
  const value = row[name];
  return Array.isArray(value) && value.every((each) => typeof each === 'number') ? value : refuse(name, value, 'numbers');
}

/** A text of an answer, or null. */
export function textOrNull(row: SqlRow, name: string): string | null {
  const value = row[name];
  return value === null || typeof value === 'string' ? value : refuse(name, value, 'a text or null');
}
