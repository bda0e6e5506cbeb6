import type { LedgerEntry } from './entry.js';
import { entryHash, sha256 } from './hash.js';
import type { JsonNode } from './lexeme.js';
import { ownPayload } from './own-text.js';

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
  const stored = entry.ledger_hash;
  const newer = entryHash(entry, prevHash) === stored;
  const older = entryHash(entry, prevHash, 'older') === stored;
  if (newer && older) return 'newer or older';
  if (newer || older) return newer ? 'newer' : 'older';
  if (node !== undefined && sha256((prevHash ?? '') + ownPayload(node, prevHash)) === stored) return 'own';
  return 'none';
}
