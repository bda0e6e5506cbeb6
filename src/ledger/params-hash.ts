import { sha256 } from './hash.js';
import { formatFloat } from './float-text.js';
import type { JsonField, JsonNode } from './lexeme.js';
import { parseJson } from './parse-json.js';

/** Values nested deeper than this are replaced by the bare bytes `too_deep`. */
const DEPTH_LIMIT = 128;

const encoder = new TextEncoder();

/** Order of the keys' UTF-8 bytes, which is code point order and not that of JavaScript's string comparison. */
function byBytes(a: string, b: string): number {
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  const shared = Math.min(x.length, y.length);
  for (let i = 0; i < shared; i += 1) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** An integer that fits 64 bits stays one; every other number is a double. `-0` is a double to the host's reader. */
function canonicalNumber(text: string): string {
  if (!/^-?[0-9]+$/.test(text) || text === '-0') return formatFloat(Number(text));
  const value = BigInt(text);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? value.toString() : formatFloat(Number(text));
}

function leaf(node: null | boolean | string | { readonly text: string }, shape: boolean): string {
  if (node === null) return shape ? '"null"' : 'null';
  if (typeof node === 'boolean') return shape ? '"bool"' : String(node);
  if (typeof node === 'string') return shape ? '"string"' : JSON.stringify(node);
  return shape ? '"number"' : canonicalNumber(node.text);
}

function canonical(node: JsonNode, shape: boolean, depth: number): string {
  if (depth > DEPTH_LIMIT) return 'too_deep';
  if (Array.isArray(node)) return `[${(node as readonly JsonNode[]).map((item) => canonical(item, shape, depth + 1)).join(',')}]`;
  if (node === null || typeof node !== 'object' || !('kind' in node) || node.kind === 'number') return leaf(node as JsonNode & string, shape);
  const last = new Map<string, JsonField>(node.fields.map((f) => [f.key, f]));
  const members = [...last.values()].sort((a, b) => byBytes(a.key, b.key));
  return `{${members.map(({ key, value }) => `${JSON.stringify(key)}:${canonical(value, shape, depth + 1)}`).join(',')}}`;
}

function read(paramsJson: string | Uint8Array): JsonNode {
  return parseJson(paramsJson, { maxDepth: Infinity, lenientKeys: true });
}

/**
 * Canonical text of call parameters: compact, keys sorted by their UTF-8 bytes, the last of repeated keys kept.
 * Depends on the spelling of numbers: `1` and `1.0` differ.
 *
 * @param paramsJson - the parameters' JSON text
 * @throws {@link InputError} as {@link parseJson}, but any depth and any key is accepted
 */
export function canonicalParams(paramsJson: string | Uint8Array): string {
  return canonical(read(paramsJson), false, 0);
}

/**
 * The host's `params_hash` of a call.
 *
 * @param method - the method's name
 * @param paramsJson - the parameters' JSON text, spelt as the host saw it
 * @throws {@link InputError} as {@link canonicalParams}
 * @example
 * ```ts
 * paramsHash('fs', '{}'); // => 'a6cf7aa5f6234302e386727b30907b8bc3261a8d5357e3e796fbebe5f490bf3a'
 * ```
 */
export function paramsHash(method: string, paramsJson: string | Uint8Array): string {
  return sha256(`{"method":${JSON.stringify(method)},"params":${canonicalParams(paramsJson)}}`);
}

/** The host's `args_shape_hash`: as {@link paramsHash}, with every leaf replaced by its type's name. */
export function argsShapeHash(method: string, paramsJson: string | Uint8Array): string {
  return sha256(`{"method":${JSON.stringify(method)},"params_shape":${canonical(read(paramsJson), true, 0)}}`);
}
