import { numbers, textAt, type TraceChunk } from '../../trace/chunk.js';
import { nearestKey } from './nearest-key.js';
import { resourceReader, type TouchedResource } from './resource-keys.js';
import { compareText, groupKey, requireGroups, requireResources, sourceOf, type Resources } from './resources.js';

/** A resource that no approved call touched. */
export interface NovelKey {
  readonly key: string;
  /** The approved key of this capability and group that is most like it; null where they have none. */
  readonly nearest: string | null;
  /** Capabilities that approved calls of the group touched it with. */
  readonly approvedFor: readonly string[];
}

/** A call that touches a resource never seen in approved calls. */
export interface NovelCall {
  /** Row of the trace, from 0. */
  readonly row: number;
  readonly file: string | null;
  /** Line or record of the file, from 1. */
  readonly line: number | null;
  readonly callId: string | null;
  readonly actor: string | null;
  readonly session: string | null;
  /** Value of the column that resources are kept apart by; null where they are pooled, or the call has none. */
  readonly group: string | null;
  readonly capability: string;
  readonly resource: string;
  /** Those of its keys that are new. */
  readonly keys: readonly NovelKey[];
}

/** What a trace touches that approved calls did not. */
export interface NovelReport {
  readonly calls: number;
  /** Calls that name no resource, which nothing is said of. */
  readonly withoutResource: number;
  /** In the trace's order. */
  readonly novel: readonly NovelCall[];
}

interface Approved {
  readonly isNew: (touched: TouchedResource, key: string) => boolean;
  readonly describe: (touched: TouchedResource, key: string) => NovelKey;
}

/** What is approved, ready to be asked. */
function approvedOf({ groups }: Resources): Approved {
  const sets = new Map(groups.map(({ group, capability, keys }) => [groupKey(group, capability), new Set(keys.map(({ key }) => key))]));
  const others = new Map<string | null, { readonly capability: string; readonly keys: ReadonlySet<string> }[]>();
  for (const { group, capability } of groups) {
    const list = others.get(group) ?? [];
    list.push({ capability, keys: sets.get(groupKey(group, capability)) ?? new Set() });
    others.set(group, list);
  }
  const described = new Map<string, NovelKey>();
  return {
    isNew: ({ group, capability }, key) => sets.get(groupKey(group, capability))?.has(key) !== true,
    describe: ({ group, capability }, key) => {
      const name = JSON.stringify([group, capability, key]);
      let found = described.get(name);
      if (found === undefined) {
        const approvedFor = (others.get(group) ?? []).filter(({ keys }) => keys.has(key)).map((each) => each.capability).sort(compareText);
        found = { key, nearest: nearestKey(key, [...(sets.get(groupKey(group, capability)) ?? [])]), approvedFor };
        described.set(name, found);
      }
      return found;
    },
  };
}

function textOrNull(chunk: TraceChunk, name: 'source_file' | 'call_id' | 'actor' | 'session', row: number): string | null {
  return chunk.columns[name] === undefined ? null : textAt(chunk, name, row);
}

/** Calls being compared with approved ones. */
export interface NovelSearch {
  /** Compares a chunk's calls and returns those that are novel. @throws {@link InputError} MISSING_FIELD */
  readonly add: (chunk: TraceChunk) => readonly NovelCall[];
  /** How many calls there were, and how many of them named no resource. @throws {@link InputError} MISSING_FIELD where that is all of them */
  readonly counts: () => Omit<NovelReport, 'novel'>;
}

/** {@link novelCalls} for chunks that come one by one. */
export function startNovel(resources: Resources): NovelSearch {
  const { isNew, describe } = approvedOf(resources);
  const read = resourceReader(resources);
  let [calls, named, rows, grouped] = [0, 0, 0, 0];
  let source: string | null = null;
  return {
    add: (chunk) => {
      const found = read(chunk);
      calls += found.calls;
      named += found.touched.length;
      grouped += found.touched.filter(({ group }) => group !== null).length;
      source ??= sourceOf(chunk);
      const before = rows;
      rows += chunk.rows;
      const lines = numbers(chunk, 'source_row');
      return found.touched.flatMap((touched): NovelCall[] => {
        const keys = touched.keys.filter((key) => isNew(touched, key));
        if (keys.length === 0) return [];
        const { row, group, capability, resource } = touched;
        const line = lines[row] ?? NaN;
        return [{
          row: before + row,
          file: textOrNull(chunk, 'source_file', row),
          line: Number.isNaN(line) ? null : line,
          callId: textOrNull(chunk, 'call_id', row),
          actor: textOrNull(chunk, 'actor', row),
          session: textOrNull(chunk, 'session', row),
          group,
          capability,
          resource,
          keys: keys.map((key) => describe(touched, key)),
        }];
      });
    },
    counts: () => {
      requireResources(calls, calls - named, source);
      requireGroups(resources.by, named, grouped);
      return { calls, withoutResource: calls - named };
    },
  };
}

/**
 * Calls that touch a resource which approved calls never touched with the same capability, in the same group.
 *
 * @param resources - what approved calls touched; its depth, group and home are used here too
 * @returns each such call with its new keys, for each the approved one most like it, and its file and line
 * @throws {@link InputError} MISSING_FIELD where none of the calls names a resource
 * @remarks O(rows). No threshold and no chance: a call is named because its key was not among the approved ones, and how often
 * that happens to harmless calls is to be measured on harmless traces. What it cannot show: hostile use of a resource that
 * approved calls use too, such as a file that every program reads, or anything below the depth at which paths are cut.
 * @example
 * ```ts
 * const chunkOf = (...rows) => { const builder = traceBuilder(); rows.forEach(builder.append); return builder.flush(); };
 * const seen = fitResources([chunkOf({ capability: 'fs.read', resource: '/home/dev/.npm/_logs' })]);
 * const { novel } = novelCalls([chunkOf({ capability: 'fs.read', resource: '/home/dev/.ssh/id_rsa' })], seen);
 * novel.map(({ keys }) => keys); // => [[{ key: '/home/dev/.ssh', nearest: '/home/dev/.npm', approvedFor: [] }]]
 * ```
 */
export function novelCalls(chunks: Iterable<TraceChunk>, resources: Resources): NovelReport {
  const search = startNovel(resources);
  const novel: NovelCall[] = [];
  for (const chunk of chunks) novel.push(...search.add(chunk));
  return { ...search.counts(), novel };
}
