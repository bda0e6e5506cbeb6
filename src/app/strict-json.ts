import type { JsonNode } from '../ledger/lexeme.js';
import { parseJson } from '../ledger/parse-json.js';

/** Plain values of a node; an integer that a double cannot hold exactly is a bigint. */
function plain(node: JsonNode): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (!('kind' in node)) return node.map(plain);
  if (node.kind === 'object') return Object.fromEntries(node.fields.map(({ key, value }) => [key, plain(value)]));
  const value = Number(node.text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(node.text) ? BigInt(node.text) : value;
}

/**
 * Reads JSON as strictly as ledgers are read: no key twice, no half of a surrogate pair, integers exact.
 *
 * @throws {@link InputError} as `parseJson`
 */
export function parseStrictly(text: string): unknown {
  return plain(parseJson(Buffer.from(text)));
}
