import { describe, expect, it } from 'vitest';
import { ask, type SqlEngine } from '../../src/app/clickhouse/engine.js';
import { loadTrace } from '../../src/app/clickhouse/load.js';
import { burstTallySql } from '../../src/baseline/sql/bursts.js';
import { groupStatisticsSql } from '../../src/baseline/sql/group-statistics.js';
import { binOf, scoreCountsSql, scoreHistogramSql } from '../../src/baseline/sql/scores.js';
import { traceTableSource, type SqlTable } from '../../src/baseline/sql/trace-table.js';
import { transitionsSql } from '../../src/baseline/sql/transitions.js';
import { burstCounts, interArrivals, streamTimes } from '../../src/baseline/trace/stream-times.js';
import { distinctTexts } from '../../src/baseline/trace/distinct-resources.js';
import { groupSummaries, summariesOfValues, type GroupSummary } from '../../src/baseline/trace/group-summaries.js';
import { outcomeCounts } from '../../src/baseline/trace/outcome-counts.js';
import { stateTransitions } from '../../src/baseline/trace/state-transitions.js';
import { interArrivalsSql } from '../../src/baseline/sql/inter-arrivals.js';
import { distinctResourcesSql, outcomesSql } from '../../src/baseline/sql/outcomes.js';
import { rowsOf, type QuantileType, type TraceRow } from '../../src/index.js';
import { naiveBursts, naiveGroups, naiveScores, naiveTransitions } from '../naive/trace-summaries.js';
import { chunksOf, sampleRows, streamRow } from './rows.js';

/** As a set: order is the engine's own. */
function unordered(list: readonly unknown[]): string[] {
  return list.map((each) => JSON.stringify(each)).sort();
}

const BINS = { lower: 0, upper: 1, bins: 7 };

function naiveHistogram(rows: readonly TraceRow[]): object[] {
  const counts = naiveScores(rows) as { label: string | null; score: number; calls: number }[];
  return [...new Set(counts.map(({ label }) => label))].map((label) => {
    const calls = new Array<number>(BINS.bins + 2).fill(0);
    for (const each of counts.filter((one) => one.label === label)) calls[binOf(each.score, BINS) + 1] = (calls[binOf(each.score, BINS) + 1] ?? 0) + each.calls;
    return { label, calls: calls.slice(1, -1), below: calls[0], above: calls.at(-1) };
  });
}

