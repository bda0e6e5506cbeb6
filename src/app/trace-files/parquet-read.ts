import { parquetMetadataAsync, parquetScan, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { InputError } from '../../errors.js';
import { readAt, type ByteFile } from '../../trace/byte-file.js';
import { traceBuilder } from '../../trace/builder.js';
import type { TraceChunk } from '../../trace/chunk.js';
import { parseTraceMetadata } from '../../trace/metadata.js';
import { TRACE_COLUMNS, type TraceColumnName } from '../../trace/schema.js';
import { badParquet, parquetColumns } from './parquet-fields.js';
import type { OpenTrace } from './trace-passes.js';

/** Rows that are read at a time. */
const WINDOW_ROWS = 1 << 16;
/** Rows that a file may state; more do not fit the table's numbers. */
const MOST_ROWS = 2 ** 40;

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Values as they are stored: times as microseconds, texts only where they are UTF-8. */
const PARSERS = {
  timestampFromMicroseconds: (micros: bigint): bigint => micros,
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : text.decode(bytes)),
};

function asyncBuffer(file: ByteFile): AsyncBuffer {
  return {
    byteLength: file.sizeBytes,
    slice: (start, end = file.sizeBytes) => {
      const bytes = readAt(file, start, end - start);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  };
}

/** What the library throws on damaged bytes is not made for readers. */
async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof InputError && cause.code !== 'BAD_ARROW' ? cause : badParquet(`${what} (${cause instanceof Error ? cause.message.slice(0, 200) : 'unknown'})`, cause);
  }
}

type ColumnChunk = FileMetaData['row_groups'][number]['columns'][number];

/** Whether a column chunk lies within the file, as far as it says. */
function isInside({ dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size }: NonNullable<ColumnChunk['meta_data']>, sizeBytes: number): boolean {
  const start = Number(dictionary ?? data);
  return start >= 4 && size >= 0n && start + Number(size) <= sizeBytes;
}

/** Refuses a column chunk that is not the column's, does not lie within the file or does not have a value a row. */
function checkColumnChunk(chunk: ColumnChunk | undefined, of: { readonly name: string; readonly rows: number; readonly place: string }, sizeBytes: number): void {
  const meta = chunk?.meta_data;
  if (meta === undefined || chunk?.file_path !== undefined) throw badParquet(`${of.place} keeps ${of.name} elsewhere`);
  if (meta.path_in_schema.join('.') !== of.name) throw badParquet(`${of.place} has ${JSON.stringify(meta.path_in_schema.join('.').slice(0, 60))} in the place of ${of.name}`);
  if (Number(meta.num_values) !== of.rows) throw badParquet(`${of.place} states ${String(meta.num_values)} values of ${of.name} in ${String(of.rows)} rows`);
  if (!isInside(meta, sizeBytes)) throw badParquet(`${of.place} places ${of.name} outside the file`);
}

/** Refuses counts and places that do not fit each other and the file, before any of them is believed. */
function checkLayout({ row_groups: groups, num_rows: total }: FileMetaData, columns: readonly TraceColumnName[], sizeBytes: number): number {
  let rows = 0;
  groups.forEach((group, i) => {
    const place = `row group ${String(i)}`;
    const own = Number(group.num_rows);
    if (!(own >= 0 && own <= MOST_ROWS)) throw badParquet(`${place} states ${String(group.num_rows)} rows`);
    if (group.columns.length !== columns.length) throw badParquet(`${place} has ${String(group.columns.length)} columns of ${String(columns.length)}`);
    columns.forEach((name, at) => { checkColumnChunk(group.columns[at], { name, rows: own, place }, sizeBytes); });
    rows += own;
  });
  if (Number(total) !== rows) throw badParquet(`the file states ${String(total)} rows, its row groups ${String(rows)}`);
  return rows;
}

/** A number of 64 bits where it is one exactly: the table's narrower columns take no other. */
function narrowed(value: unknown): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

