import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/ledger/source.js';
import { readSeries } from '../../../src/app/series/series.js';
import type { SeriesColumns, SeriesRecord } from '../../../src/app/series/record.js';
import { parseNabSeries, parseNabWindows } from '../../../src/risk/benchmarks/nab.js';
import { parseTcpdAnnotations, parseTcpdSeries } from '../../../src/risk/benchmarks/tcpd.js';

/** Laid out as the data set lays its files out: tabs, one value a line. */
const file = (change: object = {}): string => `${JSON.stringify({
  name: 'invented', longname: 'An invented series', n_obs: 4, n_dim: 1,
  time: { type: 'string', format: '%Y', index: [0, 1, 2, 3], raw: ['1990', '1991', '1992', '1993'] },
  series: [{ label: 'Population', type: 'float', raw: [1.5, null, -3, 4e2] }],
  ...change,
}, null, '\t')}\n`;
const TWO = file({ n_dim: 2, series: [{ label: 'a', type: 'int', raw: [1, 2, 3, 4] }, { label: 'b', type: 'int', raw: [9, 8, 7, 6] }] });

const message = (use: () => unknown): string => {
  try {
    use();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was refused';
};

describe('a series of the Turing Change Point Dataset', () => {
  it('is read with its missing values, labels and times', () => {
    const { name, n, dimensions, times } = parseTcpdSeries(file());
    expect([name, n, dimensions[0]?.label, times?.[3]]).toEqual(['invented', 4, 'Population', '1993']);
    expect(dimensions[0]?.values).toEqual(Float64Array.of(1.5, NaN, -3, 400));
    expect(parseTcpdSeries(file({ time: { index: [0, 1, 2, 3] } })).times).toBeNull();
  });

  it.each([
    ['{', 'a series must be JSON, got "{"'],
    ['[1]', 'a series must be an object, got a list'],
    [file({ name: 7 }), 'name must be text, got 7'],
    [file({ n_obs: 5 }), 'series[0].raw must hold 5 values as n_obs says, got 4'],
    [file({ n_obs: -1 }), 'n_obs must be a count, got -1'],
    [file({ n_dim: 2 }), 'series must hold 2 dimensions as n_dim says, and one at least, got 1'],
    [file({ time: undefined }), 'time must be an object, got nothing'],
    [file({ time: { index: [], raw: ['1990'] } }), 'time.raw must hold 4 values as n_obs says, got 1'],
    [file({ series: [{ label: 'p', type: 'int', raw: [1, 'two', 3, 4] }] }), 'series[0].raw[1] must be a number or null, got "two"'],
    [file({ series: [{ type: 'int' }] }), 'series[0].raw must be a list, got nothing'],
  ])('is refused in one sentence: %#', (text, says) => {
    expect(message(() => parseTcpdSeries(text))).toBe(says);
  });

  it('has annotations by annotator, none of them out of order', () => {
    const annotations = parseTcpdAnnotations('{"nile": {"6": [], "7": [28]}, "run": {"6": [3, 9]}}');
    expect([...annotations].map(([name, by]) => [name, [...by]])).toEqual([['nile', [['6', []], ['7', [28]]]], ['run', [['6', [3, 9]]]]]);
    expect(message(() => parseTcpdAnnotations('{"nile": {"6": [28, 5]}}'))).toBe('nile.6 must be in increasing order, got 5 after 28');
    expect(message(() => parseTcpdAnnotations('{"nile": {"6": [2.5]}}'))).toBe('nile.6[0] must be a count, got 2.5');
    expect(message(() => parseTcpdAnnotations('{"nile": [28]}'))).toBe('nile must be an object, got a list');
  });

  it('is watched like any other series, known by its content; what is missing is left out and the rest keeps its index', () => {
    const read = (text: string, columns: SeriesColumns = {}): [string, readonly SeriesRecord[]] => {
      let form = '';
      const records: SeriesRecord[] = [];
      readSeries(bytesSource(new TextEncoder().encode(text)), columns, { onStart: (about) => { form = about.form; }, onRecord: (record) => records.push(record) });
      return [form, records];
    };
    const [form, records] = read(file());
    expect([form, records.map(({ index, value }) => [index, value])]).toEqual(['tcpd', [[0, 1.5], [2, -3], [3, 400]]]);
    expect(read(JSON.stringify(JSON.parse(file())))[1]).toEqual(records);
    expect(read(TWO, { value: 'b' })[1].map(({ value }) => value)).toEqual([9, 8, 7, 6]);
    expect(message(() => read(TWO))).toBe('the series has 2 dimensions: name one with --value: "a", "b"');
    expect(message(() => read(file(), { value: 'c' }))).toBe('there is no dimension "c", only "Population"');
    expect(message(() => read(file(), { stream: 'latency' }))).toBe('a series of values has no stream latency: leave --stream out');
  });
});

describe('a series of the Numenta Anomaly Benchmark', () => {
  it('is read, its times taken as UTC', () => {
    const { tsMs, values } = parseNabSeries('timestamp,value\r\n2014-04-01 00:00:00,19.5\r\n2014-04-01 00:05:00,-1e-3\r\n');
    expect([...tsMs]).toEqual([Date.UTC(2014, 3, 1), Date.UTC(2014, 3, 1, 0, 5)]);
    expect([...values]).toEqual([19.5, -0.001]);
  });

  it.each([
    ['time,value\n', 'line 1: the header must be timestamp,value, got "time,value"'],
    ['timestamp,value\n2014-04-01 00:00:00\n', 'line 2: value must be a finite number, got ""'],
    ['timestamp,value\n2014-04-01 00:00:00,x\n', 'line 2: value must be a finite number, got "x"'],
    ['timestamp,value\n2014-04-01 00:00:00,1,2\n', 'line 2: a line must have 2 cells, got 3'],
    ['timestamp,value\n1.4.2014,1\n', 'line 2: timestamp must be a time as 2014-04-01 00:00:00, got "1.4.2014"'],
    ['timestamp,value\n2014-02-30 00:00:00,1\n', 'line 2: timestamp must be a time as 2014-04-01 00:00:00, got "2014-02-30 00:00:00"'],
  ])('is refused in one sentence: %#', (text, says) => {
    expect(message(() => parseNabSeries(text))).toBe(says);
  });

  it('has windows by file, both ends named to the microsecond', () => {
    const windows = parseNabWindows('{"real/a.csv": [["2014-02-26 13:45:00.000000", "2014-02-27 06:25:00.250000"]], "real/b.csv": []}');
    expect([...windows]).toEqual([['real/a.csv', [{ startMs: Date.UTC(2014, 1, 26, 13, 45), endMs: Date.UTC(2014, 1, 27, 6, 25, 0, 250) }]], ['real/b.csv', []]]);
    expect(message(() => parseNabWindows('{"a.csv": [["2014-02-26 13:45:00"]]}'))).toBe('a.csv[0] must be a start and an end, got 1 values');
    expect(message(() => parseNabWindows('{"a.csv": [["2014-02-26 13:45:00", "2014-02-25 13:45:00"]]}'))).toBe('a.csv[0] must not end before it starts, got 2014-02-25 13:45:00');
    expect(message(() => parseNabWindows('{"a.csv": [["2014-02-26 13:45:00", 7]]}'))).toBe('a.csv[0][1] must be a time as 2014-04-01 00:00:00, got 7');
    expect(message(() => parseNabWindows('{"a.csv": "none"}'))).toBe('a.csv must be a list, got "none"');
  });
});
