import { memberOf } from '../../baseline/parse-pi-baseline.js';
import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { hash, json, schema } from './artifact-reader.js';
import { contentHash } from './canonical.js';

/**
 * Refuses an artifact of another schema, and one that is not what it was when it was sealed. Before its parts are looked at:
 * whatever was changed, that it was changed is what matters.
 *
 * @throws {@link InputError} MISSING_FIELD, WRONG_TYPE, UNSUPPORTED_SCHEMA; CONTENT_HASH naming both hashes
 */
export function requireSealedNode(node: JsonNode, name: string, at: string): void {
  schema(name)(memberOf(node, 'schema', at), `${at}.schema`);
  const stated = hash(memberOf(node, 'contentHash', at), `${at}.contentHash`);
  const expected = contentHash(json(node, at) as object);
  if (stated !== expected) throw new InputError('CONTENT_HASH', `${at} was changed after it was made: its contentHash must be ${expected}, got ${stated}`);
}
