import { ByteWriter, ParquetWriter, type ColumnSource } from 'hyparquet-writer';
import { hasValue, textAt, type TraceChunk, type TraceColumnData } from '../../trace/chunk.js';
import type { ByteSink } from '../../trace/arrow-encode.js';
import type { TraceWriter } from '../../trace/arrow-stream-write.js';
import { formatTraceMetadata, type TraceMetadata } from '../../trace/metadata.js';
import { TRACE_COLUMNS, type TraceColumn, type TraceColumnName } from '../../trace/schema.js';
import { parquetSchemaOf } from './parquet-fields.js';

function valueAt(chunk: TraceChunk, column: TraceColumn, data: TraceColumnData, row: number): unknown {
  switch (data.kind) {
    case 'number':
      return data.values[row];
    case 'code':
      return data.values[data.codes[row] ?? 0];
    case 'text':
      return textAt(chunk, column.name as 'resource', row);
    case 'hash':
      return data.bytes.subarray(32 * row, 32 * row + 32);
  }
}

/** A column's values as the library takes them. */
function valuesOf(chunk: TraceChunk, column: TraceColumn): ColumnSource['data'] {
  const data: TraceColumnData | undefined = chunk.columns[column.name];
  if (data === undefined) return Array.from({ length: chunk.rows }, () => null);
  // The library takes numbers of 32 bits from 2^31 on in a plain array only.
  if (data.kind === 'number' && data.nullCount === 0 && !(data.values instanceof Uint32Array)) return data.values;
  return Array.from({ length: chunk.rows }, (_, row) => (hasValue(data, row) ? valueAt(chunk, column, data, row) : null));
}

/**
 * Starts writing a trace as Parquet: snappy, one row group a chunk.
 *
 * @remarks Same chunks, same bytes. Memory: one chunk's values as JavaScript has them.
 */
export function parquetWriter(metadata: TraceMetadata, sink: ByteSink, columns: readonly TraceColumnName[]): TraceWriter {
  const kept = TRACE_COLUMNS.filter(({ name }) => columns.includes(name));
  const writer = new ByteWriter(1 << 20);
  const parquet = new ParquetWriter({
    writer,
    schema: parquetSchemaOf(kept),
    kvMetadata: [...formatTraceMetadata(metadata)].map(([key, value]) => ({ key, value })),
    createdBy: 'hindcast',
  });
  const drain = (): void => {
    sink(writer.getBytes());
    writer.index = 0;
  };
  return {
    write: (chunk) => {
      void parquet.write({ columnData: kept.map((column) => ({ name: column.name, data: valuesOf(chunk, column) })), rowGroupSize: chunk.rows });
      drain();
    },
    end: () => {
      void parquet.finish();
      drain();
    },
  };
}
