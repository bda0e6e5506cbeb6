import { InputError } from './errors.js';

function numberText(x: number): string {
  if (!Number.isFinite(x)) throw new InputError('NOT_FINITE', `a canonical text cannot hold ${String(x)}`);
  return JSON.stringify(x);
}

function stringText(text: string): string {
  if (!text.isWellFormed()) throw new InputError('LONE_SURROGATE', `a canonical text cannot hold half a surrogate pair, got ${JSON.stringify(text.slice(0, 60))}`);
  return JSON.stringify(text);
}

/**
 * The one text of a JSON value: no white space, members by the UTF-16 code units of their names, every number as
 * ECMAScript writes it. Equal values have equal texts, however they were written.
 *
 * @param value - plain JSON; members that are undefined are left out
 * @returns the text, without a line feed
 * @throws {@link InputError} NOT_FINITE for NaN and infinities, LONE_SURROGATE
 * @remarks Not the host's canonical form of call parameters ({@link canonicalParams}), which keeps how a number was
 * spelt and sorts by bytes. O(n log n).
 * @see RFC 8785, JSON Canonicalization Scheme.
 * @example
 * ```ts
 * canonicalJson({ b: [1.0, 1e21], a: null }); // => '{"a":null,"b":[1,1e+21]}'
 * ```
 */
export function canonicalJson(value: boolean | number | string | object | null): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${(value as readonly object[]).map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as Readonly<Record<string, object | undefined>>)
    .flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${stringText(key)}:${canonicalJson(member)}`).join(',')}}`;
}
