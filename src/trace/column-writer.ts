import type { TraceColumnData } from './chunk.js';
import { refuseValue } from './refuse.js';
import type { TraceColumn } from './schema.js';

/** Where a value goes: the slot of the batch, and the row's number for messages. */
export interface Slot {
  at: number;
  row: number;
}

/**
 * A column of a batch under construction. `put` writes one value into the slot, which may be written again: a row counts
 * only once all of its columns are written.
 */
export interface ColumnWriter<C extends TraceColumnData = TraceColumnData> {
  /** Makes room for rows, the first `kept` of which are there already; a batch begins with none. */
  readonly room: (rows: number, kept: number) => void;
  readonly put: (value: unknown, slot: Slot) => void;
  /** Takes back what `put` did in a slot that will not count. */
  readonly undo: (slot: Slot) => void;
  /** Hands the batch over. */
  readonly take: (rows: number) => C;
}

/** Bits of a batch; all 0 at first. */
export interface Bits {
  readonly room: (rows: number, kept: number) => void;
  readonly set: (at: number) => void;
  readonly clear: (at: number) => void;
  readonly take: (rows: number) => { readonly validity: Uint8Array | null; readonly nullCount: number };
}

/**
 * Starts the bits of a column.
 *
 * @param nullable - whether to keep any
 */
export function bits(nullable: boolean): Bits {
  let bytes = new Uint8Array(0);
  let count = 0;
  return {
    room: (rows, kept) => {
      const more = new Uint8Array(nullable ? Math.ceil(rows / 8) : 0);
      if (kept === 0) count = 0;
      else more.set(bytes);
      bytes = more;
    },
    set: (at) => {
      if (!nullable) return;
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
      count += 1;
    },
    clear: (at) => {
      const byte = bytes[at >> 3] ?? 0;
      const mask = 1 << (at & 7);
      if ((byte & mask) === 0) return;
      bytes[at >> 3] = byte & ~mask;
      count -= 1;
    },
    take: (rows) => {
      const validity = nullable && count < rows ? bytes.subarray(0, Math.ceil(rows / 8)) : null;
      const nullCount = nullable ? rows - count : 0;
      return { validity, nullCount };
    },
  };
}

/**
 * The column's fallback for a missing value.
 *
 * @throws {@link InputError} MISSING_FIELD where it has none
 */
export function missing(column: TraceColumn, { row }: Slot): string | number {
  return column.fallback ?? refuseValue('MISSING_FIELD', { row, column }, null, 'given');
}

