import { countOf, expressionOf, textOrNull } from './ask.js';
import { compareKeys } from './group-statistics.js';
import { type SqlColumn, type SqlQuestion, type SqlSource, sqlRows } from './source.js';

/** How calls of a group ended. */
export interface OutcomeGroup {
  /** The group's value of the column; null for rows without one. */
  readonly group: string | null;
  readonly rows: number;
  /** Rows by outcome, in order of its word; an outcome that did not come is left out. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/**
 * Counts rows by group and outcome.
 *
 * @throws {@link InputError} MISSING_FIELD
 * @remarks One scan; the engine keeps counts only. Counts of several tables add up.
 */
export function outcomesSql(source: SqlSource, by: SqlColumn): SqlQuestion<readonly OutcomeGroup[]> {
  const rows = sqlRows(source, { k0: expressionOf(source, by), ended: expressionOf(source, 'outcome') });
  return {
    sql: `SELECT k0, ended, count() AS times FROM ${rows} GROUP BY k0, ended`,
    read: (answer) => {
      const groups = new Map<string | null, Map<string, number>>();
      for (const row of answer) {
        const group = textOrNull(row, 'k0');
        const outcomes = groups.get(group) ?? new Map<string, number>();
        outcomes.set(textOrNull(row, 'ended') ?? 'unknown', countOf(row, 'times'));
        groups.set(group, outcomes);
      }
      return [...groups]
        .sort(([a], [b]) => compareKeys([a], [b]))
        .map(([group, outcomes]) => ({ group, rows: [...outcomes.values()].reduce((sum, each) => sum + each, 0), outcomes: Object.fromEntries([...outcomes].sort(([a], [b]) => compareKeys([a], [b]))) }));
    },
  };
}

/** How many distinct resources the calls of a group touched. */
export interface ResourceCount {
  readonly group: string | null;
  readonly distinct: number;
}

/**
 * Counts distinct resources by group, exactly; groups without one are left out.
 *
 * @throws {@link InputError} MISSING_FIELD
 * @remarks One scan; the engine keeps a hash of each distinct text. Counts of several tables do not add up.
 */
export function distinctResourcesSql(source: SqlSource, by: SqlColumn): SqlQuestion<readonly ResourceCount[]> {
  const rows = sqlRows(source, { k0: expressionOf(source, by), touched: expressionOf(source, 'resource') });
  return {
    sql: `SELECT k0, uniqExact(assumeNotNull(touched)) AS distinct_n FROM ${rows} WHERE isNotNull(touched) GROUP BY k0`,
    read: (answer) => answer.map((row) => ({ group: textOrNull(row, 'k0'), distinct: countOf(row, 'distinct_n') })).sort((a, b) => compareKeys([a.group], [b.group])),
  };
}
