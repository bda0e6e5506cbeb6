import { table as arqueroTable, type ColumnTable } from 'arquero';
import { hashAt, hasValue, numbers, textAt, type TraceChunk, type TraceColumnData, type TraceTable } from './chunk.js';
import { TRACE_COLUMNS, type TraceColumnName, type TraceHashName, type TraceNumberName, type TraceTextName } from './schema.js';

/** What gives a column's value in a row that has one. */
function valueIn(chunk: TraceChunk, name: TraceColumnName): (row: number) => unknown {
  const column: TraceColumnData | undefined = chunk.columns[name];
  switch (column?.kind) {
    case 'number': {
      const values = numbers(chunk, name as TraceNumberName);
      return (row) => values[row];
    }
    case 'code':
      return (row) => column.values[column.codes[row] ?? 0];
    case 'text':
      return (row) => textAt(chunk, name as TraceTextName, row);
    case 'hash':
      return (row) => hashAt(chunk, name as TraceHashName, row);
    case undefined:
      return () => null;
  }
}

function pushValues(chunk: TraceChunk, name: TraceColumnName, into: unknown[]): void {
  const column = chunk.columns[name];
  const value = valueIn(chunk, name);
  for (let row = 0; row < chunk.rows; row += 1) into.push(column !== undefined && hasValue(column, row) ? value(row) : null);
}

/**
 * A trace as an Arquero table, for interactive work: words and names as strings, hashes as hexadecimal digits, numbers as
 * doubles (64-bit integers to 2^53 exactly), `ts` in microseconds, null where there is no value. Columns that no chunk has are
 * left out.
 *
 * @remarks Copies every value: about 8 bytes a row for each column of numbers, words or names, and a string of its own a row for
 * `call_id`, `resource` and each hash. Meant for up to about a million rows; Arquero itself takes seconds and over a gigabyte to
 * group ten million. Beyond that, read columns with {@link numbers} and {@link codes}, or leave columns out when reading.
 */
export function toArquero({ chunks }: Pick<TraceTable, 'chunks'>): ColumnTable {
  const columns = TRACE_COLUMNS.filter(({ name }) => chunks.some((chunk) => chunk.columns[name] !== undefined));
  return arqueroTable(
    columns.map(({ name }): [string, unknown[]] => {
      const values: unknown[] = [];
      for (const chunk of chunks) pushValues(chunk, name, values);
      return [name, values];
    }),
  );
}
