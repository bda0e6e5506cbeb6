import { documentHead, memberNames } from './document-records.js';
import type { JsonRecord, SourceHead } from './importer.js';
import { isRecord } from './record.js';

/** Bytes that surely tell what a source is. */
export const HEAD_BYTES: number = 1 << 18;

/** Records to look at. */
const FEW = 8;

const utf8 = new TextDecoder('utf-8');

function objectOf(line: string): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && Object.keys(value).length > 0 ? value : null;
  } catch {
    return null;
  }
}

const UNKNOWN: SourceHead = { layout: 'unknown', records: [], schema: null, keys: [], header: [] };

/** A JSON object of no known list of records, or a list. */
function valueHead(head: Uint8Array, layout: 'object' | 'list'): SourceHead {
  const keys = memberNames(head);
  return keys.length === 0 ? UNKNOWN : { ...UNKNOWN, layout, keys };
}

function jsonHead(head: Uint8Array, lines: readonly string[]): SourceHead {
  const records = lines.map(objectOf).filter((record) => record !== null);
  const asLines: SourceHead = { ...UNKNOWN, layout: 'lines', records: records.slice(0, FEW) };
  const first = objectOf(lines[0] ?? '');
  if (first !== null && !Array.isArray(first['entries'])) return asLines;
  const document = documentHead(head, JSON.parse);
  if (document !== null) return { ...UNKNOWN, layout: 'document', records: document.record === null ? [] : [document.record], schema: document.schema };
  return records.length > 0 ? asLines : valueHead(head, 'object');
}

/** Cells of a header line, without regard to quotes that hold commas. */
function cellsOf(line: string): readonly string[] {
  return line.trim().split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1').replaceAll('""', '"'));
}

/**
 * Looks at the beginning of a source.
 *
 * @param head - its first bytes: all of them, or at least {@link HEAD_BYTES}
 * @remarks A first line that is damaged does not hide what the others are.
 */
export function sourceHead(head: Uint8Array): SourceHead {
  const text = utf8.decode(head);
  if (text.includes('\0')) return UNKNOWN;
  const lines = text.split('\n').filter((line) => line.trim() !== '').slice(0, 4 * FEW);
  const [first = ''] = lines;
  if (first === '') return UNKNOWN;
  if (/^[\ufeff\s]*\[\s*\{/.test(text)) return valueHead(head, 'list');
  if (lines.some((line) => line.trimStart().startsWith('{'))) return jsonHead(head, lines);
  return { ...UNKNOWN, layout: 'cells', header: cellsOf(first) };
}
