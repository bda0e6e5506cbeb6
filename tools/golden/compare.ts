import type { JsonNode } from '../../src/index.js';
import { isNumber, isObject } from './input.js';

const RELATIVE = 1e-12;

function compareNumber(text: string, actual: unknown, path: string): string | null {
  const wrong = `${path}: expected ${text}, got ${String(actual)}`;
  if (/^-?[0-9]+$/.test(text)) {
    const whole = typeof actual === 'bigint' || (typeof actual === 'number' && Number.isInteger(actual));
    return whole && BigInt(actual) === BigInt(text) ? null : wrong;
  }
  const expected = Number(text);
  if (typeof actual !== 'number' || !Number.isFinite(actual)) return wrong;
  if (expected === 0) return Object.is(actual, expected) ? null : wrong;
  return Math.abs(actual - expected) <= RELATIVE * Math.abs(expected) ? null : wrong;
}

function compareList(expected: readonly JsonNode[], actual: unknown, path: string): string | null {
  if (!Array.isArray(actual) && !ArrayBuffer.isView(actual)) return `${path}: expected a list, got ${typeof actual}`;
  const items = Array.from(actual as ArrayLike<unknown>);
  if (items.length !== expected.length) return `${path}: expected ${String(expected.length)} items, got ${String(items.length)}`;
  for (const [i, item] of expected.entries()) {
    const difference = compare(item, items[i], `${path}[${String(i)}]`);
    if (difference !== null) return difference;
  }
  return null;
}

/**
 * The first difference between what a golden case expects and what hindcast answered, or null. Integers, strings and
 * booleans exactly; floats within 1e-12 relative and with the sign of zero; an expected null also matches a number
 * that is not finite; every expected member must be there, further members of the answer are not looked at.
 */
export function compare(expected: JsonNode, actual: unknown, path = 'answer'): string | null {
  if (isNumber(expected)) return compareNumber(expected.text, actual, path);
  if (expected === null) {
    const nothing = actual === null || (typeof actual === 'number' && !Number.isFinite(actual));
    return nothing ? null : `${path}: expected null, got ${JSON.stringify(actual)}`;
  }
  if (Array.isArray(expected)) return compareList(expected as readonly JsonNode[], actual, path);
  if (isObject(expected)) {
    if (typeof actual !== 'object' || actual === null) return `${path}: expected an object, got ${String(actual)}`;
    for (const { key, value } of expected.fields) {
      const difference = compare(value, (actual as Record<string, unknown>)[key], `${path}.${key}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  return actual === expected ? null : `${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
