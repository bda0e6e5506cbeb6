import { InputError } from '../../errors.js';
import { hasValue, type TraceChunk, type TraceNumbers } from '../../trace/chunk.js';
import { traceColumn } from '../../trace/schema.js';

/** The first row that holds a value which no row of the table may hold, -1 where there is none. */
function badNumber(column: TraceNumbers, min: number | null): number {
  const { values } = column;
  const least = min ?? -Infinity;
  for (let row = 0; row < values.length; row += 1) {
    const value = Number(values[row]);
    if (!(value >= least && value < Infinity && value > -Infinity) && hasValue(column, row)) return row;
  }
  return -1;
}

/** Whether any bit pattern is a value. */
function takesAll({ values }: TraceNumbers, min: number | null): boolean {
  return !(values instanceof Float64Array) && (min === null || values instanceof BigUint64Array || values instanceof Uint32Array);
}

/**
 * Checks what a foreign writer may have put into a column that the table does not allow: a number below the least, a score that is
 * not finite.
 *
 * @param firstRow - number of the chunk's first row in the trace
 * @throws {@link InputError} NUMBER_OUT_OF_RANGE, NOT_FINITE, naming column and row from 0
 */
export function checkValues({ columns }: TraceChunk, firstRow: number): void {
  for (const [name, column] of Object.entries(columns)) {
    const min = traceColumn(name)?.min ?? null;
    if (column.kind !== 'number' || takesAll(column, min)) continue;
    const row = badNumber(column, min);
    if (row < 0) continue;
    const wrong = `row ${String(firstRow + row)}: ${name} must be ${min === null ? 'finite' : `${String(min)} or more`}, got ${String(column.values[row])}`;
    throw new InputError(min === null ? 'NOT_FINITE' : 'NUMBER_OUT_OF_RANGE', wrong);
  }
}
