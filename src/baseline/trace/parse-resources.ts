import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { countOf, listOf, memberOf, textOf } from '../parse-pi-baseline.js';
import type { ResourceGrouping } from './resource-keys.js';
import { groupKey, resourceOptions, RESOURCES_SCHEMA, type ResourceGroup, type Resources } from './resources.js';

/** What resources may be kept apart by. */
export const RESOURCE_GROUPINGS: readonly ResourceGrouping[] = ['all', 'actor', 'session', 'source', 'host', 'tool', 'source_file'];

function textOrNull(node: JsonNode, at: string): string | null {
  return node === null ? null : textOf(node, at);
}

function groupOf(node: JsonNode, at: string): ResourceGroup {
  const keys = listOf(memberOf(node, 'keys', at), `${at}.keys`).map((each, i) => {
    const place = `${at}.keys[${String(i)}]`;
    return { key: textOf(memberOf(each, 'key', place), `${place}.key`), calls: countOf(memberOf(each, 'calls', place), `${place}.calls`) };
  });
  return { group: textOrNull(memberOf(node, 'group', at), `${at}.group`), capability: textOf(memberOf(node, 'capability', at), `${at}.capability`), keys };
}

/**
 * Reads resources that were saved.
 *
 * @param node - parsed JSON of {@link fitResources}
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, NUMBER_OUT_OF_RANGE, BAD_ENUM, BAD_PARAM, naming the field
 */
export function parseResources(node: JsonNode): Resources {
  const at = 'the resources';
  const schema = textOf(memberOf(node, 'schema', at), `${at}' schema`);
  if (schema !== RESOURCES_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `${at}' schema must be ${RESOURCES_SCHEMA}, got ${JSON.stringify(schema.slice(0, 80))}`);
  const named = textOf(memberOf(node, 'by', at), 'by');
  const by = RESOURCE_GROUPINGS.find((each) => each === named);
  if (by === undefined) throw new InputError('BAD_ENUM', `by must be one of ${RESOURCE_GROUPINGS.join(', ')}, got ${JSON.stringify(named.slice(0, 60))}`);
  const chosen = resourceOptions({ depth: countOf(memberOf(node, 'depth', at), 'depth'), by, home: textOrNull(memberOf(node, 'home', at), 'home') });
  const calls = countOf(memberOf(node, 'calls', at), 'calls');
  const withoutResource = countOf(memberOf(node, 'withoutResource', at), 'withoutResource');
  if (withoutResource > calls) throw new InputError('NUMBER_OUT_OF_RANGE', `withoutResource must be at most calls, ${String(calls)}, got ${String(withoutResource)}`);
  const groups = listOf(memberOf(node, 'groups', at), 'groups').map((each, i) => groupOf(each, `groups[${String(i)}]`));
  const names = new Set(groups.map(({ group, capability }) => groupKey(group, capability)));
  if (names.size < groups.length) throw new InputError('NUMBER_OUT_OF_RANGE', 'groups must have each group and capability once');
  return { schema: RESOURCES_SCHEMA, ...chosen, calls, withoutResource, groups };
}
