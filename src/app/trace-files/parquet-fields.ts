import type { FileMetaData, SchemaElement } from 'hyparquet';
import { InputError } from '../../errors.js';
import { traceColumn, type TraceColumn, type TraceColumnName } from '../../trace/schema.js';

/** A fault in a Parquet trace. */
export function badParquet(what: string, cause?: unknown): InputError {
  return new InputError('BAD_PARQUET', `not a sound Parquet trace: ${what}`, { cause });
}

const PLAIN: Readonly<Record<string, Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type' | 'type_length'>>> = {
  // The library writes the newer spelling of an integer's type in a way that other readers refuse.
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
  int64: { type: 'INT64' },
  timestamp_us_utc: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  int32: { type: 'INT32' },
  float64: { type: 'DOUBLE' },
  fixed32: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 32 },
};
const TEXT: Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'> = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };

/** The Parquet schema of a trace with these columns. */
export function parquetSchemaOf(columns: readonly TraceColumn[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ name, type, nullable }): SchemaElement => ({ name, repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED', ...(PLAIN[type] ?? TEXT) })),
  ];
}

/** Physical types by which a column's values may come. */
const PHYSICAL: Readonly<Record<TraceColumn['type'], readonly string[]>> = {
  uint64: ['INT32', 'INT64'],
  int64: ['INT32', 'INT64'],
  timestamp_us_utc: ['INT64'],
  uint32: ['INT32', 'INT64'],
  int32: ['INT32', 'INT64'],
  float64: ['DOUBLE', 'FLOAT'],
  utf8: ['BYTE_ARRAY'],
  fixed32: ['FIXED_LEN_BYTE_ARRAY', 'BYTE_ARRAY'],
  dictionary8: ['BYTE_ARRAY'],
  dictionary16: ['BYTE_ARRAY'],
  dictionary32: ['BYTE_ARRAY'],
};

/** Whether 64-bit integers are times in UTC, to the microsecond. */
function isMicros({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (logical?.type === 'TIMESTAMP') return logical.unit === 'MICROS' && logical.isAdjustedToUTC;
  return converted === 'TIMESTAMP_MICROS';
}

/** Whether a field can hold a column's values, one a row. */
function fits(element: SchemaElement, { type }: TraceColumn): boolean {
  if ((element.num_children ?? 0) !== 0 || element.repetition_type === 'REPEATED' || element.type === undefined) return false;
  if (type === 'timestamp_us_utc' && !isMicros(element)) return false;
  return PHYSICAL[type].includes(element.type) && (element.type !== 'FIXED_LEN_BYTE_ARRAY' || element.type_length === 32);
}

/** A field's type in words. */
function wordsOf({ repetition_type: repetition, type, logical_type: logical, converted_type: converted }: SchemaElement): string {
  return [repetition, type ?? 'a group', logical?.type ?? converted].filter((part) => part !== undefined).join(' ');
}

function columnOf(element: SchemaElement): TraceColumn {
  const column = traceColumn(element.name);
  const name = JSON.stringify(element.name.slice(0, 60));
  if (column === undefined) throw new InputError('UNSUPPORTED_SCHEMA', `column ${name} is none of the trace table`);
  if (!fits(element, column)) throw new InputError('UNSUPPORTED_SCHEMA', `column ${name} must be ${column.type}, got ${wordsOf(element)}`);
  return column;
}

/**
 * Matches a file's fields with the table's columns.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA where a field is no column of the table, has another type, or comes twice
 */
export function parquetColumns({ schema }: Pick<FileMetaData, 'schema'>): readonly TraceColumnName[] {
  const [root, ...fields] = schema;
  if (root === undefined || root.num_children !== fields.length) throw new InputError('UNSUPPORTED_SCHEMA', 'the columns must not be nested');
  const names = fields.map((element) => columnOf(element).name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('UNSUPPORTED_SCHEMA', `column ${twice} comes twice`);
  return names;
}
