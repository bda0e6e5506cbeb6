import type { TraceResourceClass } from '../words.js';

/** The texts of a JSON list of texts; null for any other text. */
function listOfText(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null;
  } catch {
    return null;
  }
}

/**
 * What the column `resource` holds for a call with these destinations: one as it stands, several as a JSON list, so that the
 * call stays one row and none is lost.
 *
 * @returns null for none
 * @remarks {@link destinationsOf} gives back exactly what went in: one destination that reads like a list is put in a list.
 * @example
 * ```ts
 * resourceOf(['a@example.com']); // => 'a@example.com'
 * resourceOf(['a@example.com', 'b@example.com']); // => '["a@example.com","b@example.com"]'
 * ```
 */
export function resourceOf(destinations: readonly string[]): string | null {
  const [only, ...more] = destinations;
  if (only === undefined) return null;
  return more.length === 0 && listOfText(only) === null ? only : JSON.stringify(destinations);
}

/**
 * The destinations that a value of the column `resource` stands for.
 *
 * @param resource - the column's text; null where the row has none
 * @example
 * ```ts
 * destinationsOf('/etc/hosts'); // => ['/etc/hosts']
 * destinationsOf('["a@example.com","b@example.com"]'); // => ['a@example.com', 'b@example.com']
 * ```
 */
export function destinationsOf(resource: string | null): readonly string[] {
  return resource === null ? [] : (listOfText(resource) ?? [resource]);
}

const AUTHORITY = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?(\[[0-9a-f:.]*\]|[^:/?#[\]]*)/i;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/;

function classOfIpv4(first: number, second: number): TraceResourceClass {
  if (first === 127) return 'net.loopback';
  const isPrivate = first === 10 || (first === 172 && second >= 16 && second <= 31) || (first === 192 && second === 168) || (first === 169 && second === 254);
  return isPrivate ? 'net.private' : 'net.public';
}

function classOfIpv6(address: string): TraceResourceClass {
  if (address === '::1') return 'net.loopback';
  return /^f(?:[cd]|e[89ab])/.test(address) ? 'net.private' : 'net.public';
}

/**
 * Where a URL or host lies by its spelling alone; a name is not resolved, so what it stands for may lie elsewhere.
 *
 * @returns `net.unknown` for a name without a dot
 */
export function classOfTarget(target: string): TraceResourceClass {
  const host = (AUTHORITY.exec(target)?.[1] ?? '').toLowerCase();
  if (host.startsWith('[')) return classOfIpv6(host.slice(1, -1));
  const [, first, second] = IPV4.exec(host) ?? [];
  if (first !== undefined) return classOfIpv4(Number(first), Number(second));
  if (host === 'localhost' || host.endsWith('.localhost')) return 'net.loopback';
  if (/\.(?:local|internal|lan|home\.arpa)$/.test(host)) return 'net.private';
  return host.includes('.') ? 'net.public' : 'net.unknown';
}
