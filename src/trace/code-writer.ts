import type { TraceCodes } from './chunk.js';
import { bits, missing, type ColumnWriter, type Slot } from './column-writer.js';
import { refuseValue } from './refuse.js';
import type { TraceColumn } from './schema.js';

const CODES: Readonly<Record<'dictionary8' | 'dictionary16' | 'dictionary32', (count: number) => TraceCodes['codes']>> = {
  dictionary8: (n: number) => new Int8Array(n),
  dictionary16: (n: number) => new Int16Array(n),
  dictionary32: (n: number) => new Int32Array(n),
};
const MOST_VALUES = { dictionary8: 2 ** 7, dictionary16: 2 ** 15, dictionary32: 2 ** 31 };

/** Texts whose codes are remembered: a text just read is compared sooner than it is hashed. */
const RECENT = 256;

/** Where a text is remembered; anything else goes to one place, where it is refused. */
function placeOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  const { length } = text;
  return (length * 7 + text.charCodeAt(length - 1) + 31 * text.charCodeAt(length - 2) + 131 * text.charCodeAt(length >> 1)) & (RECENT - 1);
}

/** A column behind a dictionary. */
type CodeColumn = TraceColumn & { readonly type: keyof typeof CODES };

/** Makes the writer of a column of codes into its domain, or into a dictionary that grows as values appear and is never copied. */
export function codeWriter(column: CodeColumn): ColumnWriter<TraceCodes> {
  const { domain, type, nullable } = column;
  const valid = bits(nullable);
  const values = domain === null ? [] : (domain as string[]);
  const index = new Map(values.map((word, code) => [word, code]));
  let codes = CODES[type](0);
  const recent: string[] = Array.from({ length: RECENT }, () => '');
  const recentCodes = new Int32Array(RECENT).fill(-1);
  // Most columns of most sources say the same row after row.
  let [last, lastCode]: [unknown, number] = [null, -1];
  let addedAt = -1;
  const learn = (value: unknown, slot: Slot): number => {
    if (typeof value !== 'string') refuseValue('WRONG_TYPE', { row: slot.row, column }, value, 'text');
    if (domain !== null) refuseValue('BAD_ENUM', { row: slot.row, column }, value, `one of ${domain.join(', ')}`);
    if (!value.isWellFormed()) refuseValue('LONE_SURROGATE', { row: slot.row, column }, value, 'well-formed Unicode');
    if (values.length >= MOST_VALUES[type]) refuseValue('NUMBER_OUT_OF_RANGE', { row: slot.row, column }, value, `one of at most ${String(MOST_VALUES[type])} distinct values`);
    index.set(value, values.length);
    addedAt = slot.row;
    return values.push(value) - 1;
  };
  const codeOf = (given: string, slot: Slot): number => {
    const place = placeOf(given);
    const code = recentCodes[place] ?? -1;
    if (recent[place] === given && code >= 0) return code;
    const found = index.get(given) ?? learn(given, slot);
    recent[place] = given;
    recentCodes[place] = found;
    return found;
  };
  return {
    room: (rows, kept) => {
      const more = CODES[type](rows);
      more.set(codes.subarray(0, kept));
      codes = more;
      valid.room(rows, kept);
    },
    put: (value, slot) => {
      if (lastCode >= 0 && value === last) {
        codes[slot.at] = lastCode;
        valid.set(slot.at);
        return;
      }
      if ((value === undefined || value === null) && nullable) return;
      lastCode = codeOf((value ?? missing(column, slot)) as string, slot);
      last = value;
      codes[slot.at] = lastCode;
      valid.set(slot.at);
    },
    undo: ({ at, row }) => {
      codes[at] = 0;
      valid.clear(at);
      recentCodes.fill(-1);
      lastCode = -1;
      if (addedAt === row) index.delete(values.pop() ?? '');
      addedAt = -1;
    },
    take: (rows) => ({ kind: 'code', codes: codes.subarray(0, rows), values, size: values.length, ...valid.take(rows) }),
  };
}