async function* chunksOf(file: ByteFile, metadata: FileMetaData, columns: readonly TraceColumnName[]): AsyncGenerator<TraceChunk> {
  const builder = traceBuilder();
  const scan = await parquetScan({ file: asyncBuffer(file), metadata, compressors, parsers: PARSERS, columns: [...columns], geoparquet: false, useOffsetIndex: false });
  for (const range of scan.ranges) {
    for (let start = range.rowStart; start < range.rowEnd; start += WINDOW_ROWS) {
      const end = Math.min(start + WINDOW_ROWS, range.rowEnd);
      const values: ArrayLike<unknown>[] = [];
      for (const column of columns) {
        const own = await scan.readColumn({ column, rowStart: start, rowEnd: end });
        if (own.length !== end - start) throw badParquet(`${column} has ${String(own.length)} values in rows ${String(start)} to ${String(end - 1)}`);
        values.push(own);
      }
      yield* rowsInto(builder, columns, values, end - start);
    }
  }
  const last = builder.flush();
  if (last !== null) yield last;
}

function* rowsInto(builder: ReturnType<typeof traceBuilder>, columns: readonly TraceColumnName[], values: readonly ArrayLike<unknown>[], rows: number): Generator<TraceChunk> {
  for (let i = 0; i < rows; i += 1) {
    const row: Record<string, unknown> = {};
    for (let c = 0; c < columns.length; c += 1) row[columns[c] ?? ''] = narrowed(values[c]?.[i]);
    const chunk = builder.append(row);
    if (chunk !== null) yield chunk;
  }
}

/** How many nulls the file states for each column. */
function statedNulls({ row_groups: groups }: FileMetaData, columns: readonly TraceColumnName[]): ReadonlyMap<TraceColumnName, number | null> {
  return new Map(columns.map((name, at) => {
    const counts = groups.map((group) => group.columns[at]?.meta_data?.statistics?.null_count);
    return [name, counts.some((count) => count === undefined) ? null : counts.reduce((sum: number, count) => sum + Number(count), 0)];
  }));
}

/** Chunks, whose nulls must come to the number that the file states. */
async function* counted(chunks: AsyncIterable<TraceChunk>, stated: ReadonlyMap<TraceColumnName, number | null>, columns: readonly TraceColumnName[]): AsyncGenerator<TraceChunk> {
  const found = new Map<TraceColumnName, number>(columns.map((name) => [name, 0]));
  for await (const chunk of chunks) {
    for (const [name, nulls] of found) found.set(name, nulls + (chunk.columns[name]?.nullCount ?? 0));
    yield chunk;
  }
  for (const [name, nulls] of found) {
    const want = stated.get(name) ?? null;
    if (want !== null && want !== nulls) throw badParquet(`${name} states ${String(want)} nulls and has ${String(nulls)}`);
  }
}

/**
 * Opens a trace in a Parquet file.
 *
 * @throws {@link InputError} BAD_PARQUET, UNSUPPORTED_SCHEMA, MISSING_FIELD, BAD_JSON, WRONG_TYPE, BAD_ENUM; its passes throw
 * BAD_PARQUET and what the builder refuses
 * @remarks The library may hang or run out of memory on damaged bytes: call it where that does no harm.
 */
export async function openParquet(file: ByteFile): Promise<OpenTrace> {
  const metadata = await guarded('its footer cannot be read', async () => parquetMetadataAsync(asyncBuffer(file), { geoparquet: false }));
  const columns = await guarded('its columns do not make sense', async () => Promise.resolve(parquetColumns(metadata)));
  const rows = await guarded('its row groups do not make sense', async () => Promise.resolve(checkLayout(metadata, columns, file.sizeBytes)));
  const texts = (metadata.key_value_metadata ?? []).filter(({ value }) => value !== undefined).map(({ key, value }): [string, string] => [key, value ?? '']);
  const own = TRACE_COLUMNS.map(({ name }) => name).filter((name) => columns.includes(name));
  const stated = statedNulls(metadata, columns);
  const pass = async function* (wanted: readonly TraceColumnName[] = own): AsyncGenerator<TraceChunk> {
    // A row needs the columns that are never null, whatever is looked at.
    const needed = own.filter((name) => wanted.includes(name) || TRACE_COLUMNS.some((column) => column.name === name && !column.nullable));
    const chunks = counted(rows === 0 ? none() : chunksOf(file, metadata, needed), stated, needed);
    for (;;) {
      const next = await guarded('its rows cannot be read', async () => chunks.next());
      if (next.done === true) return;
      yield next.value;
    }
  };
  return { form: 'parquet', metadata: parseTraceMetadata(new Map(texts)), columns: own, pass, lostBytes: () => 0 };
}

/** A trace without rows. */
async function* none(): AsyncGenerator<TraceChunk> {
  await Promise.resolve();
  yield* [];
}
