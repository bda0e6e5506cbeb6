import type { TraceNumbers } from './chunk.js';
import { bits, missing, type ColumnWriter, type Slot } from './column-writer.js';
import { refuseValue } from './refuse.js';
import type { TraceColumn } from './schema.js';

const INT64 = { signed: { min: -(2n ** 63n), max: 2n ** 63n - 1n }, unsigned: { min: 0n, max: 2n ** 64n - 1n } };

function wide(column: TraceColumn, slot: Slot, value: unknown): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) refuseValue('UNSAFE_INTEGER', { row: slot.row, column }, value, 'a bigint beyond 2^53');
  if (typeof value !== 'bigint') refuseValue('WRONG_TYPE', { row: slot.row, column }, value, 'a whole number');
  const { min, max } = column.type === 'uint64' ? INT64.unsigned : INT64.signed;
  if (value < min || value > max) refuseValue('NUMBER_OUT_OF_RANGE', { row: slot.row, column }, value, `within 64 bits, ${String(min)} to ${String(max)}`);
  return value;
}

/** 64-bit integers, written as two halves: a bigint a value would cost more than the rest of the row. */
function int64Writer(column: TraceColumn): ColumnWriter<TraceNumbers> {
  const valid = bits(column.nullable);
  const min = column.min ?? -Infinity;
  let halves = new Int32Array(0);
  const View = column.type === 'uint64' ? BigUint64Array : BigInt64Array;
  return {
    room: (rows, kept) => {
      const more = new Int32Array(2 * rows);
      more.set(halves.subarray(0, 2 * kept));
      halves = more;
      valid.room(rows, kept);
    },
    put: (value, slot) => {
      if (value === undefined || value === null) {
        if (!column.nullable) missing(column, slot);
        return;
      }
      const big = Number.isSafeInteger(value) ? null : wide(column, slot, value);
      const low = big === null ? (value as number) : Number(big & 0xffffffffn);
      if (Number(value) < min) refuseValue('NUMBER_OUT_OF_RANGE', { row: slot.row, column }, value, `${String(min)} or more`);
      halves[2 * slot.at] = low;
      halves[2 * slot.at + 1] = big === null ? Math.floor(low / 4294967296) : Number(big >> 32n);
      valid.set(slot.at);
    },
    undo: ({ at }) => {
      halves.fill(0, 2 * at, 2 * at + 2);
      valid.clear(at);
    },
    take: (rows) => ({ kind: 'number', values: new View(halves.buffer, 0, rows), ...valid.take(rows) }),
  };
}

const NARROW = {
  int32: { make: (n: number) => new Int32Array(n), max: 2 ** 31 - 1 },
  uint32: { make: (n: number) => new Uint32Array(n), max: 2 ** 32 - 1 },
};

/** 32-bit integers. */
function int32Writer(column: TraceColumn & { readonly type: 'int32' | 'uint32' }): ColumnWriter<TraceNumbers> {
  const { make, max } = NARROW[column.type];
  const min = column.min ?? 0;
  const valid = bits(column.nullable);
  let values = make(0);
  return {
    room: (rows, kept) => {
      const more = make(rows);
      more.set(values.subarray(0, kept));
      values = more;
      valid.room(rows, kept);
    },
    put: (value, slot) => {
      if ((value === undefined || value === null) && column.nullable) return;
      const given = value ?? missing(column, slot);
      if (typeof given !== 'number' || !Number.isInteger(given)) refuseValue('WRONG_TYPE', { row: slot.row, column }, value, 'a whole number');
      if (given < min || given > max) refuseValue('NUMBER_OUT_OF_RANGE', { row: slot.row, column }, value, `${String(min)} to ${String(max)}`);
      values[slot.at] = given;
      valid.set(slot.at);
    },
    undo: ({ at }) => {
      values[at] = 0;
      valid.clear(at);
    },
    take: (rows) => ({ kind: 'number', values: values.subarray(0, rows), ...valid.take(rows) }),
  };
}

/** Finite doubles. */
function floatWriter(column: TraceColumn): ColumnWriter<TraceNumbers> {
  const valid = bits(column.nullable);
  let values = new Float64Array(0);
  return {
    room: (rows, kept) => {
      const more = new Float64Array(rows);
      more.set(values.subarray(0, kept));
      values = more;
      valid.room(rows, kept);
    },
    put: (value, slot) => {
      if (value === undefined || value === null) return;
      if (typeof value !== 'number') refuseValue('WRONG_TYPE', { row: slot.row, column }, value, 'a number');
      if (!Number.isFinite(value)) refuseValue('NOT_FINITE', { row: slot.row, column }, value, 'finite');
      values[slot.at] = value;
      valid.set(slot.at);
    },
    undo: ({ at }) => {
      values[at] = 0;
      valid.clear(at);
    },
    take: (rows) => ({ kind: 'number', values: values.subarray(0, rows), ...valid.take(rows) }),
  };
}

/** Makes the writer of a column of numbers. */
export function numberWriter(column: TraceColumn): ColumnWriter<TraceNumbers> {
  const { type } = column;
  if (type === 'float64') return floatWriter(column);
  return type === 'int32' || type === 'uint32' ? int32Writer({ ...column, type }) : int64Writer(column);
}
