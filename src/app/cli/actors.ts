import type { VerifiedLedger } from '../../ledger/report.js';
import { usageError } from './exit.js';

/** Actors of pooled ledgers, in order of first appearance. */
export function actorsOf(ledgers: readonly VerifiedLedger[]): string[] {
  return [...new Set(ledgers.flatMap(({ columns }) => columns.actor.values))];
}

/** The one actor that is meant: the one named, or the only one there is. The ledgers must have entries. */
export function onlyActor(ledgers: readonly VerifiedLedger[], named: string | undefined): string {
  if (named !== undefined) return named;
  const actors = actorsOf(ledgers);
  if (actors.length < 2) return actors[0] ?? '';
  const few = actors.slice(0, 5).join(', ');
  throw usageError(`--format pi takes one actor: name it with --actor, of ${String(actors.length)}: ${few}${actors.length > 5 ? ', ...' : ''}`);
}

/** The largest time stamp of the ledgers, in milliseconds since the epoch; 0 where there is none. */
export function latestMs(ledgers: readonly VerifiedLedger[]): bigint {
  let latest = -Infinity;
  for (const { columns } of ledgers) {
    for (const tsMs of columns.tsMs) if (tsMs > latest) latest = tsMs;
  }
  return Number.isFinite(latest) ? BigInt(latest) : 0n;
}
