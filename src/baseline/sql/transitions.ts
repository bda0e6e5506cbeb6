import { countOf, expressionOf, textOrNull } from './ask.js';
import { compareKeys } from './group-statistics.js';
import { type SqlQuestion, type SqlSource, sqlRows } from './source.js';

/** What can follow what. */
export type SqlState = 'risk_state' | 'capability' | 'native_capability' | 'tool' | 'outcome' | 'decision';

/** How often one state came right after another. */
export interface StateTransition {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/**
 * Counts of neighbouring states within each stream, in the order of the rows. Rows without a state or a stream are left out,
 * so the states on either side of one are neighbours.
 *
 * @param stream - columns whose values make the streams; rows of different traces are never joined
 * @throws {@link InputError} MISSING_FIELD where the table cannot show what is asked
 * @remarks One scan; the engine sorts each stream. Counts of several tables add up where no stream is in two. Words of 18.16 only.
 */
export function transitionsSql(source: SqlSource, state: SqlState, stream: readonly ('session' | 'actor')[]): SqlQuestion<readonly StateTransition[]> {
  const keys = stream.map((_, i) => `k${String(i)}`);
  const expressions = Object.fromEntries(stream.map((column, i) => [`k${String(i)}`, expressionOf(source, column)]));
  const rows = sqlRows(source, { ...expressions, trace_key: source.trace, place: source.order, state: expressionOf(source, state) });
  const present = ['state', ...keys].map((name) => `isNotNull(${name})`).join(' AND ');
  const streams = `(SELECT arrayMap(p -> tupleElement(p, 2), arraySort(groupArray((place, assumeNotNull(state))))) AS states FROM ${rows} WHERE ${present} GROUP BY ${['trace_key', ...keys].join(', ')})`;
  return {
    sql: `SELECT state_from, state_to, count() AS times FROM ${streams} ARRAY JOIN arrayPopBack(states) AS state_from, arrayPopFront(states) AS state_to GROUP BY state_from, state_to`,
    read: (answer) =>
      answer
        .map((row) => ({ from: textOrNull(row, 'state_from') ?? '', to: textOrNull(row, 'state_to') ?? '', count: countOf(row, 'times') }))
        .sort((a, b) => compareKeys([a.from, a.to], [b.from, b.to])),
  };
}
