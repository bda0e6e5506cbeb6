import { LEDGER_SCHEMA, type LedgerEntry, type LedgerHeader } from '../ledger/entry.js';
import type { JsonNode, JsonObject } from '../ledger/lexeme.js';
import { parseJson } from '../ledger/parse-json.js';
import { formatEntry, formatLedgerStart } from '../ledger/print.js';

/** How to lay a ledger file out. Number texts are the host's in every layout. */
export interface LedgerLayout {
  /** `artifact` is one JSON object; `json-lines` is one entry a line, without a header. */
  readonly form: 'artifact' | 'json-lines';
  /** Two spaces a level and a line a member; an artifact only. */
  readonly pretty?: boolean;
  /** Members in alphabetical order, as a JSON tool might leave them. */
  readonly sortKeys?: boolean;
}

/** The texts of a ledger file: before, between and after its entries. */
export interface LedgerText {
  readonly start: (header: LedgerHeader) => string;
  /** One entry with what comes before it; `index` counts from 0. */
  readonly entry: (entry: LedgerEntry, index: number) => string;
  readonly end: (header: LedgerHeader) => string;
}

/** The form a file's name asks for; null for any other ending. */
export function formOf(path: string): LedgerLayout['form'] | null {
  if (path.endsWith('.jsonl')) return 'json-lines';
  return path.endsWith('.json') ? 'artifact' : null;
}

/** A header whose hashes are as long as real ones, to keep their places. */
export function placeholder(entryCount: bigint, generatedAtMs: bigint): LedgerHeader {
  const blank = entryCount === 0n ? null : '0'.repeat(64);
  return { schema: LEDGER_SCHEMA, generated_at_ms: generatedAtMs, entry_count: entryCount, head_ledger_hash: blank, tail_ledger_hash: blank, data_hash: '0'.repeat(64) };
}

function membersOf({ fields }: JsonObject, sortKeys: boolean): JsonObject['fields'] {
  return sortKeys ? fields.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : fields;
}

/** Puts laid out members or items between their brackets. */
function enclose(brackets: string, parts: readonly string[], indent: string | null): string {
  const [open = '', close = ''] = brackets;
  if (indent === null || parts.length === 0) return open + parts.join(',') + close;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}

/** Lays a JSON value out anew; `indent` null is compact. */
function layOut(node: JsonNode, sortKeys: boolean, indent: string | null): string {
  if (node === null || typeof node !== 'object') return JSON.stringify(node);
  const inner = indent === null ? null : `${indent}  `;
  if (!('kind' in node)) return enclose('[]', node.map((item) => layOut(item, sortKeys, inner)), indent);
  if (node.kind === 'number') return node.text;
  const colon = indent === null ? ':' : ': ';
  return enclose('{}', membersOf(node, sortKeys).map(({ key, value }) => JSON.stringify(key) + colon + layOut(value, sortKeys, inner)), indent);
}

/** Texts of an artifact in another layout than the host's compact one: a stand-in marks where the entries go. */
function artifactParts(layout: LedgerLayout, header: LedgerHeader): readonly [string, string] {
  const node = parseJson(`${formatLedgerStart(header)}null]}`);
  const text = layOut(node, layout.sortKeys ?? false, layout.pretty === true ? '' : null);
  const at = text.search(/\[\s*null\s*\]/);
  const close = text.indexOf(']', at);
  return [text.slice(0, at + 1), text.slice(close)];
}

/** The texts to write a ledger in a layout with; `start`, entries in order, then `end`. */
export function ledgerText(layout: LedgerLayout): LedgerText {
  const { form, pretty = false, sortKeys = false } = layout;
  const plain = !sortKeys && !(pretty && form === 'artifact');
  if (form === 'json-lines') {
    const line = (entry: LedgerEntry): string => (plain ? formatEntry(entry) : layOut(parseJson(formatEntry(entry)), sortKeys, null));
    return { start: () => '', entry: (entry) => `${line(entry)}\n`, end: () => '' };
  }
  if (plain) {
    return { start: formatLedgerStart, entry: (entry, index) => (index === 0 ? '' : ',') + formatEntry(entry), end: () => ']}' };
  }
  return {
    start: (header) => artifactParts(layout, header)[0],
    entry: (entry, index) => {
      const text = layOut(parseJson(formatEntry(entry)), sortKeys, pretty ? '    ' : null);
      return (index === 0 ? '' : ',') + (pretty ? `\n    ${text}` : text);
    },
    end: (header) => (pretty && header.entry_count > 0n ? '\n  ' : '') + artifactParts(layout, header)[1],
  };
}
