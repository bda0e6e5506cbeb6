import { InputError } from '../../errors.js';
import { textAt, type TraceChunk } from '../../trace/chunk.js';
import { resourceReader, type ResourceGrouping, type ResourceKeyOptions } from './resource-keys.js';

/** Schema text of {@link Resources}. */
export const RESOURCES_SCHEMA = 'hindcast.resources.v1';

/** A resource that approved calls touched. */
export interface ResourceKey {
  readonly key: string;
  /** Calls that touched it. */
  readonly calls: number;
}

/** What calls of one capability touched in one group. */
export interface ResourceGroup {
  /** Value of the column that groups; null where all are one group. */
  readonly group: string | null;
  readonly capability: string;
  /** In order of their text. */
  readonly keys: readonly ResourceKey[];
}

/** Which resources approved calls touched. Finite JSON as it stands. */
export interface Resources {
  readonly schema: typeof RESOURCES_SCHEMA;
  readonly depth: number;
  readonly by: ResourceGrouping;
  readonly home: string | null;
  /** Calls seen, and how many of them name no resource. */
  readonly calls: number;
  readonly withoutResource: number;
  readonly groups: readonly ResourceGroup[];
}

/** How resources are told apart. */
export interface ResourceOptions {
  /** Segments of a path that count, 1 to 64. Default 3. */
  readonly depth?: number;
  /** Whose resources are kept apart. Default all, which pools them. */
  readonly by?: ResourceGrouping;
  /** What `~` stands for in paths; left out: it stays `~`. */
  readonly home?: string | null;
}

/** Segments of a path that count by default. */
const DEPTH = 3;

/** Options with what they leave out. @throws {@link InputError} BAD_PARAM */
export function resourceOptions({ depth = DEPTH, by = 'all', home = null }: ResourceOptions): ResourceKeyOptions {
  if (!Number.isInteger(depth) || depth < 1 || depth > 64) throw new InputError('BAD_PARAM', `depth must be an integer in 1..64, got ${String(depth)}`);
  return { depth, by, home };
}

/** Compares by UTF-16 units, whatever the language of the machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A group's place among others. */
export function groupKey(group: string | null, capability: string): string {
  return JSON.stringify([group, capability]);
}

/** Refuses calls of which none names a resource. */
export function requireResources(calls: number, withoutResource: number, source: string | null): void {
  if (calls === 0 || withoutResource < calls) return;
  const said = source === null ? 'the source' : `a source such as ${source}`;
  throw new InputError('MISSING_FIELD', `none of the ${String(calls)} calls names a resource (path, address, command): ${said} records none, or they were left out on import, so what was touched cannot be compared`);
}

/** Refuses to tell groups apart by a column that no call with a resource has. */
export function requireGroups(by: ResourceGrouping, touched: number, grouped: number): void {
  if (by !== 'all' && touched > 0 && grouped === 0) throw new InputError('MISSING_FIELD', `no call has ${by}: the column ${by} is null throughout, so resources cannot be kept apart by it`);
}

type Tally = Map<string, { readonly group: string | null; readonly capability: string; readonly keys: Map<string, number> }>;

function add(tally: Tally, { group, capability }: Pick<ResourceGroup, 'group' | 'capability'>, key: string, calls: number): void {
  const name = groupKey(group, capability);
  let found = tally.get(name);
  if (found === undefined) tally.set(name, (found = { group, capability, keys: new Map() }));
  found.keys.set(key, (found.keys.get(key) ?? 0) + calls);
}

function listOf(tally: Tally): ResourceGroup[] {
  return [...tally.values()]
    .map(({ group, capability, keys }) => ({ group, capability, keys: [...keys].map(([key, calls]) => ({ key, calls })).sort((a, b) => compareText(a.key, b.key)) }))
    .sort((a, b) => compareText(a.group ?? '', b.group ?? '') || compareText(a.capability, b.capability));
}

/** Approved calls being read. */
export interface ResourceFit {
  /** Takes a chunk's calls in. @throws {@link InputError} MISSING_FIELD */
  readonly add: (chunk: TraceChunk) => void;
  /** What has been touched so far. @throws {@link InputError} TOO_FEW, MISSING_FIELD */
  readonly resources: () => Resources;
}

/**
 * {@link fitResources} for chunks that come one by one.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function startResources(options: ResourceOptions = {}): ResourceFit {
  const chosen = resourceOptions(options);
  const read = resourceReader(chosen);
  const tally: Tally = new Map();
  let [calls, named, grouped] = [0, 0, 0];
  let source: string | null = null;
  return {
    add: (chunk) => {
      const found = read(chunk);
      grouped += found.touched.filter(({ group }) => group !== null).length;
      source ??= sourceOf(chunk);
      calls += found.calls;
      named += found.touched.length;
      for (const touched of found.touched) for (const key of touched.keys) add(tally, touched, key, 1);
    },
    resources: () => {
      if (calls === 0) throw new InputError('TOO_FEW', 'at least one approved call must be given, got none');
      requireResources(calls, calls - named, source);
      requireGroups(chosen.by, named, grouped);
      return { schema: RESOURCES_SCHEMA, ...chosen, calls, withoutResource: calls - named, groups: listOf(tally) };
    },
  };
}

/** Kind of artifact that a chunk's first row came from. */
export function sourceOf(chunk: TraceChunk): string | null {
  return chunk.rows > 0 && chunk.columns.source !== undefined ? textAt(chunk, 'source', 0) : null;
}

/**
 * Which resources approved calls touched, by capability and group.
 *
 * @param chunks - of approved traces; rows that are no calls are passed over
 * @returns for each capability and group the keys touched: a path cut at a depth, host and port, a command by its program and
 * script; see {@link novelCalls}
 * @throws {@link InputError} BAD_PARAM, TOO_FEW where there is no call, MISSING_FIELD where none names a resource
 * @remarks O(rows). Memory grows with the distinct keys.
 *
 * Pooled by default: one actor's approved calls are too few to have shown all that it may touch, so by actor many calls are new
 * that others were approved for. Group by actor where one must not touch what another may.
 * @example
 * ```ts
 * const builder = traceBuilder();
 * builder.append({ capability: 'fs.read', resource: '/etc/ssl/openssl.cnf' });
 * const seen = fitResources([builder.flush()].filter((chunk) => chunk !== null));
 * seen.groups[0]?.keys; // => [{ key: '/etc/ssl/openssl.cnf', calls: 1 }]
 * ```
 */
export function fitResources(chunks: Iterable<TraceChunk>, options: ResourceOptions = {}): Resources {
  const fit = startResources(options);
  for (const chunk of chunks) fit.add(chunk);
  return fit.resources();
}

/**
 * The resources of two sets of approved calls together: what fitting them in one gives.
 *
 * @throws {@link InputError} BAD_PARAM where they were told apart by different rules
 */
export function mergeResources(a: Resources, b: Resources): Resources {
  for (const name of ['depth', 'by', 'home'] as const) {
    if (a[name] !== b[name]) throw new InputError('BAD_PARAM', `resources must be told apart by the same ${name} to be merged, got ${String(a[name])} and ${String(b[name])}`);
  }
  const tally: Tally = new Map();
  for (const group of [...a.groups, ...b.groups]) for (const { key, calls } of group.keys) add(tally, group, key, calls);
  return { ...a, calls: a.calls + b.calls, withoutResource: a.withoutResource + b.withoutResource, groups: listOf(tally) };
}
