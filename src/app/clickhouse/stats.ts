import { burstTallySql, type BurstTally } from '../../baseline/sql/bursts.js';
import { groupStatisticsSql, type GroupStatistics } from '../../baseline/sql/group-statistics.js';
import { interArrivalsSql } from '../../baseline/sql/inter-arrivals.js';
import { distinctResourcesSql, outcomesSql, type OutcomeGroup, type ResourceCount } from '../../baseline/sql/outcomes.js';
import { scoreHistogramSql, type HistogramBins, type ScoreHistogram } from '../../baseline/sql/scores.js';
import type { SqlColumn, SqlQuestion, SqlSource } from '../../baseline/sql/source.js';
import { transitionsSql, type StateTransition } from '../../baseline/sql/transitions.js';
import type { QuantileType } from '../../stats/quantile.js';
import { ask, type SqlEngine } from './engine.js';

/** Schema text of the summary of a table. */
export const TABLE_STATS_SCHEMA = 'hindcast.table-stats.v1';

/** What groups are made by. */
export type StatsBy = 'capability' | 'native_capability' | 'tool' | 'actor';

/** Which summaries. */
export interface StatsPlan {
  readonly by: StatsBy;
  readonly probabilities: readonly number[];
  readonly type: QuantileType;
  readonly bins: HistogramBins;
}

/** Bursts are counted within these microseconds, up to these counts: the host's two windows. */
const BURSTS = [{ windowUs: 1_000_000, most: 8 }, { windowUs: 10_000_000, most: 24 }] as const;

/** What follows what, in which streams. */
interface TableTransitions {
  readonly state: 'risk_state' | 'capability';
  readonly stream: 'session' | 'actor';
  readonly counts: readonly StateTransition[];
}

/** A table's summary. What the table cannot show is null. */
export interface TableStats {
  readonly rows: number;
  readonly by: StatsBy;
  readonly quantiles: { readonly probabilities: readonly number[]; readonly type: QuantileType };
  readonly outcomes: readonly OutcomeGroup[];
  /** Kinds of latency are never pooled: a group is a value of `by` and a kind. */
  readonly latencyUs: readonly GroupStatistics[] | null;
  readonly riskScore: readonly GroupStatistics[] | null;
  /** Within sessions; within actors where no row has a session. */
  readonly transitions: TableTransitions;
  readonly interArrivalsUs: readonly GroupStatistics[] | null;
  readonly bursts: readonly { readonly windowUs: number; readonly most: number; readonly tally: readonly BurstTally[] }[];
  readonly distinctResources: readonly ResourceCount[] | null;
  readonly scoreHistogram: { readonly bins: HistogramBins; readonly labels: readonly ScoreHistogram[] } | null;
}

async function tableTransitions(engine: SqlEngine, source: SqlSource): Promise<TableTransitions> {
  const state = source.columns.risk_state === null ? 'capability' : 'risk_state';
  const counts = await ask(engine, transitionsSql(source, state, ['session']));
  if (counts.length > 0) return { state, stream: 'session', counts };
  return { state, stream: 'actor', counts: await ask(engine, transitionsSql(source, state, ['actor'])) };
}

/**
 * Asks an engine for all summaries of a table.
 *
 * @throws {@link InputError} ENGINE, MISSING_FIELD where the table cannot show `by`
 * @remarks One query after another: each may take the memory that the server allows a query.
 */
export async function tableStats(engine: SqlEngine, source: SqlSource, { by, probabilities, type, bins }: StatsPlan): Promise<TableStats> {
  const where = async <T>(column: SqlColumn, question: () => SqlQuestion<T>): Promise<T | null> => (source.columns[column] === null ? null : ask(engine, question()));
  const outcomes = await ask(engine, outcomesSql(source, by));
  const quantiles = { probabilities, type };
  const bursts = [];
  for (const { windowUs, most } of BURSTS) {
    const tally = await where('ts', () => burstTallySql(source, windowUs, most));
    if (tally !== null) bursts.push({ windowUs, most, tally });
  }
  const labels = source.columns.label === null ? null : await where('risk_score', () => scoreHistogramSql(source, bins));
  return {
    rows: outcomes.reduce((sum, { rows }) => sum + rows, 0),
    by,
    quantiles,
    outcomes,
    latencyUs: await where('latency_us', () => groupStatisticsSql(source, { by: [by, 'latency_kind'], measure: 'latency_us', ...quantiles })),
    riskScore: await where('risk_score', () => groupStatisticsSql(source, { by: [by], measure: 'risk_score', ...quantiles })),
    transitions: await tableTransitions(engine, source),
    interArrivalsUs: await where('ts', () => interArrivalsSql(source, quantiles)),
    bursts,
    distinctResources: await where('resource', () => distinctResourcesSql(source, by)),
    scoreHistogram: labels === null ? null : { bins, labels },
  };
}
