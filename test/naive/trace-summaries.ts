import { median, medianAbsoluteDeviation, quantile, type QuantileType, type TraceRow } from '../../src/index.js';

type Column = keyof TraceRow;

const text = (value: TraceRow[Column]): string | null => (typeof value === 'string' ? value : null);

function grouped<T>(rows: readonly T[], keyOf: (row: T) => readonly (string | null)[]): [readonly (string | null)[], T[]][] {
  const groups = new Map<string, [readonly (string | null)[], T[]]>();
  for (const row of rows) {
    const key = keyOf(row);
    const id = JSON.stringify(key);
    const group = groups.get(id) ?? [key, []];
    group[1].push(row);
    groups.set(id, group);
  }
  return [...groups.values()];
}

export function naiveGroups(rows: readonly TraceRow[], by: readonly Column[], measure: 'latency_us' | 'risk_score', { probabilities, type }: { probabilities: readonly number[]; type: QuantileType }): object[] {
  return grouped(rows, (row) => by.map((column) => text(row[column]))).map(([key, members]) => {
    const values = members.map((row) => row[measure]).filter((x) => x !== null && x !== undefined).map((x) => Number(x) + 0);
    const of = <T>(use: () => T): T | null => (values.length === 0 ? null : use());
    return {
      key,
      rows: members.length,
      n: values.length,
      min: of(() => Math.min(...values)),
      max: of(() => Math.max(...values)),
      median: of(() => median(values)),
      mad: of(() => medianAbsoluteDeviation(values)),
      quantiles: probabilities.map((p) => of(() => quantile(values, p, type))),
    };
  });
}

export function naiveTransitions(rows: readonly TraceRow[], state: Column, stream: readonly Column[]): object[] {
  const counts = new Map<string, number>();
  const complete = rows.filter((row) => [state, ...stream].every((column) => text(row[column]) !== null));
  for (const [, members] of grouped(complete, (row) => stream.map((column) => text(row[column])))) {
    members.slice(1).forEach((row, i) => {
      const pair = JSON.stringify([text(members[i]?.[state]), text(row[state])]);
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    });
  }
  return [...counts].map(([pair, count]) => {
    const [from, to] = JSON.parse(pair) as [string, string];
    return { from, to, count };
  });
}

export function naiveBursts(rows: readonly TraceRow[], windowUs: number, most: number): object[] {
  const tally = new Map<string, number>();
  for (const [[actor], members] of grouped(rows.filter(({ ts }) => ts !== null && ts !== undefined), (row) => [text(row.actor)])) {
    const times = members.map(({ ts }) => Number(ts)).sort((a, b) => a - b);
    times.forEach((from, i) => {
      const within = Math.min(most, times.slice(i).filter((t) => t - from <= windowUs).length);
      const id = JSON.stringify([actor, within]);
      tally.set(id, (tally.get(id) ?? 0) + 1);
    });
  }
  return [...tally].map(([id, calls]) => {
    const [actor, within] = JSON.parse(id) as [string, number];
    return { actor, within, calls };
  });
}

export function naiveScores(rows: readonly TraceRow[]): object[] {
  return grouped(rows.filter(({ risk_score }) => risk_score !== null && risk_score !== undefined), (row) => [text(row.label), String(Number(row.risk_score) + 0)]).map(([[label, score], members]) => ({ label, score: Number(score), calls: members.length }));
}

