import { InputError } from '../../errors.js';
import type { TraceRow } from '../row.js';
import type { TraceColumnName } from '../schema.js';
import type { ColumnMap, MappedColumn, TimeUnit } from './column-map.js';
import { readCsvRecords } from './csv-records.js';
import type { Importer, JsonRecord } from './importer.js';
import { readLineRecords, type RecordPlace } from './line-records.js';
import { eventCapability, hostCapability, labelOfWord } from './meanings.js';
import { refuseField } from './record.js';

type Value = string | number | bigint | null;

const PER_UNIT: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };
/** Resolution of a stamp in microseconds, as far as its unit tells. */
const RESOLUTION: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1 };

const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

function isoMicros(text: string, field: string): number {
  const [whole, fraction = ''] = ISO.exec(text) ?? [];
  const ms = whole === undefined ? NaN : Date.parse(fraction === '' ? whole : whole.replace(fraction, ''));
  if (Number.isNaN(ms)) refuseField('WRONG_TYPE', field, text, 'an ISO 8601 time with its zone');
  return ms * 1000 + Number(`${fraction.slice(1)}000000`.slice(0, 6));
}

/** Resolution of an ISO 8601 stamp by the digits that it has: a minute, a second or a part of one, at least a microsecond. */
function isoResolution(text: unknown): number {
  const [, seconds, fraction = '.'] = /:\d{2}(:\d{2})?(\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/.exec(typeof text === 'string' ? text : '') ?? [];
  return seconds === undefined ? 60e6 : 10 ** Math.max(0, 7 - fraction.length);
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(value: unknown, field: string): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || !DECIMAL.test(value.trim())) return refuseField('WRONG_TYPE', field, value, 'a number');
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) && /^[+-]?\d+$/.test(value.trim()) ? BigInt(value.trim()) : number;
}

/** A time or duration in microseconds, to the nearest. */
function microsOf(value: unknown, unit: TimeUnit, field: string): number | bigint {
  if (unit === 'iso') return isoMicros(typeof value === 'string' ? value : refuseField('WRONG_TYPE', field, value, 'an ISO 8601 time with its zone'), field);
  const number = numberOf(value, field);
  if (typeof number === 'bigint') return unit === 'ns' ? number / 1000n : number * BigInt(PER_UNIT[unit]);
  const micros = unit === 'ns' ? number / 1000 : number * PER_UNIT[unit];
  return Math.round(micros);
}

const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['ok', 'success'], ['true', 'success'], ['error', 'error'], ['false', 'error'], ['failed', 'error'], ['failure', 'error'],
]);

/** What a word means in a column of closed words; words that are not understood are left to the table to refuse. */
function meaningOf(name: TraceColumnName, word: string): string {
  if (name === 'outcome') return OUTCOMES.get(word.toLowerCase()) ?? word;
  if (name === 'label') return labelOfWord(word) ?? word;
  if (name !== 'capability') return word;
  const host = hostCapability(word);
  return host === 'unknown' && word !== 'unknown' ? eventCapability(word) : host;
}

const WHOLE = new Set(['uint64', 'int64', 'uint32', 'int32', 'float64']);

function wordOf(value: unknown, { column, words, from }: MappedColumn): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : refuseField('WRONG_TYPE', from ?? column.name, value, 'text');
  return words.get(text) ?? (column.domain === null ? text : meaningOf(column.name, text));
}

function valueOf(record: JsonRecord, mapped: MappedColumn): Value {
  const { column, from, unit } = mapped;
  const value = from === null ? mapped.value : Object.hasOwn(record, from) ? record[from] : null;
  if (value === null || value === undefined) return null;
  if (unit !== null) return microsOf(value, unit, from ?? column.name);
  return WHOLE.has(column.type) ? numberOf(value, from ?? column.name) : wordOf(value, mapped);
}

function rowFrom(map: ColumnMap): (record: JsonRecord, place: RecordPlace) => TraceRow {
  const native = map.some(({ column }) => column.name === 'native_capability') ? undefined : map.find(({ column, from }) => column.name === 'capability' && from !== null);
  const stamp = map.find(({ column }) => column.name === 'ts');
  const resolutionOf = (record: JsonRecord): number => {
    const unit = stamp?.unit ?? null;
    return unit === 'iso' ? isoResolution(record[stamp?.from ?? '']) : unit === null ? 0 : RESOLUTION[unit];
  };
  return (record, { file, row }) => {
    if (!map.some(({ from }) => from !== null && Object.hasOwn(record, from))) throw new InputError('MISSING_FIELD', `the record must be one with a mapped field, got ${Object.keys(record).slice(0, 6).join(', ') || 'none'}`);
    const values: Partial<Record<TraceColumnName, Value>> = { source: 'columns', source_file: file, source_row: row };
    for (const mapped of map) values[mapped.column.name] = valueOf(record, mapped);
    values.ts_res_us ??= (values.ts ?? null) === null ? 0 : resolutionOf(record);
    if (native !== undefined) values.native_capability = wordOfRecord(record, native.from ?? '');
    return values as TraceRow;
  };
}

function wordOfRecord(record: JsonRecord, field: string): string | null {
  const value = Object.hasOwn(record, field) ? record[field] : null;
  return typeof value === 'string' ? value : null;
}

/**
 * An importer of JSON Lines or comma-separated values whose columns a user has mapped.
 *
 * @throws {@link InputError} BAD_PARAM where the map is empty or maps a column twice
 */
export function columnsImporter(map: ColumnMap): Importer {
  const names = map.map(({ column }) => column.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_PARAM', `a column map must map a column once, got ${twice} twice`);
  if (!map.some(({ from }) => from !== null)) throw new InputError('BAD_PARAM', 'a column map must map a field at least, got none');
  const rowOf = rowFrom(map);
  return {
    name: 'columns',
    version: 1,
    reads: 'JSON Lines or comma-separated values, by a column map',
    recognises: ({ layout }) => layout === 'lines' || layout === 'cells',
    fills: [...new Set([...names, ...(names.includes('capability') ? (['native_capability'] as const) : []), 'source_file', 'source_row'] as const)],
    coverage: { executed: 'partly', policy_denied: 'partly', gate_denied: 'partly', bad_call: 'partly', nested: 'partly', cannot_show: ['which attempts the source leaves out: its columns were mapped by hand'] },
    clock: names.includes('ts') ? 'wall' : 'none',
    read: (input, sink) => (input.head.layout === 'cells' ? readCsvRecords(input, sink, rowOf, map.flatMap(({ from }) => from ?? [])) : readLineRecords(input, sink, rowOf)),
  };
}
