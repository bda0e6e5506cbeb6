import { Readable } from 'node:stream';
import type { SqlQuestion, SqlRow } from '../../baseline/sql/source.js';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { InputError } from '../../errors.js';
import type { ClickhouseAddress } from './address.js';

/** What can be asked in SQL. */
export interface SqlEngine {
  /** The server's version. */
  readonly version: string;
  /** Rows of a query's answer; 64-bit integers as text. */
  readonly rows: (sql: string) => Promise<readonly SqlRow[]>;
  /** A statement without an answer. */
  readonly run: (sql: string) => Promise<void>;
  /** A statement that takes bytes. */
  readonly insert: (sql: string, bytes: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Asks a question and reads its answer. */
export async function ask<T>(engine: SqlEngine, { sql, read }: SqlQuestion<T>): Promise<T> {
  return read(await engine.rows(sql));
}

/** Version of the client that hindcast is made for. */
const CLIENT_VERSION = '1.23.1';

/** Integers as text, since doubles end at 2^53; rows at their shards before an insertion counts as done; signs of life while a query runs. */
const SETTINGS: ClickHouseSettings = { output_format_json_quote_64bit_integers: 1, insert_distributed_sync: 1, send_progress_in_http_headers: 1, http_headers_progress_interval_ms: '20000' };

/** An hour, for tables of billions of rows. */
const TIMEOUT_MS = 3_600_000;

async function loadClient(): Promise<typeof import('@clickhouse/client')> {
  try {
    return await import('@clickhouse/client');
  } catch (cause) {
    throw new InputError('BAD_PARAM', `--engine needs the package @clickhouse/client, which is not installed: npm install @clickhouse/client@${CLIENT_VERSION}`, { cause });
  }
}

/** What went wrong at the server, in one line. */
function trouble(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  const first = error.message.split('\n')[0] ?? '';
  const what = code === 'ECONNREFUSED' ? 'nothing listens there' : first === '' ? (code ?? error.name) : first.slice(0, 300);
  return new InputError('ENGINE', `ClickHouse at ${url}: ${what}`, { cause: error });
}

function engineOf(client: ClickHouseClient, url: string, version: string): SqlEngine {
  const telling = async <T>(use: () => Promise<T>): Promise<T> => {
    try {
      return await use();
    } catch (error) {
      throw trouble(error, url);
    }
  };
  return {
    version,
    rows: (sql) => telling(async () => (await client.query({ query: sql, format: 'JSONEachRow' })).json<SqlRow>()),
    run: (sql) => telling(async () => { await client.command({ query: sql }); }),
    insert: (sql, bytes) => telling(async () => {
      const { stream } = await client.exec({ query: sql, values: Readable.from([bytes]) });
      // The answer is empty; the connection is free for others once it has been read.
      stream.resume();
      await finished(stream);
    }),
    close: () => client.close(),
  };
}

/** Who asks. */
export interface ClickhouseUser {
  readonly username?: string;
  readonly password?: string;
}

/** The user that the environment names. */
export function userOf(env: Readonly<Record<string, string | undefined>>): ClickhouseUser {
  const { HINDCAST_CLICKHOUSE_USER: username, HINDCAST_CLICKHOUSE_PASSWORD: password } = env;
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

/**
 * Connects to a server and asks its version.
 *
 * @throws {@link InputError} BAD_PARAM where the client is not installed, ENGINE where the server cannot be reached or refuses
 */
export async function openClickhouse({ url }: ClickhouseAddress, user: ClickhouseUser): Promise<SqlEngine> {
  const { createClient, ClickHouseLogLevel } = await loadClient();
  // What goes wrong is said once, by whoever called.
  const client = createClient({ url, ...user, application: 'hindcast', clickhouse_settings: SETTINGS, request_timeout: TIMEOUT_MS, log: { level: ClickHouseLogLevel.OFF } });
  try {
    const [row] = await engineOf(client, url, '').rows('SELECT version() AS version');
    return engineOf(client, url, String(row?.['version']));
  } catch (error) {
    await client.close();
    throw error;
  }
}
