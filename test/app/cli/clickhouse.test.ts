import { describe, expect, it } from 'vitest';
import { file, hindcast } from './session.js';

describe('hindcast clickhouse without a server', () => {
  it('prints the statements that make a table, for one server and for a cluster', async () => {
    const one = await hindcast(['clickhouse', 'ddl', '--engine', 'clickhouse://h/risk/calls']);
    expect([one.code, one.out.split('\n')[0]]).toEqual([0, 'CREATE TABLE IF NOT EXISTS `risk`.`calls`']);
    expect(one.out.match(/CREATE TABLE/g)).toHaveLength(1);
    const all = await hindcast(['clickhouse', 'ddl', '--engine', 'clickhouse://h/risk/calls', '--cluster', 'main', '--server', '18.16']);
    expect(all.out).toContain('`risk`.`calls_all` ON CLUSTER `main`');
    expect(all.out).not.toContain('LowCardinality');
    expect((await hindcast(['clickhouse', 'ddl', '--engine', 'clickhouse://h/risk/calls', '--server', 'new'])).code).toBe(3);
  });

  it('says that nothing listens, and refuses what it cannot load', async () => {
    const nobody = await hindcast(['clickhouse', 'stats', '--engine', 'clickhouse://127.0.0.1:1/d/t']);
    expect([nobody.code, nobody.err]).toEqual([3, 'hindcast: ClickHouse at http://127.0.0.1:1: nothing listens there\n']);
    expect((await hindcast(['clickhouse', 'load', file('a', ''), file('b', ''), '--engine', 'clickhouse://127.0.0.1:1/d/t', '--trace', 'x'])).err).toContain('--trace names one trace');
    expect((await hindcast(['clickhouse', 'load', '-', '--engine', 'clickhouse://127.0.0.1:1/d/t'])).err).toContain('--trace NAME');
  });
});
