import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { SqlRow } from '../../src/baseline/sql/source.js';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClickhouse, type SqlEngine } from '../../src/app/clickhouse/engine.js';

interface ChdbSession {
  readonly query: (sql: string, format?: string) => string;
  readonly cleanup: () => void;
}

const { Session } = createRequire(join(process.cwd(), 'build/clickhouse/package.json'))('chdb') as { Session: new (path: string) => ChdbSession };

/** The current engine, in this process. */
export function openChdb(): SqlEngine {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-chdb-'));
  const session = new Session(join(folder, 'data'));
  session.query('SET output_format_json_quote_64bit_integers = 1');
  const rows = (sql: string): readonly SqlRow[] =>
    session.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 1`, 'JSONEachRow').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as SqlRow);
  return {
    version: String(rows('SELECT version() AS version')[0]?.['version']),
    rows: (sql) => Promise.resolve(rows(sql)),
    run: (sql) => Promise.resolve(void session.query(sql)),
    insert: (sql, bytes) => {
      const path = join(folder, 'rows.bin');
      writeFileSync(path, bytes);
      session.query(sql.replace(/ FORMAT RowBinary$/, ` FROM INFILE '${path}' FORMAT RowBinary`));
      return Promise.resolve();
    },
    close: () => {
      session.cleanup();
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Ports of the two servers that the script starts. */
export const PORTS: readonly number[] = (process.env['HINDCAST_CLICKHOUSE_PORTS'] ?? '18121,18122').split(',').map(Number);

/** One of the two servers of the older version. */
export function openServer(which: 0 | 1): Promise<SqlEngine> {
  return openClickhouse({ url: `http://127.0.0.1:${String(PORTS[which])}`, database: 'default', table: 'unused' }, {});
}
