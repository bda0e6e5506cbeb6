import { describe, expect, it } from 'vitest';
import { parseClickhouseAddress } from '../../../src/app/clickhouse/address.js';

describe('an address of a table in ClickHouse', () => {
  it('names host, port, database and table; the port is the one for HTTP or HTTPS where it is left out', () => {
    expect(parseClickhouseAddress('clickhouse://ch-1.example/risk/calls')).toEqual({ url: 'http://ch-1.example:8123', database: 'risk', table: 'calls' });
    expect(parseClickhouseAddress('clickhouses://[::1]:9/risk/it%27s%2Fhere')).toEqual({ url: 'https://[::1]:9', database: 'risk', table: "it's/here" });
    expect(parseClickhouseAddress('clickhouses://h/d/t').url).toBe('https://h:8443');
  });

  it('is refused where it is none, and where it holds a secret, which is not repeated', () => {
    for (const text of ['', 'http://h/d/t', 'clickhouse://h/d', 'clickhouse://h/d/t/u', 'clickhouse:///d/t', 'clickhouse://h h/d/t', 'clickhouse://h?x=1/d/t', 'clickhouse://h/d/t%zz']) {
      expect(() => parseClickhouseAddress(text)).toThrow('an engine must be clickhouse://HOST[:PORT]/DATABASE/TABLE');
    }
    expect(() => parseClickhouseAddress('clickhouse://me:secret@h/d/t')).toThrow(/^an engine must not hold a user or password: set HINDCAST_CLICKHOUSE_USER and HINDCAST_CLICKHOUSE_PASSWORD$/);
  });
});
