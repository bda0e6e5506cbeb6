import { formatFloat } from './float-text.js';

/** Fields that the host types as integers in its artifacts; none of these names is ever a float there. */
const INTEGER_FIELDS: ReadonlySet<string> = new Set([
  'entry_count', 'generated_at_ms', 'index', 'sample_count', 'source_entry_count', 'total_transitions', 'counts', 'ts_ms',
  'time_budget_ms', 'elapsed_ms', 'term_budget', 'terms_emitted',
]);

/** Layout of an artifact. */
export interface ArtifactLayout {
  /** Two spaces a level and a line a member, as the host's command line prints; compact otherwise. */
  readonly pretty?: boolean;
}

function printScalar(value: unknown, integer: boolean): string {
  if (typeof value === 'number') return integer ? BigInt(value).toString() : formatFloat(value);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null);
}

function print(value: unknown, integer: boolean, indent: string | null): string {
  if (typeof value !== 'object' || value === null) return printScalar(value, integer);
  const inner = indent === null ? null : `${indent}  `;
  if (Array.isArray(value)) return block('[]', value.map((item) => print(item, integer, inner)), indent);
  const colon = indent === null ? ':' : ': ';
  const members = Object.entries(value).map(([key, member]) => JSON.stringify(key) + colon + print(member, INTEGER_FIELDS.has(key), inner));
  return block('{}', members, indent);
}

function block(brackets: string, parts: readonly string[], indent: string | null): string {
  const [open = '', close = ''] = brackets;
  if (parts.length === 0) return brackets;
  return indent === null ? `${open}${parts.join(',')}${close}` : `${open}\n${parts.map((p) => `${indent}  ${p}`).join(',\n')}\n${indent}${close}`;
}

/**
 * One of the host's artifacts as the host prints it: members in the order given, every JavaScript number a double
 * (`1` prints as `1.0`) unless the host types the field as an integer, bigints as integers, non-finite numbers as null.
 *
 * @example
 * ```ts
 * printArtifact({ risk_score: 1, entry_count: 1, e_process: Infinity }); // => '{"risk_score":1.0,"entry_count":1,"e_process":null}'
 * ```
 */
export function printArtifact(value: unknown, layout: ArtifactLayout = {}): string {
  return print(value, false, layout.pretty === true ? '' : null);
}
