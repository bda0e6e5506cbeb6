import type { Json } from '../../detector.js';
import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { countOf, listOf, memberOf, numberOf, textOf } from '../../baseline/parse-pi-baseline.js';

/** Reads a value from parsed JSON, or throws naming `at`. */
export type Reader<T> = (node: JsonNode, at: string) => T;

export { countOf as count, numberOf as number, textOf as text };

/** true or false. @throws {@link InputError} WRONG_TYPE */
export const flag: Reader<boolean> = (node, at) => {
  if (typeof node !== 'boolean') throw new InputError('WRONG_TYPE', `${at} must be true or false`);
  return node;
};

/** A probability strictly between 0 and 1. @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE */
export const share: Reader<number> = (node, at) => {
  const x = numberOf(node, at);
  if (!(x > 0 && x < 1)) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must be in (0, 1), got ${String(x)}`);
  return x;
};

/** 64 lower-case hex digits. @throws {@link InputError} WRONG_TYPE */
export const hash: Reader<string> = (node, at) => {
  const value = textOf(node, at);
  if (!/^[0-9a-f]{64}$/.test(value)) throw new InputError('WRONG_TYPE', `${at} must be 64 lower-case hex digits, got ${JSON.stringify(value.slice(0, 80))}`);
  return value;
};

/** A list. */
export function list<T>(item: Reader<T>): Reader<T[]> {
  return (node, at) => listOf(node, at).map((value, i) => item(value, `${at}[${String(i)}]`));
}

/** null, or what `item` reads. */
export function nullOr<T>(item: Reader<T>): Reader<T | null> {
  return (node, at) => (node === null ? null : item(node, at));
}

/** One of a few texts. */
export function oneOf<T extends string>(values: readonly T[]): Reader<T> {
  return (node, at) => {
    const value = textOf(node, at);
    const known = values.find((each) => each === value);
    if (known === undefined) throw new InputError('BAD_ENUM', `${at} must be ${values.join(', ')}, got ${JSON.stringify(value.slice(0, 80))}`);
    return known;
  };
}

/** The schema that a file must name. */
export function schema<T extends string>(name: T): Reader<T> {
  return (node, at) => {
    const value = textOf(node, at);
    if (value !== name) throw new InputError('UNSUPPORTED_SCHEMA', `${at} must be ${name}, got ${JSON.stringify(value.slice(0, 80))}`);
    return name;
  };
}

/** Any value, its numbers as doubles. @throws {@link InputError} NUMBER_OUT_OF_RANGE */
export const json: Reader<Json> = (node, at) => {
  if (node === null || typeof node === 'string' || typeof node === 'boolean') return node;
  if (Array.isArray(node)) return list(json)(node, at);
  const value = node as Exclude<typeof node, readonly JsonNode[]>;
  if (value.kind === 'number') return numberOf(value, at);
  return Object.fromEntries(value.fields.map((field) => [field.key, json(field.value, `${at}.${field.key}`)]));
};

/** An object of exactly these members, and perhaps the optional ones: what is not known may be what matters. */
export function record<T>(members: { readonly [K in keyof T & string]: Reader<T[K]> }, optional: { readonly [K in keyof T & string]?: true } = {}): Reader<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (node, at) => {
    const { fields = [] } = (node ?? {}) as { readonly fields?: readonly { readonly key: string }[] };
    const present = names.filter((name) => optional[name] !== true || fields.some(({ key }) => key === name));
    const entries = present.map((name) => [name, members[name](memberOf(node, name, at), `${at}.${name}`)] as const);
    const unknown = fields.find(({ key }) => !Object.hasOwn(members, key));
    if (unknown !== undefined) throw new InputError('WRONG_TYPE', `${at} must have the fields ${names.join(', ')} alone, got ${JSON.stringify(unknown.key.slice(0, 80))} too`);
    return Object.fromEntries(entries) as T;
  };
}
