/** Ports that a scheme stands for. */
const PORTS: Readonly<Partial<Record<string, string>>> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21', ssh: '22', sftp: '22', git: '9418', smtp: '25', redis: '6379', postgres: '5432', postgresql: '5432', mysql: '3306', mongodb: '27017' };

const URL_TEXT = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i;
/** What some readers of addresses leave out and others take for the end of the host: which host is meant is not to be known. */
const AMBIGUOUS = /[\\\s\p{Cc}]/u;
const HOST = /^(\[[0-9a-f:.%]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?$/i;

/** The match of a host and its port in what stands before the path. */
function hostOf(authority: string): readonly (string | undefined)[] {
  return AMBIGUOUS.test(authority) ? [] : (HOST.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []);
}

/**
 * Host and port of an address or URL: the host in small letters, the port that is stated or that the scheme stands for, left
 * out where neither says it. A text that is no address, or that different programs take for different ones, is its own key.
 *
 * @example
 * ```ts
 * addressKey('https://user@API.example.com/v1?q=1'); // => 'api.example.com:443'
 * addressKey('10.0.0.7:8080'); // => '10.0.0.7:8080'
 * ```
 */
export function addressKey(text: string): string {
  const trimmed = text.trim();
  const [, scheme, authority = trimmed.split(/[/?#]/, 1)[0] ?? ''] = URL_TEXT.exec(trimmed) ?? [];
  const [, host, stated] = hostOf(authority);
  if (host === undefined) return trimmed;
  const port = stated === undefined ? PORTS[scheme?.toLowerCase() ?? ''] : String(Number(stated));
  return host.toLowerCase().replace(/\.$/, '') + (port === undefined ? '' : `:${port}`);
}
