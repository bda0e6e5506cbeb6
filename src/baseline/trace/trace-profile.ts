import type { ExactSummary } from '../../stats/exact-summary.js';
import type { QuantileType } from '../../stats/quantile.js';
import { InputError } from '../../errors.js';
import { integerIn } from '../../stats/sample.js';
import type { TraceChunk } from '../../trace/chunk.js';
import type { TraceCodeName, TraceNumberName } from '../../trace/schema.js';
import type { TraceOutcome } from '../../trace/words.js';
import { distinctCounter } from './distinct-resources.js';
import { chunksFrom, unitedCodes, type TraceChunks, type UnitedCodes } from './group-codes.js';
import { summariesOfValues, type GroupSummary } from './group-summaries.js';
import { valueCollector } from './group-values.js';
import { errorRate, outcomeCounter } from './outcome-counts.js';
import { transitionCounter, type TransitionCount } from './state-transitions.js';
import { burstCounts, interArrivals, timesInOrder, type StreamTimes } from './stream-times.js';

/** Schema text of {@link TraceProfile}. */
export const TRACE_PROFILE_SCHEMA = 'hindcast.trace_profile.v1';

/** What is summarised, and how. */
export interface TraceProfileOptions {
  /** Column that groups measures, outcomes and resources. Default capability. */
  readonly by?: TraceCodeName;
  /** Numbers that are summarised. Default latency_us and risk_score. */
  readonly measures?: readonly TraceNumberName[];
  /** State whose transitions are counted. Default risk_state. */
  readonly state?: TraceCodeName;
  /** Column whose values make the streams of transitions. Default session. */
  readonly stream?: TraceCodeName;
  /** Default 0.05 and 0.95. */
  readonly probabilities?: readonly number[];
  /** Definition of the quantiles. Default 8. */
  readonly type?: QuantileType;
  /** Window of the burst counts in microseconds. Default one second. */
  readonly windowUs?: number;
  /** Burst counts above it are counted as it. Default 64. */
  readonly mostWithin?: number;
}

/** What calls of one group look like. */
export interface ProfileGroup {
  readonly group: string | null;
  readonly rows: number;
  readonly outcomes: Readonly<Record<TraceOutcome, number>>;
  readonly errorRate: number | null;
  /** By measure. */
  readonly measures: Readonly<Record<string, ExactSummary>>;
  /** Distinct values of the column resource, as recorded. */
  readonly resources: number;
}

/** When an actor acts. */
export interface ProfileActor {
  readonly actor: string | null;
  /** Rows with a time. */
  readonly rows: number;
  /** Microseconds between neighbours. */
  readonly interArrivalUs: ExactSummary;
  /** How many rows have so many, themselves counted, from them on within the window: pairs of count and rows. */
  readonly bursts: readonly (readonly [within: number, rows: number])[];
}

/** What a trace as a whole looks like. Finite JSON as it stands. */
export interface TraceProfile {
  readonly schema: typeof TRACE_PROFILE_SCHEMA;
  readonly by: TraceCodeName;
  readonly rows: number;
  readonly windowUs: number;
  readonly groups: readonly ProfileGroup[];
  readonly transitions: { readonly state: TraceCodeName; readonly stream: TraceCodeName; readonly counts: readonly TransitionCount[] };
  readonly actors: readonly ProfileActor[];
}

type Filled = Required<TraceProfileOptions>;

function filled(options: TraceProfileOptions): Filled {
  return { by: 'capability', measures: ['latency_us', 'risk_score'], state: 'risk_state', stream: 'session', probabilities: [0.05, 0.95], type: 8, windowUs: 1_000_000, mostWithin: 64, ...options };
}

/** Refuses a window that is shorter than the stamps are fine: what lies within it would be the clock's doing. */
function requireFineTimes({ columns }: TraceChunk, windowUs: number): void {
  const resolutions = columns.ts_res_us?.values;
  if (resolutions === undefined) return;
  for (const resolution of resolutions) if (Number(resolution) > windowUs) throw new InputError('BAD_PARAM', `windowUs must be at least the resolution of the times, ${String(resolution)}, got ${String(windowUs)}`);
}

/** JSON has no -0. */
function plain(value: number | null): number | null {
  return value === null ? null : value + 0;
}

function summaryOf({ n, min, max, median, mad, quantiles }: ExactSummary): ExactSummary {
  return { n, min: plain(min), max: plain(max), median: plain(median), mad: plain(mad), quantiles: quantiles.map(plain) };
}

