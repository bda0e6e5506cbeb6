import type { LedgerEntry, LedgerHeader, UnsealedEntry } from './entry.js';
import { CHAIN_FIELDS, HEADER_FIELDS, PAYLOAD_FIELDS, type FieldKind, type FieldSpec } from './fields.js';
import { formatFloat, type Spelling } from './float-text.js';

/** How numbers are spelt and whether payload names (`unsafe_`) are used. */
interface Style {
  readonly spelling: Spelling;
  readonly payload: boolean;
}

function printList(items: readonly unknown[], item: FieldKind, style: Style): string {
  return `[${items.map((value) => printValue(value, item, style)).join(',')}]`;
}

function printValue(value: unknown, kind: FieldKind, style: Style): string {
  switch (kind.type) {
    case 'float':
      return value === null ? 'null' : formatFloat(value as number, style.spelling);
    case 'list':
      return printList(value as readonly unknown[], kind.item, style);
    case 'record':
      return `{${printFields(value, kind.fields, style)}}`;
    case 'integer':
    case 'boolean':
      return String(value);
    default:
      // For well-formed text the host escapes exactly what JSON.stringify escapes.
      return JSON.stringify(value);
  }
}

function printFields(record: unknown, fields: readonly FieldSpec[], style: Style): string {
  const values = record as Readonly<Record<string, unknown>>;
  let text = '';
  for (const { name, kind, payloadName } of fields) {
    const key = style.payload ? (payloadName ?? name) : name;
    text += `${text === '' ? '' : ','}"${key}":${printValue(values[name], kind, style)}`;
  }
  return text;
}

/**
 * The text whose SHA-256, after the previous hash, is an entry's hash: all fields in the host's order, the posterior's
 * third key spelt `unsafe_`, `ledger_hash` empty, and the previous hash once more at the end.
 *
 * @param entry - any entry; its own hashes are not looked at
 * @param prevHash - hash of the entry before, or null at the start of a chain
 * @param spelling - the writer's number spelling
 */
export function entryPayload(entry: UnsealedEntry, prevHash: string | null, spelling: Spelling = 'newer'): string {
  return `{${printFields(entry, PAYLOAD_FIELDS, { spelling, payload: true })},"ledger_hash":"","prev_ledger_hash":${JSON.stringify(prevHash)}}`;
}

/** One entry as the host writes it in an artifact: compact, host field order, host number text. */
export function formatEntry(entry: LedgerEntry, spelling: Spelling = 'newer'): string {
  return `{${printFields(entry, [...PAYLOAD_FIELDS, ...CHAIN_FIELDS], { spelling, payload: false })}}`;
}

/** The artifact up to and including the opening bracket of its entries; `]}` ends it. */
export function formatLedgerStart(header: LedgerHeader): string {
  return `{${printFields(header, HEADER_FIELDS, { spelling: 'newer', payload: false })},"entries":[`;
}
