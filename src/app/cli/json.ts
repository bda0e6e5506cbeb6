import type { Sink } from './io.js';
import { escapeJsonForTerminal } from '../terminal.js';

/** What JSON has no form for, in a form it has: typed arrays as arrays, integers beyond 2^53 as their digits. */
type Printable = string | number | boolean | null;

function scalarText(value: Printable | bigint): string {
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

function print(value: unknown, indent: string): string {
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return scalarText(value as Printable | bigint);
  const inner = `${indent}  `;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as ArrayLike<number>, scalarText).join(', ')}]`;
  const list = Array.isArray(value);
  const parts = list
    ? (value as readonly unknown[]).map((item) => print(item, inner))
    : Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => `${JSON.stringify(key)}: ${print(member, inner)}`);
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/**
 * A report as JSON: two spaces a level, members in their order, bigints as integers, typed arrays as arrays, NaN and
 * the infinities as null.
 */
export function reportJson(value: unknown, indent = ''): string {
  return print(value, indent);
}

/** A report without some of its members. */
export function without(report: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(report).filter(([name]) => !names.includes(name)));
}

/** Writes JSON to a sink; on a terminal with everything unseen escaped, which changes no value. */
export function writeJson(sink: Sink, json: string): void {
  sink.write(sink.isTTY ? escapeJsonForTerminal(json) : json);
}
