import { isUtf8 } from 'node:buffer';
import { badArrow } from './arrow-frames.js';
import { hasValue, type TraceColumnData, type TraceTexts } from './chunk.js';

/** Number of bits set in each byte. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => [1, 2, 4, 8, 16, 32, 64, 128].filter((bit) => (byte & bit) !== 0).length);

function countValid(validity: Uint8Array, rows: number): number {
  let count = 0;
  const whole = rows >> 3;
  for (let i = 0; i < whole; i += 1) count += ONES[validity[i] ?? 0] ?? 0;
  return count + (ONES[(validity[whole] ?? 0) & ((1 << (rows & 7)) - 1)] ?? 0);
}

/** The first row whose code no value stands for, -1 where there is none. */
function badCode(codes: Int8Array | Int16Array | Int32Array, column: TraceColumnData, size: number): number {
  for (let row = 0; row < codes.length; row += 1) {
    // As an unsigned number a negative code is too large as well.
    if ((codes[row] ?? 0) >>> 0 >= size && hasValue(column, row)) return row;
  }
  return -1;
}

function badOffset({ offsets, bytes }: TraceTexts): number {
  let before = offsets[0] ?? 0;
  if (before < 0) return 0;
  for (let row = 1; row < offsets.length; row += 1) {
    const offset = offsets[row] ?? 0;
    // A text that began within a character would not be UTF-8.
    if (offset < before || offset > bytes.length || ((bytes[offset] ?? 0) & 0xc0) === 0x80) return row - 1;
    before = offset;
  }
  return -1;
}

/** Whether a column's texts, one after the other, are UTF-8. */
function isText({ offsets, bytes }: TraceTexts): boolean {
  return isUtf8(bytes.subarray(offsets[0], offsets.at(-1)));
}

/**
 * Checks what a reader would trust: that the number of nulls is that of the bits, that every code has its value, that texts lie
 * within their bytes and are UTF-8.
 *
 * @throws {@link InputError} BAD_ARROW, naming column and row of the batch
 * @remarks O(rows). Whether the values are those that were written it cannot tell.
 */
export function checkColumn(name: string, column: TraceColumnData, rows: number, offset: number): void {
  const { validity, nullCount } = column;
  if (validity !== null) {
    const nulls = rows - countValid(validity, rows);
    if (nulls !== nullCount) throw badArrow(offset, `${name} states ${String(nullCount)} nulls, its bits ${String(nulls)}`);
  }
  if (column.kind === 'code') {
    const row = badCode(column.codes, column, column.size);
    if (row >= 0) throw badArrow(offset, `${name} has the code ${String(column.codes[row])} in row ${String(row)} of a batch, of ${String(column.size)} values`);
  }
  if (column.kind === 'text') {
    const row = badOffset(column);
    if (row >= 0) throw badArrow(offset, `${name} has no place in row ${String(row)} of a batch`);
    if (!isText(column)) throw badArrow(offset, `${name} is not UTF-8`);
  }
}
