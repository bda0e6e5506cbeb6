import { InputError } from '../../errors.js';

/** Longest name taken for a database, a table or a column. */
const LONGEST_NAME = 200;

/** Code units below a space, and the one that deletes. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * A name as ClickHouse reads it in SQL, quoted so that it can be nothing else.
 *
 * @param name - of a database, a table or a column, as it is
 * @param what - what it names, for messages
 * @throws {@link InputError} BAD_PARAM where it is empty, too long, not well-formed or holds a control character
 */
export function sqlName(name: string, what: string): string {
  if (name === '' || name.length > LONGEST_NAME || CONTROL.test(name) || !name.isWellFormed()) {
    throw new InputError('BAD_PARAM', `the name of a ${what} must have 1 to ${String(LONGEST_NAME)} characters and no control character, got ${JSON.stringify(name.slice(0, 60))}`);
  }
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/**
 * A text as ClickHouse reads it in SQL, quoted so that it can be nothing else.
 *
 * @throws {@link InputError} LONE_SURROGATE where it is no well-formed Unicode
 */
export function sqlText(text: string): string {
  if (!text.isWellFormed()) throw new InputError('LONE_SURROGATE', `a text in a query must be well-formed Unicode, got ${JSON.stringify(text.slice(0, 60))}`);
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(new RegExp(CONTROL, 'g'), (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
  return `'${escaped}'`;
}

/** A finite number as SQL: the shortest text that is read back as the same double. */
export function sqlNumber(x: number): string {
  if (!Number.isFinite(x)) throw new InputError('NOT_FINITE', `a number in a query must be finite, got ${String(x)}`);
  return `toFloat64(${sqlText(String(x))})`;
}

/** An integer as SQL. */
export function sqlInteger(x: number): string {
  if (!Number.isSafeInteger(x)) throw new InputError('UNSAFE_INTEGER', `an integer in a query must be safe, got ${String(x)}`);
  return x < 0 ? `(${String(x)})` : String(x);
}
