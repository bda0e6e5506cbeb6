import { canonicalJson } from '../../canonical-json.js';
import { sha256 } from '../../ledger/hash.js';

/**
 * SHA-256 of an artifact's canonical text without its own `contentHash`.
 *
 * @param artifact - plain JSON
 * @returns 64 lower-case hex digits
 * @throws {@link InputError} as {@link canonicalJson}
 * @example
 * ```ts
 * contentHash({ a: 1, contentHash: 'anything' }) === contentHash({ a: 1 }); // => true
 * ```
 */
export function contentHash(artifact: object): string {
  return sha256(canonicalJson({ ...artifact, contentHash: undefined }));
}

/** The artifact with its content hash. */
export function sealed<T extends object>(artifact: T): T & { readonly contentHash: string } {
  return { ...artifact, contentHash: contentHash(artifact) };
}
