import { unit } from '../../stats/sample.js';
import { expressionOf } from './ask.js';
import { compareKeys, orderStatistics, readGroup, type GroupQuestion, type GroupStatistics } from './group-statistics.js';
import { type SqlQuestion, type SqlSource, sqlRows } from './source.js';

/**
 * Exact order statistics of the microseconds between neighbouring calls of each actor, in order of their times. Calls without a
 * time are left out; `rows` counts those with one, `n` the times between them.
 *
 * @throws {@link InputError} BAD_PARAM, MISSING_FIELD
 * @remarks As `groupStatisticsSql`. The last call of one trace and the first of another are no neighbours.
 */
export function interArrivalsSql(source: SqlSource, question: Pick<GroupQuestion, 'probabilities' | 'type'>): SqlQuestion<readonly GroupStatistics[]> {
  for (const p of question.probabilities) unit(p, 'a probability');
  const rows = sqlRows(source, { actor_key: expressionOf(source, 'actor'), trace_key: source.trace, stamp: expressionOf(source, 'ts') });
  const times = `(SELECT actor_key, arrayPopFront(arrayDifference(arraySort(groupArray(assumeNotNull(stamp))))) AS gaps, count() AS stamps FROM ${rows} WHERE isNotNull(stamp) GROUP BY actor_key, trace_key)`;
  const joined = `(SELECT actor_key AS k0, sum(stamps) AS rows_seen, groupArrayArray(gaps) AS all_gaps FROM ${times} GROUP BY actor_key)`;
  const sorted = `(SELECT k0, rows_seen, arraySort(arrayMap(gap -> toFloat64(gap), all_gaps)) AS xs FROM ${joined})`;
  return {
    sql: orderStatistics(sorted, ['k0', 'rows_seen'], question.probabilities),
    read: (answer) => answer.map((row) => readGroup(row, 1, question)).sort((a, b) => compareKeys(a.key, b.key)),
  };
}