function actorsOf(streams: readonly StreamTimes[], { windowUs, mostWithin, ...rest }: Filled): ProfileActor[] {
  const tallies = new Map<string | null, (readonly [number, number])[]>();
  for (const { group, within, rows } of burstCounts(streams, windowUs, mostWithin)) {
    const list = tallies.get(group);
    if (list === undefined) tallies.set(group, [[within, rows]]);
    else list.push([within, rows]);
  }
  const gaps = summariesOfValues(interArrivals(streams), rest);
  return gaps.map(({ group, rows, ...gap }) => ({ actor: group, rows, interArrivalUs: summaryOf(gap), bursts: tallies.get(group) ?? [] }));
}

/** What gathers the statistics, chunk by chunk. */
function countersOf({ by, measures, state, stream }: Filled, passing: boolean) {
  const united = new Map<TraceCodeName, UnitedCodes>();
  const codesOf = (name: TraceCodeName): UnitedCodes => {
    const codes = united.get(name) ?? unitedCodes(name);
    united.set(name, codes);
    return codes;
  };
  return {
    outcomes: outcomeCounter(codesOf(by)),
    distinct: distinctCounter(codesOf(by), 'resource'),
    measures: measures.map((measure) => ({ measure, values: valueCollector({ united: codesOf(by), measure, passing }) })),
    transitions: transitionCounter(codesOf(state), codesOf(stream)),
    times: valueCollector({ united: codesOf('actor'), measure: 'ts', passing }),
  };
}

/**
 * Exact statistics of a whole trace: measures, outcomes and distinct resources by group, transitions by stream, times between
 * calls and bursts by actor.
 *
 * @param source - chunks, or a function that reads them
 * @throws {@link InputError} BAD_PARAM, also where the window of the bursts is shorter than a time is fine (`ts_res_us`),
 * MISSING_FIELD, UNSAFE_INTEGER
 * @remarks One pass over the source, then O(rows) over what is kept of it: eight bytes a row for each measure and the time, one to
 * four for each column of names; texts are numbered on the way. Of rows beyond memory take the parts one by one:
 * {@link groupSummaries}, {@link outcomeCounts}, {@link stateTransitions}, {@link distinctTexts}.
 * @example
 * ```ts
 * const builder = traceBuilder();
 * builder.append({ capability: 'fs.read', latency_us: 30, outcome: 'error', resource: '/a' });
 * const profile = traceProfile([builder.flush()].filter((chunk) => chunk !== null));
 * profile.groups.map(({ group, errorRate, resources }) => [group, errorRate, resources]); // => [['fs.read', 1, 1]]
 * ```
 */
export function traceProfile(source: TraceChunks, options: TraceProfileOptions = {}): TraceProfile {
  const chosen = filled(options);
  const { by, state, stream, windowUs, mostWithin } = chosen;
  integerIn(windowUs, 1, Number.MAX_SAFE_INTEGER, 'windowUs');
  integerIn(mostWithin, 1, 1_000_000, 'mostWithin');
  const { outcomes, distinct, measures: collected, transitions, times } = countersOf(chosen, typeof source === 'function');
  for (const chunk of chunksFrom(source)) {
    requireFineTimes(chunk, windowUs);
    for (const counter of [outcomes, distinct, transitions, times, ...collected.map(({ values }) => values)]) counter.add(chunk);
  }
  const resources = new Map(distinct.groups().map((each) => [each.group, each.distinct]));
  const summaries = collected.map(({ measure, values }) => ({ measure, groups: new Map(summariesOfValues(values.groups(), chosen).map((each): [string | null, GroupSummary] => [each.group, each])) }));
  const groups = outcomes.counts().map((counted): ProfileGroup => ({
    ...counted,
    errorRate: errorRate(counted),
    measures: Object.fromEntries(summaries.flatMap(({ measure, groups: found }) => {
      const summary = found.get(counted.group);
      return summary === undefined ? [] : [[measure, summaryOf(summary)]];
    })),
    resources: resources.get(counted.group) ?? 0,
  }));
  return {
    schema: TRACE_PROFILE_SCHEMA,
    by,
    rows: times.rows(),
    windowUs,
    groups,
    transitions: { state, stream, counts: transitions.counts() },
    actors: actorsOf(timesInOrder(times.groups()), chosen),
  };
}
