import { InputError } from '../../errors.js';
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

/**
 * The largest time stamp of the ledgers, in milliseconds since the epoch; 0 where there is none.
 *
 * @throws {@link InputError} UNSAFE_INTEGER naming the entry where a time stamp beyond 2^53 leaves the largest unknown
 */
export function latestMs(ledgers: readonly VerifiedLedger[]): bigint {
  let latest = -Infinity;
  for (const { columns } of ledgers) {
    for (const [i, tsMs] of columns.tsMs.entries()) {
      if (Number.isNaN(tsMs)) throw new InputError('UNSAFE_INTEGER', `entry ${String(i)}: ts_ms is beyond 2^53 milliseconds, so the largest is not known: say when the baseline is of with --generated-at`);
      if (tsMs > latest) latest = tsMs;
    }
  }
  return latest === -Infinity ? 0n : BigInt(latest);
}