/** Every summary of an engine beside the same of the rows themselves. */
export function agreesWithRows(name: string, engineOf: () => SqlEngine, table: SqlTable): void {
  describe(`${name}: what is computed there is what the rows give`, () => {
    const rows = chunksOf(sampleRows(streamRow, 2000)).flatMap((chunk) => [...rowsOf(chunk)]);
    const source = traceTableSource(table, ["it's \\ one"]);

    it('takes a trace in, under any name, and a second time changes nothing', async () => {
      const chunks = chunksOf(rows);
      expect((await loadTrace(engineOf(), table, "it's \\ one", chunks)).added).toBe(2000);
      expect(await loadTrace(engineOf(), table, "it's \\ one", chunks)).toMatchObject({ before: 2000, added: 0, batches: 0 });
      expect((await loadTrace(engineOf(), table, 'another', chunksOf(rows.slice(0, 700)))).added).toBe(700);
    });

    it('goes on with a trace where its loading stopped', async () => {
      expect(await loadTrace(engineOf(), table, 'another', chunksOf(rows.slice(0, 1234), 100))).toMatchObject({ before: 700, added: 534 });
      const [row] = await engineOf().rows(groupStatisticsSql(traceTableSource(table, ['another']), { by: ['phase'], measure: 'latency_us', probabilities: [] }).sql);
      expect(Number(row?.['rows_seen'])).toBe(1234);
    });

    it('gives medians, MADs and quantiles of every definition to the last bit', async () => {
      const probabilities = [0, 0.05, 0.25, 1 / 3, 0.5, 0.95, 1];
      for (const type of [1, 2, 3, 4, 5, 6, 7, 8, 9] as QuantileType[]) {
        const question = { by: ['capability', 'latency_kind'] as const, measure: 'latency_us' as const, probabilities, type };
        expect(unordered(await ask(engineOf(), groupStatisticsSql(source, question)))).toEqual(unordered(naiveGroups(rows, question.by, 'latency_us', { probabilities, type })));
      }
    });

    it('gives them of doubles of any size, grouped by texts that would do harm as SQL', async () => {
      const question = { by: ['native_capability', 'session'] as const, measure: 'risk_score' as const, probabilities: [0.05, 0.5, 0.95], type: 7 as const };
      expect(unordered(await ask(engineOf(), groupStatisticsSql(source, question)))).toEqual(unordered(naiveGroups(rows, question.by, 'risk_score', question)));
    });

    it('counts transitions by session, by actor, and by both', async () => {
      for (const stream of [['session'], ['actor'], ['actor', 'session']] as const) {
        expect(unordered(await ask(engineOf(), transitionsSql(source, 'risk_state', stream)))).toEqual(unordered(naiveTransitions(rows, 'risk_state', stream)));
      }
      expect(unordered(await ask(engineOf(), transitionsSql(source, 'capability', ['session'])))).toEqual(unordered(naiveTransitions(rows, 'capability', ['session'])));
    });

    it('tallies bursts, ties and both ends of the window included', async () => {
      for (const [windowUs, most] of [[1_000_000, 8], [10_000_000, 24], [1, 2000]] as const) {
        expect(unordered(await ask(engineOf(), burstTallySql(source, windowUs, most)))).toEqual(unordered(naiveBursts(rows, windowUs, most)));
      }
    });

    it('gives what the kernels over chunks give: groups, outcomes, transitions, bursts, times between calls, distinct resources', async () => {
      const chunks = chunksOf(rows);
      const quantiles = { probabilities: [0.05, 0.5, 0.95], type: 8 as const };
      const keyed = ({ group, ...each }: GroupSummary): object => ({ key: [group], rows: each.rows, n: each.n, min: each.min, max: each.max, median: each.median, mad: each.mad, quantiles: each.quantiles });
      for (const [by, measure] of [['capability', 'latency_us'], ['actor', 'risk_score']] as const) {
        expect(await ask(engineOf(), groupStatisticsSql(source, { by: [by], measure, ...quantiles }))).toEqual(groupSummaries(chunks, { by, measure, ...quantiles }).map(keyed));
      }
      expect(await ask(engineOf(), interArrivalsSql(source, quantiles))).toEqual(summariesOfValues(interArrivals(streamTimes(chunks, 'actor')), quantiles).map(keyed));
      expect(await ask(engineOf(), burstTallySql(source, 1_000_000, 8))).toEqual(burstCounts(streamTimes(chunks, 'actor'), 1_000_000, 8).map(({ group, within, rows: calls }) => ({ actor: group, within, calls })));
      expect(await ask(engineOf(), transitionsSql(source, 'risk_state', ['session']))).toEqual(stateTransitions(chunks, { state: 'risk_state', stream: 'session' }));
      const outcomes = outcomeCounts(chunks, 'session').map((each) => ({ ...each, outcomes: Object.fromEntries(Object.entries(each.outcomes).filter(([, n]) => n > 0).sort(([a], [b]) => (a < b ? -1 : 1))) }));
      expect(await ask(engineOf(), outcomesSql(source, 'session'))).toEqual(outcomes);
      expect(await ask(engineOf(), distinctResourcesSql(source, 'actor'))).toEqual(distinctTexts(chunks, 'actor').map(({ group, distinct }) => ({ group, distinct })));
    });

    it('counts scores by label, exactly and by bin', async () => {
      expect(unordered(await ask(engineOf(), scoreCountsSql(source)))).toEqual(unordered(naiveScores(rows)));
      expect(unordered(await ask(engineOf(), scoreHistogramSql(source, BINS)))).toEqual(unordered(naiveHistogram(rows)));
      await expect(ask(engineOf(), scoreCountsSql(source, 5))).rejects.toThrow('more than 5 pairs');
    });
  });
}
