import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError, parseJson, type JsonNode } from '../../src/index.js';

interface Vectors {
  readonly tests: readonly { readonly id: string; readonly expect: 'accept' | 'reject' | 'either'; readonly b64?: string }[];
}

const { tests } = JSON.parse(readFileSync(new URL('../vectors/json-parsing.json', import.meta.url), 'utf8')) as Vectors;
const inlined = tests.filter((t) => t.b64 !== undefined);

/** The error code, or null where the text is read. */
function refusal(source: Uint8Array | string): string | null {
  try {
    parseJson(source);
    return null;
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.code;
  }
}

function plain(node: JsonNode): unknown {
  if (node === null || typeof node !== 'object') return node;
  if (!('kind' in node)) return (node).map(plain);
  return node.kind === 'number' ? Number(node.text) : Object.fromEntries(node.fields.map((f) => [f.key, plain(f.value)]));
}

test('texts that any JSON parser must accept are read, but for repeated keys', () => {
  for (const { id, b64 = '' } of inlined.filter((t) => t.expect === 'accept')) {
    const code = refusal(Buffer.from(b64, 'base64'));
    if (code !== null) expect(`${id} ${code}`).toMatch(/duplicated_key.* DUPLICATE_KEY/);
  }
});

test('texts that any JSON parser must refuse are refused', () => {
  for (const { id, b64 = '' } of inlined.filter((t) => t.expect === 'reject')) expect(refusal(Buffer.from(b64, 'base64')), id).not.toBeNull();
});

test('texts on which parsers differ give a value or a coded error', () => {
  for (const { b64 = '' } of inlined.filter((t) => t.expect === 'either')) refusal(Buffer.from(b64, 'base64'));
  expect(inlined.length).toBeGreaterThan(100);
});

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    if (/"__proto__"/.test(text) || !text.isWellFormed() || /\\ud[89a-f]/i.test(text)) return;
    assert.deepStrictEqual(plain(parseJson(text)), JSON.parse(text));
  }), { seed: 20260101, numRuns: 3000 });
});

test('nesting a million levels deep costs no call stack', () => {
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  expect(refusal(deep)).toBe('TOO_DEEP');
  expect(Array.isArray(parseJson(deep, { maxDepth: Infinity }))).toBe(true);
});

test('errors name the byte', () => {
  expect(() => parseJson('{"a":1,}')).toThrow("byte 7: expected a key, found '}'");
  expect(() => parseJson('[1 2]', { base: 100 })).toThrow("byte 103: expected ',' or ']', found '2'");
  expect(() => parseJson('"abc')).toThrow('byte 0: a string is not closed');
  expect(() => parseJson('01')).toThrow('byte 0: 01 is not a JSON value');
});
