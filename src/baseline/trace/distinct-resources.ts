import { hasValue, type TraceChunk } from '../../trace/chunk.js';
import type { TraceCodeName, TraceTextName } from '../../trace/schema.js';
import { chunksFrom, compareNullable, unitedCodes, type TraceChunks, type UnitedCodes } from './group-codes.js';
import { compareText } from './resources.js';
import { textIndex } from './text-index.js';

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
  bits: Uint32Array;
  count: number;
}

function addNumber(set: NumberSet, number: number): void {
  const place = number >>> 5;
  if (place >= set.bits.length) {
    const wider = new Uint32Array(2 * place + 4);
    wider.set(set.bits);
    set.bits = wider;
  }
  const word = set.bits[place] as number;
  const bit = 1 << (number & 31);
  if ((word & bit) !== 0) return;
  set.bits[place] = word | bit;
  set.count += 1;
}

function numbersIn({ bits }: NumberSet): number[] {
  const found: number[] = [];
  bits.forEach((word, place) => { for (let bit = 0; bit < 32; bit += 1) if (((word >>> bit) & 1) === 1) found.push(32 * place + bit); });
  return found;
}

/** Gathers the distinct texts of a column by group, chunk by chunk. */
export interface DistinctCounter {
  readonly add: (chunk: TraceChunk) => void;
  readonly groups: () => DistinctTexts[];
}

/**
 * Starts with no chunk.
 *
 * @param united - codes of the column that groups
 */
export function distinctCounter(united: UnitedCodes, name: TraceTextName): DistinctCounter {
  const index = textIndex();
  const sets: NumberSet[] = [];
  let texts: readonly string[] | null = null;
  return {
    add: (chunk) => {
      const column = chunk.columns[name];
      if (column === undefined) return;
      const codes = united.of(chunk);
      const numbers = index.numbersOf(column);
      const { nullCount } = column;
      texts = null;
      for (let row = 0; row < chunk.rows; row += 1) {
        if (nullCount > 0 && !hasValue(column, row)) continue;
        const set = (sets[(codes[row] as number) + 1] ??= { bits: new Uint32Array(0), count: 0 });
        addNumber(set, numbers[row] as number);
      }
    },
    groups: () => {
      const groups: DistinctTexts[] = [];
      const textsOf = (set: NumberSet) => (): readonly string[] => {
        const all = (texts ??= index.texts());
        return numbersIn(set).map((number) => all[number] ?? '').sort(compareText);
      };
      [null, ...united.values().slice(0, united.size())].forEach((group, at) => {
        const set = sets[at];
        if (set !== undefined) groups.push({ group, distinct: set.count, texts: textsOf(set) });
      });
      return groups.sort((a, b) => compareNullable(a.group, b.group));
    },
  };
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
  const counter = distinctCounter(unitedCodes(by), name);
  for (const chunk of chunksFrom(source)) counter.add(chunk);
  return counter.groups();
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
