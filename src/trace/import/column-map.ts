import { InputError } from '../../errors.js';
import { traceColumn, type TraceColumn } from '../schema.js';
import { isRecord } from './record.js';

/** Units of times and of durations; `iso` is an ISO 8601 time with its zone. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns', 'iso'] as const;
/** A word of {@link TIME_UNITS}. */
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Where a column of the table comes from. */
export interface MappedColumn {
  readonly column: TraceColumn;
  /** Field of a record, or column of cells; null where `value` stands in every row. */
  readonly from: string | null;
  readonly value: string | null;
  /** Unit of `ts` and `latency_us`. */
  readonly unit: TimeUnit | null;
  /** Words of the source and what they mean. */
  readonly words: ReadonlyMap<string, string>;
}

/** Columns of the table by where they come from, each once, in the table's order. */
export type ColumnMap = readonly MappedColumn[];

function bad(what: string): InputError {
  return new InputError('BAD_PARAM', what);
}

function columnNamed(name: string): TraceColumn {
  const column = traceColumn(name);
  if (column === undefined) throw bad(`a column map names columns of the trace table, got ${JSON.stringify(name.slice(0, 60))}`);
  return column;
}

/** Times and durations need their unit said: a wrong guess would be off a thousandfold and look right. */
function unitFor({ name }: TraceColumn, unit: string | null, from: string): TimeUnit | null {
  const timed = name === 'ts' || name === 'latency_us';
  const known = TIME_UNITS.find((each) => each === unit);
  const fits = timed ? known !== undefined && (name === 'ts' || known !== 'iso') : unit === null;
  if (!fits) throw bad(timed ? `${name} needs the unit of ${JSON.stringify(from)}: one of ${TIME_UNITS.filter((each) => name === 'ts' || each !== 'iso').join(', ')}, got ${unit ?? 'none'}` : `${name} takes no unit, got ${String(unit)}`);
  return known ?? null;
}

/**
 * Reads `COLUMN=FIELD`, or `COLUMN=FIELD:UNIT` for times and durations.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function parseColumn(text: string): MappedColumn {
  const [, name = '', rest = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === '') throw bad(`a column must be given as COLUMN=FIELD, got ${JSON.stringify(text.slice(0, 60))}`);
  const column = columnNamed(name);
  const timed = column.name === 'ts' || column.name === 'latency_us';
  const [, from = rest, unit = null] = timed ? (/^(.+):([a-z]+)$/s.exec(rest) ?? []) : [];
  return { column, from, value: null, unit: unitFor(column, unit, from), words: new Map() };
}

/**
 * Reads `COLUMN=VALUE`: the same value in every row.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function parseConstant(text: string): MappedColumn {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === '') throw bad(`a constant must be given as COLUMN=VALUE, got ${JSON.stringify(text.slice(0, 60))}`);
  const column = columnNamed(name);
  if (column.name === 'ts' || column.name === 'latency_us') throw bad(`${name} must come from a field, got a constant`);
  return { column, from: null, value, unit: null, words: new Map() };
}

function textIn(value: unknown, at: string): string {
  if (typeof value !== 'string') throw bad(`${at} must be text`);
  return value;
}

function parseMember(name: string, given: unknown): MappedColumn {
  const column = columnNamed(name);
  if (typeof given === 'string') return parseColumn(`${name}=${given}`);
  if (!isRecord(given)) throw bad(`${name} must be text or an object with from or value`);
  const unknown = Object.keys(given).find((key) => !['from', 'value', 'unit', 'words'].includes(key));
  if (unknown !== undefined) throw bad(`${name} holds from, value, unit and words, got ${JSON.stringify(unknown.slice(0, 60))}`);
  if (given['value'] !== undefined) return parseConstant(`${name}=${textIn(given['value'], `${name}.value`)}`);
  const from = textIn(given['from'], `${name}.from`);
  const unit = given['unit'] === undefined ? null : textIn(given['unit'], `${name}.unit`);
  const words = given['words'] ?? {};
  if (!isRecord(words)) throw bad(`${name}.words must be an object`);
  return { column, from, value: null, unit: unitFor(column, unit, from), words: new Map(Object.entries(words).map(([word, meaning]) => [word, textIn(meaning, `${name}.words.${word}`)])) };
}

/**
 * Reads a column map: `{"columns": {"ts": {"from": "time", "unit": "ms"}, "host": {"value": "codex"}, "capability": {"from": "tool",
 * "words": {"Bash": "process.exec"}}}}`.
 *
 * @param text - JSON
 * @throws {@link InputError} BAD_JSON, BAD_PARAM
 */
export function parseColumnMap(text: string): ColumnMap {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError('BAD_JSON', 'a column map must be JSON', { cause });
  }
  const columns = isRecord(value) ? value['columns'] : undefined;
  if (!isRecord(columns)) throw bad('a column map must be an object with an object named columns');
  return Object.entries(columns).map(([name, given]) => parseMember(name, given));
}
