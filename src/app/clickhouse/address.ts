import { InputError } from '../../errors.js';
import type { SqlTable } from '../../baseline/sql/trace-table.js';

/** Where a table is served. */
export interface ClickhouseAddress extends SqlTable {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
}

const FORM = 'clickhouse://HOST[:PORT]/DATABASE/TABLE';

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new InputError('BAD_PARAM', `an engine must be ${FORM}, got ${JSON.stringify(text.slice(0, 100))}: ${part} is no percent-encoded text`, { cause });
  }
}

const ADDRESS = /^clickhouse(s?):\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?\/([^/]+)\/([^/]+)$/;

/**
 * Reads `clickhouse://HOST[:PORT]/DATABASE/TABLE`, or `clickhouses://` for HTTPS. Without a port it is the server's own for
 * HTTP, 8123, or for HTTPS, 8443.
 *
 * @throws {@link InputError} BAD_PARAM; a user or password in it is refused, since the command line is open to all who list processes
 */
export function parseClickhouseAddress(text: string): ClickhouseAddress {
  const authority = text.split('/')[2] ?? '';
  if (authority.includes('@')) throw new InputError('BAD_PARAM', 'an engine must not hold a user or password: set HINDCAST_CLICKHOUSE_USER and HINDCAST_CLICKHOUSE_PASSWORD');
  const parts = ADDRESS.exec(text);
  if (parts === null) throw new InputError('BAD_PARAM', `an engine must be ${FORM}, got ${JSON.stringify(text.slice(0, 100))}`);
  const [, secure = '', host = '', port = secure === '' ? '8123' : '8443', database = '', table = ''] = parts;
  return { url: `http${secure}://${host}:${port}`, database: decoded(text, database), table: decoded(text, table) };
}
