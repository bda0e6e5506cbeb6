import type { Moment, StreamReport } from './stream.js';

/** A range of observations with the times it spans. */
function rangeOf(from: number | null, to: number | null, timeOf: (index: number) => Moment | null): object {
  const at = (index: number | null): Moment | null => (index === null ? null : timeOf(index));
  return { from, to, fromTime: at(from), toTime: at(to) };
}

/** A stream's report as plain JSON: all that the page shows, and what it leaves out. */
export function streamJson(report: StreamReport): object {
  if (report.status !== 'segmented') return report;
  const { startOf, endOf, recordOf, found, differences, plan, ...head } = report;
  const { regimes, changes, evidence, convention, inWindow, method, peltChanges, peltOnly, costs } = found;
  return {
    ...head,
    start: startOf(0),
    end: endOf(head.n - 1),
    cost: plan.cost,
    penalty: plan.penalty,
    shortest: plan.shortest,
    every: plan.every,
    model: plan.model,
    priorFrom: plan.priorFrom,
    hazard: { ...plan.hazard, how: plan.hazardHow },
    regimes: regimes.map(({ from, to, level }) => ({ from, to, fromTime: startOf(from), toTime: endOf(to), fromRecord: recordOf(from), toRecord: recordOf(to), level })),
    changes: changes.map(({ lower, upper, ...change }, k) => ({ ...change, time: startOf(change.index), record: recordOf(change.index), interval: rangeOf(lower, upper, startOf), ...differences[k] })),
    evidence, convention, inWindow, method, peltChanges, peltOnly, costs,
    promise: 'no rate of false changes is promised',
  };
}
