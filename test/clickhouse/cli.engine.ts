import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamOf } from '../trace/rows.js';
import { folder, hindcast } from '../app/cli/session.js';
import { openServer, PORTS } from './engines.js';
import { chunksOf, sampleRows, streamRow } from './rows.js';

const url = `clickhouse://127.0.0.1:${String(PORTS[0])}/default/cli`;

describe('hindcast clickhouse', () => {
  it('makes a table, loads a trace once, goes on with one that was cut off, and summarises what is there', async () => {
    const engine = await openServer(0);
    await engine.run('DROP TABLE IF EXISTS cli');
    await engine.close();
    const chunks = chunksOf(sampleRows(streamRow, 1500), 500);
    const [whole, part] = ['whole.arrows', 'part.arrows'].map((name) => join(folder(), name)) as [string, string];
    writeFileSync(whole, streamOf(chunks));
    writeFileSync(part, streamOf(chunks.slice(0, 2)));
    expect((await hindcast(['clickhouse', 'load', part, '--engine', url, '--trace', 'may'])).out).toContain('1,000 added in 2 batches');
    const more = await hindcast(['clickhouse', 'load', whole, '--engine', url, '--trace', 'may']);
    expect([more.code, more.out]).toEqual([0, expect.stringContaining('500 added in 1 batch, 1,000 were there')]);
    const again = await hindcast(['clickhouse', 'load', whole, '--engine', url, '--trace', 'may', '--json']);
    expect(JSON.parse(again.out)).toEqual({ schema: 'hindcast.load.v1', loads: [{ file: whole, trace: 'may', made: false, before: 1500, added: 0, batches: 0 }] });
    const less = await hindcast(['clickhouse', 'load', part, '--engine', url, '--trace', 'may']);
    expect([less.code, less.err]).toEqual([3, expect.stringContaining('another trace has its name')]);
    const stats = await hindcast(['clickhouse', 'stats', '--engine', url, '--json', '--trace', 'may']);
    expect(JSON.parse(stats.out)).toMatchObject({ schema: 'hindcast.table-stats.v1', layout: 'trace', rows: 1500, transitions: { stream: 'session' } });
    const page = await hindcast(['clickhouse', 'stats', '--engine', url, '--by', 'actor']);
    expect(page.code).toBe(0);
    expect(page.out.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect((await hindcast(['clickhouse', 'stats', '--engine', url, '--trace', 'no such'])).code).toBe(5);
  });

  it('says what is wrong at the server in one sentence', async () => {
    const secret = { HINDCAST_CLICKHOUSE_USER: 'reader', HINDCAST_CLICKHOUSE_PASSWORD: 'wrong' };
    const refused = await hindcast(['clickhouse', 'stats', '--engine', url], { env: secret });
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('Wrong password for user reader')]);
    const known = await hindcast(['clickhouse', 'stats', '--engine', url], { env: { ...secret, HINDCAST_CLICKHOUSE_PASSWORD: 'secret' } });
    expect(known.code).toBe(0);
    const missing = await hindcast(['clickhouse', 'stats', '--engine', `${url}'; DROP TABLE cli`]);
    expect([missing.code, missing.err]).toEqual([3, expect.stringContaining("there is no table cli'; DROP TABLE cli")]);
  });
});
