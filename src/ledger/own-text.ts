import { CHAIN_FIELDS, PAYLOAD_FIELDS, type FieldKind, type FieldSpec } from './fields.js';
import type { JsonNode, JsonObject } from './lexeme.js';
import { parseJson } from './parse-json.js';
import { payloadOfFields } from './print.js';

function print(node: JsonNode, kind: FieldKind): string {
  if (kind.type === 'record') return `{${printFields(node as JsonObject, kind.fields)}}`;
  if (kind.type === 'list') return `[${(node as readonly JsonNode[]).map((item) => print(item, kind.item)).join(',')}]`;
  if (node !== null && typeof node === 'object' && 'kind' in node && node.kind === 'number') return node.text;
  return JSON.stringify(node);
}

function printFields(record: JsonObject, fields: readonly FieldSpec[]): string {
  const given = new Map(record.fields.map((f) => [f.key, f.value]));
  return fields
    .map(({ name, kind, fallback }) => {
      const value = given.get(name) ?? (fallback === undefined || given.has(name) ? null : parseJson(fallback));
      return `"${name}":${print(value, kind)}`;
    })
    .join(',');
}

/**
 * The payload of an entry with every number as the entry's own text spells it: what a writer of unknown number
 * spelling would have hashed. `node` must have been decoded without an error.
 */
export function ownPayload(node: JsonNode, prevHash: string | null): string {
  return payloadOfFields(printFields(node as JsonObject, PAYLOAD_FIELDS), prevHash);
}

/** An entry in the host's layout with every number as its own text spells it. */
export function ownEntryText(node: JsonNode): string {
  return `{${printFields(node as JsonObject, [...PAYLOAD_FIELDS, ...CHAIN_FIELDS])}}`;
}
