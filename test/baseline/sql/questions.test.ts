import { describe, expect, it } from 'vitest';
import {
  burstTallySql, dialectOf, groupStatisticsSql, otelSource, quantile, scoreCountsSql, scoreHistogramSql, traceDdl, traceTableSource, transitionsSql,
} from '../../../src/index.js';
import { insertTraceSql, traceRowBinary } from '../../../src/baseline/sql/row-binary.js';
import { chunksOf } from '../../trace/rows.js';

const TABLE = { database: 'risk', table: 'calls' };
const source = traceTableSource(TABLE);

describe('questions in SQL', () => {
  it('read what an engine answers, whatever the order of its rows, and compute what lies between two values here', () => {
    const question = { by: ['capability'], measure: 'latency_us', probabilities: [0.25] } as const;
    const { sql, read } = groupStatisticsSql(source, question);
    expect(sql).toContain('FROM `risk`.`calls`');
    const answer = [
      { k0: 'b', rows_seen: '4', n: '4', med: 2.5, least_x: 1, most_x: 4, low_d: 0.5, high_d: 1.5, w0: [1, 1, 2, 3, 4] },
      { k0: null, rows_seen: '2', n: 0, med: null, least_x: null, most_x: null, low_d: null, high_d: null, w0: [] },
    ];
    expect(read(answer)).toEqual([
      { key: [null], rows: 2, n: 0, min: null, max: null, median: null, mad: null, quantiles: [null] },
      { key: ['b'], rows: 4, n: 4, min: 1, max: 4, median: 2.5, mad: 1, quantiles: [quantile([1, 2, 3, 4], 0.25)] },
    ]);
  });

  it('refuse an answer to another question', () => {
    const { read } = transitionsSql(source, 'risk_state', ['session']);
    expect(() => read([{ state_from: 'a', state_to: 'b', times: '-1' }])).toThrow("the answer's times must be a count");
    expect(() => read([{ state_from: 1, state_to: 'b', times: 1 }])).toThrow("the answer's state_from must be a text or null");
    expect(() => burstTallySql(source, 1000, 8).read([{ actor_key: 'a' }])).toThrow("the answer's within must be a count, got nothing");
    expect(() => scoreCountsSql(source, 1).read([{}, {}])).toThrow('more than 1 pairs');
  });

  it('refuse what means nothing', () => {
    expect(() => groupStatisticsSql(source, { by: [], measure: 'latency_us', probabilities: [] })).toThrow('at least one column');
    expect(() => groupStatisticsSql(source, { by: ['actor'], measure: 'latency_us', probabilities: [NaN] })).toThrow('a probability must be in [0, 1], got NaN');
    expect(() => scoreHistogramSql(source, { lower: 1, upper: 1, bins: 3 })).toThrow('lower must be below upper');
    expect(() => scoreHistogramSql(source, { lower: 0, upper: NaN, bins: 3 })).toThrow('upper must be finite');
    expect(() => burstTallySql(source, 0, 8)).toThrow('windowUs must be an integer');
    expect(() => groupStatisticsSql(otelSource(TABLE), { by: ['actor'], measure: 'risk_score', probabilities: [] })).toThrow('the table cannot show risk_score');
    expect(() => traceTableSource(TABLE, [])).toThrow('at least one trace');
  });

  it('make a table that either version can have', () => {
    expect([dialectOf('18.16.1'), dialectOf('20.3.21'), dialectOf('20.8.2'), dialectOf('26.7.2.1')]).toEqual(['plain', 'plain', 'current', 'current']);
    expect(traceDdl(TABLE)[0]).toContain('`tool` LowCardinality(Nullable(String))');
    expect(traceDdl(TABLE, { dialect: 'plain' })[0]).toContain('`tool` Nullable(String)');
    expect(traceDdl(TABLE, { cluster: "a'b" })[1]).toBe("CREATE TABLE IF NOT EXISTS `risk`.`calls_all` ON CLUSTER `a'b` AS `risk`.`calls`\nENGINE = Distributed('a\\'b', 'risk', 'calls', sipHash64(actor))");
  });

  it('send rows as bytes: a text with its length, a null with a mark, every number as it is', () => {
    const [chunk] = chunksOf([{ actor: 'ä', latency_us: 2n ** 53n + 1n, risk_score: 5e-324 }]);
    if (chunk === undefined) throw new Error('no chunk');
    const bytes = Buffer.from(traceRowBinary(chunk, 't', 7));
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from([1, 0x74, 7, 0, 0, 0, 0, 0, 0, 0]));
    expect(bytes.includes(Buffer.from([2, 0xc3, 0xa4]))).toBe(true);
    expect(bytes.includes(Buffer.from([0, 1, 0, 0, 0, 0, 0, 0x20, 0]))).toBe(true);
    expect(bytes.includes(Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0]))).toBe(true);
    expect(insertTraceSql(TABLE)).toMatch(/^INSERT INTO `risk`\.`calls` \(`trace`, `row`, `seq`, .*`source_row`\) FORMAT RowBinary$/);
  });
});
