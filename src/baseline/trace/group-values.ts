import { InputError } from '../../errors.js';
import { numbers, type TraceChunk, type TraceCodes } from '../../trace/chunk.js';
import type { TraceCodeName, TraceNumberName } from '../../trace/schema.js';
import { chunksFrom, compareNullable, owned, unitedCodes, type TraceChunks, type UnitedCodes } from './group-codes.js';

/** A group's numbers. */
export interface GroupValues {
  /** The group's value of the column; null for rows without one. */
  readonly group: string | null;
  readonly rows: number;
  /** The finite ones, in the order of the rows. */
  readonly values: Float64Array;
}

/** What is collected. */
export interface GroupMeasure {
  readonly by: TraceCodeName;
  readonly measure: TraceNumberName;
}

type Codes = TraceCodes['codes'];

/** Counts of rows and finite numbers by code; code -1 is at 0, code c at c + 1. */
interface Counts {
  rows: Float64Array;
  finite: Float64Array;
}

function widened(counts: Counts, size: number): Counts {
  if (counts.rows.length > size) return counts;
  const wider = (from: Float64Array): Float64Array => {
    const to = new Float64Array(2 * size + 2);
    to.set(from);
    return to;
  };
  return { rows: wider(counts.rows), finite: wider(counts.finite) };
}

function countRows({ rows, finite }: Counts, codes: Codes, values: Float64Array): void {
  for (let row = 0; row < values.length; row += 1) {
    const at = (codes[row] as number) + 1;
    rows[at] = (rows[at] as number) + 1;
    const value = values[row] as number;
    // Subtracting tells finite numbers from all others.
    if (value - value === 0) finite[at] = (finite[at] as number) + 1;
  }
}

function scatter(into: Float64Array, starts: Float64Array, codes: Codes, values: Float64Array): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    if (value - value !== 0) continue;
    const at = (codes[row] as number) + 1;
    const place = starts[at] as number;
    into[place] = value;
    starts[at] = place + 1;
  }
}

/** Collects the numbers of a column by group, chunk by chunk. */
export interface ValueCollector {
  readonly add: (chunk: TraceChunk) => void;
  readonly rows: () => number;
  /** The groups in order of their text, null first, in one block of memory; asked for once, at the end. */
  readonly groups: () => GroupValues[];
}

/** A column to collect from chunks, and whether their memory will be used for something else. */
interface Collected {
  readonly united: UnitedCodes;
  readonly measure: TraceNumberName;
  readonly passing: boolean;
}

/** Starts with no chunk. O(rows): a count of each group, then one copy. */
export function valueCollector({ united, measure, passing }: Collected): ValueCollector {
  let parts: { readonly codes: Codes; readonly values: Float64Array }[] = [];
  let counts: Counts = { rows: new Float64Array(0), finite: new Float64Array(0) };
  let total = 0;
  return {
    add: (chunk) => {
      const values = numbers(chunk, measure);
      const part = passing ? { codes: united.kept(chunk), values: owned(values) } : { codes: united.of(chunk), values };
      counts = widened(counts, united.size() + 1);
      countRows(counts, part.codes, part.values);
      total += chunk.rows;
      parts.push(part);
    },
    rows: () => total,
    groups: () => {
      const ends = new Float64Array(counts.rows.length);
      let sum = 0;
      counts.finite.forEach((count, at) => {
        ends[at] = sum;
        sum += count;
      });
      const starts = ends.slice();
      const block = new Float64Array(sum);
      for (const { codes, values } of parts) scatter(block, ends, codes, values);
      parts = [];
      return [null, ...united.values().slice(0, united.size())]
        .map((group, at) => ({ group, rows: counts.rows[at] ?? 0, values: block.subarray(starts[at], ends[at]) }))
        .filter(({ rows }) => rows > 0)
        .sort((a, b) => compareNullable(a.group, b.group));
    },
  };
}

/**
 * Collects the numbers of a column by group, in one block of memory.
 *
 * @param limitBytes - how much memory the values may take, 8 bytes each
 * @returns the groups in order of their text, null first; or null where the values take more
 * @throws {@link InputError} MISSING_FIELD
 */
export function collectWithin(source: TraceChunks, { by, measure }: GroupMeasure, limitBytes: number): GroupValues[] | null {
  const collector = valueCollector({ united: unitedCodes(by), measure, passing: typeof source === 'function' });
  for (const chunk of chunksFrom(source)) {
    collector.add(chunk);
    if (8 * collector.rows() > limitBytes) return null;
  }
  return collector.groups();
}

/**
 * Collects the numbers of a column by group.
 *
 * @returns the groups in order of their text, null first
 * @throws {@link InputError} MISSING_FIELD
 * @remarks O(rows) and 8 bytes a row. What medians of parts cannot give, values of parts can: {@link mergeGroupValues}.
 * @example
 * ```ts
 * const builder = traceBuilder();
 * [30, 10, 20].forEach((latency_us) => builder.append({ actor: 'a', latency_us }));
 * const groups = groupValues([builder.flush()].filter((chunk) => chunk !== null), { by: 'actor', measure: 'latency_us' });
 * groups.map(({ group, values }) => [group, ...values]); // => [['a', 30, 10, 20]]
 * ```
 */
export function groupValues(source: TraceChunks, measure: GroupMeasure): GroupValues[] {
  const groups = collectWithin(source, measure, Infinity);
  if (groups === null) throw new InputError('NUMBER_OUT_OF_RANGE', 'the trace is too large to hold in memory');
  return groups;
}

/** The values of two parts of a trace, group by group: those of the whole. */
export function mergeGroupValues(a: readonly GroupValues[], b: readonly GroupValues[]): GroupValues[] {
  const names = new Map([...a, ...b].map(({ group }) => [group, group]));
  const joined = [...names.keys()].map((group): GroupValues => {
    const both = [a, b].flatMap((part) => part.filter((each) => each.group === group));
    const values = new Float64Array(both.reduce((sum, each) => sum + each.values.length, 0));
    both.reduce((at, each) => {
      values.set(each.values, at);
      return at + each.values.length;
    }, 0);
    return { group, rows: both.reduce((sum, { rows }) => sum + rows, 0), values };
  });
  return joined.sort((x, y) => compareNullable(x.group, y.group));
}
