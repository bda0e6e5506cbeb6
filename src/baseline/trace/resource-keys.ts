import { codes, textAt, type TraceChunk } from '../../trace/chunk.js';
import { destinationsOf } from '../../trace/import/resources.js';
import type { TraceTermName, TraceWordName } from '../../trace/schema.js';
import { addressKey } from './address-key.js';
import { commandKeys } from './command-key.js';
import { isOpaque, nativeNameAt } from './group-name.js';
import { pathKey, type PathOptions } from './path-key.js';

/** Whose resources are kept apart: nobody's, or those of each value of a column. */
export type ResourceGrouping = 'all' | Extract<TraceTermName | TraceWordName, 'actor' | 'session' | 'source' | 'host' | 'tool' | 'source_file'>;

/** How a resource is read. */
type ResourceKind = 'path' | 'address' | 'command' | 'text';

/** What a call touches. */
export interface TouchedResource {
  /** Row of the chunk. */
  readonly row: number;
  /** Value of the column that groups; null where all are one group, or the row has none. */
  readonly group: string | null;
  /** Capability; where that word says nothing of the effect, the host's own word after it. */
  readonly capability: string;
  /** The resource as it was recorded. */
  readonly resource: string;
  /** Its distinct keys: several where the call touches several things. */
  readonly keys: readonly string[];
}

/** How resources become keys, by which group. */
export interface ResourceKeyOptions extends PathOptions {
  readonly by: ResourceGrouping;
}

/** Readings kept, so that a resource met again is not read again; then all are forgotten. */
const KEPT = 1 << 17;

function kindOf(resourceClass: string, capability: string): ResourceKind {
  if (resourceClass === 'file' || resourceClass === 'config' || capability.startsWith('fs.')) return 'path';
  if (resourceClass.startsWith('net.') || capability.startsWith('net.')) return 'address';
  return resourceClass === 'process' || capability.startsWith('process.exec') ? 'command' : 'text';
}

function keysOf(resource: string, kind: ResourceKind, options: PathOptions): readonly string[] {
  const each: Readonly<Record<ResourceKind, (text: string) => readonly string[]>> = {
    path: (text) => [pathKey(text, options)],
    address: (text) => [addressKey(text)],
    command: (text) => commandKeys(text, options),
    text: (text) => [text.trim()],
  };
  return [...new Set(destinationsOf(resource).flatMap(each[kind]))];
}

/** Capability of a row; after a word that says nothing of the effect, the host's own. */
function capabilityAt(chunk: TraceChunk, row: number, word: string): string {
  if (!isOpaque(word)) return word;
  const native = nativeNameAt(chunk, row);
  return native === null ? word : `${word} ${native}`;
}

/** Calls of a chunk: how many there are, and what those touch that have a resource. */
export interface ChunkResources {
  readonly calls: number;
  readonly touched: readonly TouchedResource[];
}

/**
 * Starts reading what calls touch, chunk by chunk. Rows of other phases are passed over.
 *
 * @remarks O(rows); a resource's keys are worked out once while it is among the last 131,072 distinct ones.
 */
export function resourceReader({ by, ...options }: ResourceKeyOptions): (chunk: TraceChunk) => ChunkResources {
  const known = new Map<string, readonly string[]>();
  const read = (resource: string, kind: ResourceKind): readonly string[] => {
    const name = `${kind} ${resource}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const keys = keysOf(resource, kind, options);
    if (known.size >= KEPT) known.clear();
    known.set(name, keys);
    return keys;
  };
  return (chunk) => {
    const [phases, classes, capabilities] = [codes(chunk, 'phase'), codes(chunk, 'resource_class'), codes(chunk, 'capability')];
    const touched: TouchedResource[] = [];
    let calls = 0;
    for (let row = 0; row < chunk.rows; row += 1) {
      if (phases.values[phases.codes[row] ?? -1] !== 'call') continue;
      calls += 1;
      const resource = textAt(chunk, 'resource', row);
      if (resource === null) continue;
      const word = capabilities.values[capabilities.codes[row] ?? -1] ?? 'unknown';
      const keys = read(resource, kindOf(classes.values[classes.codes[row] ?? -1] ?? 'unknown', word));
      touched.push({ row, group: by === 'all' ? null : textAt(chunk, by, row), capability: capabilityAt(chunk, row, word), resource, keys });
    }
    return { calls, touched };
  };
}
