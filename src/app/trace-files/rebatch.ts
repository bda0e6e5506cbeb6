import { hasValue, type TraceChunk, type TraceColumnData } from '../../trace/chunk.js';
import { TRACE_COLUMNS, type TraceColumnName } from '../../trace/schema.js';
import { columnFill, type TextFill } from './rebatch-columns.js';

/** Rows of a batch, and bytes of one of its columns of text, after which it is complete; as the builder has it. */
const BATCH_ROWS = 1 << 16;
const TEXT_BYTES = 1 << 26;

/** How many rows from `from` on bring a column of texts to its limit; all up to `to` where they do not. */
function rowsUntilFull(data: TraceColumnData | undefined, size: number, from: number, to: number): number {
  if (data?.kind !== 'text') return to - from;
  const place = (row: number): number => data.offsets[row] ?? 0;
  if (size + place(to) - place(from) < TEXT_BYTES) return to - from;
  let sum = size;
  for (let row = from; row < to; row += 1) {
    if (hasValue(data, row)) sum += place(row + 1) - place(row);
    if (sum >= TEXT_BYTES) return row + 1 - from;
  }
  return to - from;
}

/**
 * The same rows in the chunks that the builder would have made of them: 65,536 rows each, values of dictionaries in order of
 * first use, zeros where there is no value.
 *
 * @param columns - columns to keep; one that a chunk leaves out is null in its rows
 * @remarks Same rows, same chunks, however they came. Memory is that of one chunk and of the dictionaries.
 */
export async function* rebatched(chunks: AsyncIterable<TraceChunk> | Iterable<TraceChunk>, columns: readonly TraceColumnName[]): AsyncGenerator<TraceChunk> {
  const fills = TRACE_COLUMNS.filter(({ name }) => columns.includes(name)).map((column) => ({ name: column.name, fill: columnFill(column, BATCH_ROWS) }));
  const texts = fills.filter((each): each is { readonly name: 'call_id' | 'resource'; readonly fill: TextFill } => 'sizeBytes' in each.fill);
  let at = 0;
  const take = (): TraceChunk => {
    const rows = at;
    at = 0;
    return { rows, columns: Object.fromEntries(fills.map(({ name, fill }) => [name, fill.take(rows)])) };
  };
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.rows;) {
      const most = Math.min(chunk.rows, from + BATCH_ROWS - at);
      const rows = Math.min(...texts.map(({ name, fill }) => rowsUntilFull(chunk.columns[name], fill.sizeBytes(), from, most)), most - from);
      for (const { name, fill } of fills) fill.put(chunk.columns[name] ?? null, { from, to: from + rows, at });
      from += rows;
      at += rows;
      if (at === BATCH_ROWS || texts.some(({ fill }) => fill.sizeBytes() >= TEXT_BYTES)) yield take();
    }
  }
  if (at > 0) yield take();
}
