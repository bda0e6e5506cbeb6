import type { LedgerEntry } from './entry.js';
import { sha256 } from './hash.js';
import type { JsonNode } from './lexeme.js';
import { ownPayload } from './own-text.js';
import { entryPayload } from './print.js';

/**
 * What an entry's stored hash turned out to cover: the canonical text of one of the two known writers (or of both,
 * where they agree), the entry's own number text and neither writer's, or none of these.
 */
export type Seal = 'newer or older' | 'newer' | 'older' | 'own' | 'none';

/**
 * Compares an entry's stored hash with every text it may have been sealed over.
 *
 * @param entry - the decoded entry
 * @param prevHash - the hash it should be chained to, which need not be the one it names
 * @param node - the entry as read, for its own number text; without it that text is not tried
 */
export function judge(entry: LedgerEntry, prevHash: string | null, node?: JsonNode): Seal {
  const sealedOver = (payload: string): boolean => sha256((prevHash ?? '') + payload) === entry.ledger_hash;
  const newer = entryPayload(entry, prevHash);
  // The spellings can only differ where the newer one writes a plus sign.
  const older = newer.includes('e+') ? entryPayload(entry, prevHash, 'older') : newer;
  if (sealedOver(newer)) return newer === older ? 'newer or older' : 'newer';
  if (older !== newer && sealedOver(older)) return 'older';
  return node !== undefined && sealedOver(ownPayload(node, prevHash)) ? 'own' : 'none';
}
