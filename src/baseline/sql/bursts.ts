import { integerIn } from '../../stats/sample.js';
import { countOf, expressionOf, textOrNull } from './ask.js';
import { compareKeys } from './group-statistics.js';
import { type SqlQuestion, type SqlSource, sqlRows } from './source.js';
import { sqlInteger } from './text.js';

/** How many calls of an actor have `within` calls, themselves counted, from them on within the window. */
export interface BurstTally {
  readonly actor: string;
  /** At most the limit asked for, which stands for more too. */
  readonly within: number;
  readonly calls: number;
}

/**
 * Counts, for each call, the calls of its actor and trace from it on within a window, and how often each count comes. Calls
 * without a time are left out; of calls at one time the first counts the others.
 *
 * @param windowUs - length of the window in microseconds, both ends in it
 * @param most - counts above it are counted as it
 * @throws {@link InputError} BAD_PARAM, MISSING_FIELD
 * @remarks The starts and ends of all windows are sorted into one row of events, along which a running sum counts: O(n log n),
 * no window functions, so words of 18.16 only. The engine holds an actor's times four times over. Tallies of several tables add up.
 */
export function burstTallySql(source: SqlSource, windowUs: number, most: number): SqlQuestion<readonly BurstTally[]> {
  integerIn(windowUs, 1, Number.MAX_SAFE_INTEGER, 'windowUs');
  integerIn(most, 1, 1_000_000, 'most');
  const rows = sqlRows(source, { actor_key: expressionOf(source, 'actor'), trace_key: source.trace, stamp: expressionOf(source, 'ts') });
  const times = `(SELECT actor_key, groupArray(assumeNotNull(stamp)) AS stamps FROM ${rows} WHERE isNotNull(stamp) AND isNotNull(actor_key) GROUP BY actor_key, trace_key)`;
  const events = `(SELECT actor_key, arraySort(arrayConcat(arrayMap(t -> (t, 0), stamps), arrayMap(t -> (t + ${sqlInteger(windowUs)}, 1), stamps))) AS events FROM ${times})`;
  const ends = `(SELECT actor_key, arrayFilter((c, e) -> tupleElement(e, 2) = 1, arrayCumSum(arrayMap(e -> toInt64(tupleElement(e, 2) = 0), events)), events) AS ends FROM ${events})`;
  const counts = `(SELECT actor_key, arrayMap((c, i) -> c - i + 1, ends, arrayEnumerate(ends)) AS counts FROM ${ends})`;
  return {
    sql: `SELECT actor_key, toInt64(least(c, ${sqlInteger(most)})) AS within, count() AS calls FROM ${counts} ARRAY JOIN counts AS c GROUP BY actor_key, within`,
    read: (answer) =>
      answer
        .map((row) => ({ actor: textOrNull(row, 'actor_key') ?? '', within: countOf(row, 'within'), calls: countOf(row, 'calls') }))
        .sort((a, b) => compareKeys([a.actor], [b.actor]) || a.within - b.within),
  };
}
