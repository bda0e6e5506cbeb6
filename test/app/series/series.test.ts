import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveSeriesReader, readSeries } from '../../../src/app/series/series.js';
import type { SeriesAbout, SeriesColumns, SeriesRecord } from '../../../src/app/series/record.js';
import { collectSeries, streamLabel } from '../../../src/app/series/streams.js';
import { InputError } from '../../../src/errors.js';
import { formatEntry } from '../../../src/ledger/print.js';
import { formatLedger } from '../../../src/ledger/seal.js';
import { bytesSource } from '../../../src/ledger/source.js';
import { readLedger } from '../../../src/ledger/stream.js';

interface Read {
  readonly about: SeriesAbout | null;
  readonly records: SeriesRecord[];
}

function sinkOf(): Read & { sink: { onStart: (about: SeriesAbout) => void; onRecord: (record: SeriesRecord) => void } } {
  const records: SeriesRecord[] = [];
  const read = { about: null as SeriesAbout | null, records, sink: { onStart: (about: SeriesAbout) => { read.about = about; }, onRecord: (record: SeriesRecord) => { records.push(record); } } };
  return read;
}

function read(text: string | Uint8Array, columns: SeriesColumns = {}, most?: number): Read {
  const into = sinkOf();
  readSeries(bytesSource(typeof text === 'string' ? new TextEncoder().encode(text) : text, most), columns, into.sink);
  return { about: into.about, records: into.records };
}

function live(text: string | Uint8Array, columns: SeriesColumns = {}, step = 7): Read {
  const into = sinkOf();
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = liveSeriesReader(columns, into.sink);
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
  reader.end();
  return { about: into.about, records: into.records };
}

