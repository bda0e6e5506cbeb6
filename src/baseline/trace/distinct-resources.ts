import { hasValue } from '../../trace/chunk.js';
import type { TraceCodeName, TraceTextName } from '../../trace/schema.js';
import { chunksFrom, compareNullable, unitedCodes, type TraceChunks } from './group-codes.js';
import { compareText } from './resources.js';
import { textIndex, viewOf } from './text-index.js';

/** The distinct texts of a group. */
export interface DistinctTexts {
  /** The group's value of the column; null for rows without one. */
  readonly group: string | null;
  /** Distinct texts. */
  readonly distinct: number;
  /** The texts in order; made when asked for. */
  readonly texts: () => readonly string[];
}

/** A set of small numbers, one bit each. */
interface NumberSet {
  bits: Uint8Array;
  count: number;
}

function addNumber(set: NumberSet, number: number): void {
  const place = number >> 3;
  if (place >= set.bits.length) {
    const wider = new Uint8Array(2 * place + 16);
    wider.set(set.bits);
    set.bits = wider;
  }
  const byte = set.bits[place] as number;
  const bit = 1 << (number & 7);
  if ((byte & bit) !== 0) return;
  set.bits[place] = byte | bit;
  set.count += 1;
}

function numbersIn({ bits }: NumberSet): number[] {
  return [...bits].flatMap((byte, place) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((byte >> bit) & 1) === 1).map((bit) => 8 * place + bit));
}

/**
 * The distinct texts of a column by group: which resources calls of each capability touched, as they were recorded.
 *
 * @returns groups that have a text, in order of their text, null first
 * @throws {@link InputError} MISSING_FIELD
 * @remarks O(bytes); no string is made of a row. Memory grows with the distinct texts, and a bit for each in each group.
 * Sets of parts unite: {@link mergeDistinct}. For resources as keys see {@link fitResources}.
 */
export function distinctTexts(source: TraceChunks, by: TraceCodeName, name: TraceTextName = 'resource'): DistinctTexts[] {
  const united = unitedCodes(by);
  const index = textIndex();
  const sets: NumberSet[] = [];
  for (const chunk of chunksFrom(source)) {
    const column = chunk.columns[name];
    if (column === undefined) continue;
    const codes = united.of(chunk);
    const { offsets, nullCount } = column;
    const view = viewOf(column);
    for (let row = 0; row < chunk.rows; row += 1) {
      if (nullCount > 0 && !hasValue(column, row)) continue;
      const number = index.numberOf(view, offsets[row] as number, offsets[row + 1] as number);
      const set = (sets[(codes[row] as number) + 1] ??= { bits: new Uint8Array(0), count: 0 });
      addNumber(set, number);
    }
  }
  const groups: DistinctTexts[] = [];
  [null, ...united.values().slice(0, united.size())].forEach((group, at) => {
    const set = sets[at];
    if (set !== undefined) groups.push({ group, distinct: set.count, texts: () => numbersIn(set).map(index.text).sort(compareText) });
  });
  return groups.sort((a, b) => compareNullable(a.group, b.group));
}

/** The distinct texts of two parts of a trace together. */
export function mergeDistinct(a: readonly DistinctTexts[], b: readonly DistinctTexts[]): DistinctTexts[] {
  const names = [...new Map([...a, ...b].map(({ group }) => [group, group])).keys()];
  return names
    .map((group) => {
      const texts = [...new Set([...a, ...b].filter((each) => each.group === group).flatMap((each) => each.texts()))].sort(compareText);
      return { group, distinct: texts.length, texts: () => texts };
    })
    .sort((x, y) => compareNullable(x.group, y.group));
}
