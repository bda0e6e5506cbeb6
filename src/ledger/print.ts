import type { LedgerEntry, LedgerHeader, UnsealedEntry } from './entry.js';
import { CHAIN_FIELDS, HEADER_FIELDS, PAYLOAD_FIELDS, type FieldKind, type FieldSpec } from './fields.js';
import { formatFloat, type Spelling } from './float-text.js';

function printValue(value: unknown, kind: FieldKind, spelling: Spelling): string {
  switch (kind.type) {
    case 'float':
      return value === null ? 'null' : formatFloat(value as number, spelling);
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => printValue(item, kind.item, spelling)).join(',')}]`;
    case 'record':
      return `{${printFields(value, kind.fields, spelling)}}`;
    case 'integer':
    case 'boolean':
      return String(value);
    default:
      // For well-formed text the host escapes exactly what JSON.stringify escapes.
      return JSON.stringify(value);
  }
}

function printFields(record: unknown, fields: readonly FieldSpec[], spelling: Spelling): string {
  const values = record as Readonly<Record<string, unknown>>;
  let text = '';
  for (const { name, kind } of fields) text += `${text === '' ? '' : ','}"${name}":${printValue(values[name], kind, spelling)}`;
  return text;
}

/**
 * The hash payload of an entry whose covered fields are printed: the posterior's third key is spelt `unsafe_`, the
 * entry's own hash is empty, and the previous hash comes once more at the end. No string can hold the key with its
 * quotes bare, so the first place it stands is the posterior.
 */
export function payloadOfFields(fieldsText: string, prevHash: string | null): string {
  return `{${fieldsText.replace(',"unsafe":', ',"unsafe_":')},"ledger_hash":"","prev_ledger_hash":${JSON.stringify(prevHash)}}`;
}

/**
 * The text whose SHA-256, after the previous hash, is an entry's hash.
 *
 * @param entry - any entry; its own hashes are not looked at
 * @param prevHash - hash of the entry before, or null at the start of a chain
 * @param spelling - the writer's number spelling
 */
export function entryPayload(entry: UnsealedEntry, prevHash: string | null, spelling: Spelling = 'newer'): string {
  return payloadOfFields(printFields(entry, PAYLOAD_FIELDS, spelling), prevHash);
}

/** One entry as the host writes it in an artifact: compact, host field order, host number text. */
export function formatEntry(entry: LedgerEntry, spelling: Spelling = 'newer'): string {
  return `{${printFields(entry, [...PAYLOAD_FIELDS, ...CHAIN_FIELDS], spelling)}}`;
}

/** The artifact up to and including the opening bracket of its entries; `]}` ends it. */
export function formatLedgerStart(header: LedgerHeader): string {
  return `{${printFields(header, HEADER_FIELDS, 'newer')},"entries":[`;
}