function refusal(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof InputError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

const INCIDENT = readFileSync('datasets/npm/npm-incident.ledger.json');
const CALLS = readFileSync('datasets/npm/npm-incident.calls.jsonl');
const LINES = readLedger(INCIDENT).entries.map((entry) => `${formatEntry(entry)}\n`);

const telemetry = (entries: readonly object[], pretty = false): string => JSON.stringify({ entries, schema: 'pi.ext.hostcall_telemetry.v1' }, null, pretty ? 2 : undefined);

describe('readSeries', () => {
  it('reads a ledger in any form, verified, whatever the size of the pieces', () => {
    const { about, records } = read(INCIDENT, { stream: 'score' });
    expect(about).toEqual({ form: 'ledger', stream: 'score' });
    expect(records).toHaveLength(245);
    expect(records[0]).toEqual({ index: 0, line: null, actor: 'npm', capability: 'exec', time: 1795252574444, epochMs: true, value: 0.35 });
    const pretty = JSON.stringify(JSON.parse(formatLedger(readLedger(INCIDENT))), null, 2);
    for (const text of [LINES.join(''), pretty]) expect(read(text, { stream: 'score' }, 1000).records.map((r) => r.value)).toEqual(records.map((r) => r.value));
    expect(live(LINES.join(''), { stream: 'score' }, 999).records).toEqual(records.map((r, i) => ({ ...r, line: i + 1 })));
    expect(live(INCIDENT, { stream: 'score' }, 9999).records).toEqual(records);
  });

  it('refuses a ledger that does not verify, live at the entry that is broken', () => {
    const broken = LINES.map((line, i) => (i === 3 ? line.replace('"risk_score":', '"risk_score":1') : line));
    expect(refusal(() => read(broken.join('')))).toMatch(/^INVALID_LEDGER: the ledger does not verify \(faults: 1\): \[3\]/);
    const into = sinkOf();
    const reader = liveSeriesReader({}, into.sink);
    expect(refusal(() => { for (const line of broken) reader.push(new TextEncoder().encode(line)); })).toMatch(/^INVALID_LEDGER: .*\[3\]/);
    expect(into.records).toHaveLength(3);
  });

  it('reads recorded calls, each field by its stream', () => {
    expect(read(CALLS).about).toEqual({ form: 'calls', stream: 'interval' });
    expect(read(CALLS, { stream: 'error' }).records.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(5);
    expect(new Set(read(CALLS, { stream: 'latency' }).records.map(({ value }) => value))).toEqual(new Set([0, 1, 2]));
    expect(live(CALLS, { stream: 'latency' }, 100).records).toEqual(read(CALLS, { stream: 'latency' }).records);
  });

  it('reads the telemetry artifact, compact or pretty', () => {
    const entries = [{ ts_ms: 5, extension_id: 'a', capability: 'exec', latency_ms: 3, risk_score: 0.5, outcome_error_code: 'E', schema: 'pi.ext.hostcall_telemetry.v1' }];
    for (const text of [telemetry(entries), telemetry(entries, true)]) {
      expect(read(text, { stream: 'latency' })).toEqual({ about: { form: 'telemetry', stream: 'latency' }, records: [{ index: 0, line: null, actor: 'a', capability: 'exec', time: 5, epochMs: true, value: 3 }] });
      expect(live(text, { stream: 'error' }).records[0]?.value).toBe(1);
    }
    expect(refusal(() => read(telemetry([{ ts_ms: 'soon', schema: 'pi.ext.hostcall_telemetry.v1' }])))).toBe('WRONG_TYPE: entry 0: ts_ms must be a number or an ISO 8601 time with its zone, such as "2026-01-31T12:00:00Z", got "soon"');
  });

  it('reads times and values from CSV and from lines', () => {
    const csv = '\ufefftime,note,value\r\n2026-01-31T12:00:00Z,"a ""quoted"",\nnote",1.5\r\n2026-01-31T13:00:00.5+01:00,,-2e3\r\n';
    const { about, records } = read(csv);
    expect(about).toEqual({ form: 'csv', stream: 'value' });
    expect(records.map(({ line, time, value, epochMs }) => [line, time, value, epochMs])).toEqual([[2, Date.UTC(2026, 0, 31, 12), 1.5, true], [4, Date.UTC(2026, 0, 31, 12, 0, 0, 500), -2000, true]]);
    expect(live(csv).records).toEqual(records);
    expect(read('{"time":1,"value":2}\n\n{"time":1.5,"value":-0}\n').records.map(({ time, value, line, epochMs }) => [time, value, line, epochMs])).toEqual([[1, 2, 1, false], [1.5, 0, 3, false]]);
    expect(read('when,x,who\n7,1,me\n', { time: 'when', value: 'x', actor: 'who' }).records[0]).toMatchObject({ time: 7, value: 1, actor: 'me', capability: null });
    expect(read('value\n1\n2\n').records.map(({ time, value }) => [time, value])).toEqual([[null, 1], [null, 2]]);
    expect(read('time,value\n2014-02-14 14:30:00,1\n', { utc: true }).records[0]?.time).toBe(Date.UTC(2014, 1, 14, 14, 30));
  });

  it.each([
    ['', {}, 'EMPTY_INPUT: the file is empty: expected a ledger, calls, telemetry'],
    [' \n', {}, 'MISSING_FIELD: line 1: there is no column of times'],
    ['time,value\n1,NaN\n', {}, 'WRONG_TYPE: line 2: value must be a finite number, got "NaN"'],
    ['time,value\n1,1\n2,inf\n', {}, 'WRONG_TYPE: line 3: value must be a finite number, got "inf"'],
    ['time,value\n1,1e999\n', {}, 'WRONG_TYPE: line 2: value must be a finite number, got "1e999"'],
    ['time,value\n1,\n', {}, 'WRONG_TYPE: line 2: value must be a finite number, got ""'],
    ['time,value\n1\n', {}, 'BAD_CSV: line 2: expected 2 cells as in the header, got 1'],
    ['time,value\n1,"2\n', {}, 'BAD_CSV: line 2: a quoted cell is not closed'],
    ['time,time\n1,2\n', {}, 'BAD_CSV: line 1: the header names the column "time" twice'],
    ['time,value\n2026-01-31 12:00,1\n', {}, 'WRONG_TYPE: line 2: time must say its zone'],
    ['time,value\n2026-02-30T12:00Z,1\n', {}, 'WRONG_TYPE: line 2: time must be a number or an ISO 8601 time'],
    ['time,value\n1,1\n2026-01-31T12:00Z,1\n', {}, 'WRONG_TYPE: line 3: time must be a number as in the lines before'],
    ['time,value\n1,1\n', { value: 'x' }, 'MISSING_FIELD: line 1: the header must name the column "x", got "time, value"'],
    ['time,value\n1,1\n', { stream: 'latency' }, 'MISSING_FIELD: line 1: there is no column named latency_ms, only "time, value"'],
    ['{"time":1,"value":2}\n{"time":2}\n', {}, 'MISSING_FIELD: line 2: value is missing'],
    ['{"time":1,"value":2}\n{"time":2,"value":null}\n', {}, 'WRONG_TYPE: line 2: value must be a finite number, got null'],
    ['{"time":1,"value":2}\n[1]\n', {}, 'WRONG_TYPE: line 2: a record must be an object'],
    ['{"time":1,"value":2}\n{"time":2,"value":1,"value":2}\n', {}, 'DUPLICATE_KEY: line 2, byte 20'],
    ['{"time":1,,"value":2}\n{"time":2,"value":1}\n', {}, 'BAD_JSON: line 1, byte 10'],
    [`{"value":1,"x":"${'y'.repeat(1 << 20)}"}\n`, {}, 'ENTRY_TOO_LARGE: line 1'],
  ] as const)('refuses %j with the place', (text, columns, message) => {
    expect(refusal(() => read(text, columns))).toContain(message);
    expect(refusal(() => live(text, columns, 1000))).toContain(message);
  });

  it('says what a ledger does not hold', () => {
    expect(refusal(() => read(INCIDENT, { stream: 'latency' }))).toContain('BAD_PARAM: a ledger holds no latency of calls');
    expect(refusal(() => read(INCIDENT, { stream: 'value' }))).toContain('BAD_PARAM: a ledger has no field value');
  });

  it('refuses text that is not UTF-8', () => {
    expect(refusal(() => read(Uint8Array.of(0x76, 0x0a, 0xff, 0x0a), { value: 'v' }))).toBe('INVALID_UTF8: line 2: the text is not valid UTF-8');
  });
});

describe('collectSeries', () => {
  const collect = (text: string | Uint8Array, columns: SeriesColumns, how: Parameters<typeof collectSeries>[2]): ReturnType<typeof collectSeries> =>
    collectSeries(bytesSource(typeof text === 'string' ? new TextEncoder().encode(text) : text), columns, how);

  it('makes intervals within each stream, equal times giving 0', () => {
    const csv = 'ts_ms,actor,capability\n10,a,x\n11,b,x\n14,a,y\n14,a,x\n11,b,x\n';
    const streams = (by: 'actor' | 'capability' | 'actor,capability' | 'none', sort = false): unknown[] => collect(csv, {}, { by, sort }).streams.map((s) => [streamLabel(s), s.values, s.indices]);
    expect(streams('actor')).toEqual([['a', [4, 0], [2, 3]], ['b', [0], [4]]]);
    expect(streams('actor,capability')).toEqual([['a x', [4], [3]], ['b x', [0], [4]], ['a y', [], []]]);
    expect(refusal(() => streams('none'))).toContain('DECREASING_TIME: line 6: time goes back within a stream, from 1970-01-01T00:00:00.014Z to 1970-01-01T00:00:00.011Z');
    expect(streams('none', true)).toEqual([['all records', [1, 0, 3, 0], [1, 4, 2, 3]]]);
  });

  it('counts null scores and leaves them out', () => {
    const { streams } = collect('{"ts_ms":1,"risk_score":null}\n{"ts_ms":2,"risk_score":0.5}\n', { stream: 'score' }, { by: 'none' });
    expect(streams[0]).toMatchObject({ values: [0.5], indices: [1], nullCount: 1 });
  });
});
