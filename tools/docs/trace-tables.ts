import { TRACE_COLUMNS, type TraceColumn } from '../../src/trace/schema.js';
import { TRACE_FLAGS } from '../../src/trace/words.js';
import { code, plain, table } from './markdown.js';

function emptyOf({ name, nullable, fallback }: TraceColumn): string {
  if (nullable) return 'null';
  return name === 'seq' ? 'counted from 0' : code(String(fallback));
}

function columnRow(column: TraceColumn): readonly string[] {
  const { name, type, unit, domain, min, meaning } = column;
  const bounds = [unit, min === null ? null : `at least ${String(min)}`].filter((each) => each !== null).join(', ');
  return [code(name), code(type), plain(bounds), column.nullable ? 'yes' : 'no', emptyOf(column), `${plain(meaning)}${domain === null ? '' : `; [words](#words-of-${name.replaceAll('_', '-')})`}`];
}

/** Every column of the trace table, in order. */
export function traceColumnsTable(): string {
  return table(['column', 'Arrow type', 'unit and least value', 'nullable', 'where there is no value', 'meaning'], TRACE_COLUMNS.map(columnRow));
}

/** The closed lists of words, a section each. */
export function traceWords(): string {
  return TRACE_COLUMNS.filter(({ domain }) => domain !== null)
    .map(({ name, domain }) => `### Words of ${name.replaceAll('_', ' ')}\n\n${(domain ?? []).map(code).join(', ')}`)
    .join('\n\n');
}

/** Bits of the column `flags`, with their doc comments. */
export function traceFlagsTable(says: (flag: string) => string): string {
  return table(['bit', 'name', 'meaning'], Object.entries(TRACE_FLAGS).map(([name, bit]) => [String(bit), code(name), plain(says(name))]));
}
