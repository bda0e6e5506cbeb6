import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesSource, readTraceJsonl, traceJsonlWriter, type TraceChunk, type TraceRow } from '../../src/index.js';
import { anyRow, chunksOf, METADATA, rowsOfAll } from './rows.js';

function jsonl(chunks: readonly TraceChunk[]): string {
  const parts: Uint8Array[] = [];
  const writer = traceJsonlWriter(METADATA, (bytes) => parts.push(bytes));
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return Buffer.concat(parts).toString();
}

const read = (text: string, most = 1000): TraceRow[] => rowsOfAll([...readTraceJsonl(bytesSource(Buffer.from(text), most)).chunks]);
const HEAD = jsonl([]);

describe('a trace as JSON Lines', () => {
  test('gives back the rows that were written, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 500 }), (rows, batchRows, most) => {
        const text = jsonl(chunksOf(rows, { batchRows }));
        assert.deepEqual(read(text, most), rows.map((row) => ({ ...row, risk_score: row.risk_score == null ? null : row.risk_score + 0 })));
        expect(text).toBe(jsonl(chunksOf(rows)));
      }),
      { seed: 20260101, numRuns: 60 },
    );
  });

  test('begins with the metadata, leaves nulls out, and writes integers beyond 2^53 as texts', () => {
    const text = jsonl(chunksOf([{ ts: 2n ** 60n, latency_us: 5 }]));
    const [head = '', row = ''] = text.split('\n');
    expect(JSON.parse(head)).toEqual({ schema: 'hindcast.trace.v1', ...METADATA });
    expect(row).toBe('{"seq":0,"ts":"1152921504606846976","ts_res_us":0,"host":"other","source":"unknown","actor":"unknown","phase":"call","capability":"unknown","resource_class":"unknown","outcome":"unknown","latency_us":5,"decision":"none","flags":0}');
    expect(readTraceJsonl(bytesSource(Buffer.from(text))).metadata).toEqual(METADATA);
  });

  test('is refused with its line where a line does not fit', () => {
    expect(() => read(`${HEAD}{}\n{"actor":7}\n`)).toThrow('line 3, row 1: actor must be text, got 7');
    expect(() => read(`${HEAD}{}\nnope\n`)).toThrow('line 3 must be a JSON object, got "nope"');
    expect(() => read(`${HEAD}[]\n`)).toThrow('line 2 must be a JSON object');
    expect(() => read(`${HEAD}{"nope":1}\n`)).toThrow('line 2: "nope" is no column of the trace table');
    expect(() => read(`${HEAD}{"ts":9007199254740993}\n`)).toThrow('line 2, row 0: ts must be a bigint beyond 2^53');
    expect(() => read(`${HEAD}{}\n{"act`)).toThrow('the trace stops short within line 3');
    expect(() => read('')).toThrow('the trace is empty');
    expect(() => read('{"schema":"other"}\n')).toThrow('metadata schema must be hindcast.trace.v1, got "other"');
  });

  test('names its columns where they are not all, and keeps to them', () => {
    const parts: Uint8Array[] = [];
    const writer = traceJsonlWriter(METADATA, (bytes) => parts.push(bytes), { columns: ['actor', 'turn'] });
    chunksOf([{ actor: 'a', turn: 1, flags: 3 }]).forEach(writer.write);
    writer.end();
    const text = Buffer.concat(parts).toString();
    expect(text.split('\n')[1]).toBe('{"actor":"a","turn":1}');
    const reading = readTraceJsonl(bytesSource(Buffer.from(text)));
    expect(reading.columns).toEqual(['actor', 'turn']);
    expect([...reading.chunks].map(({ columns }) => Object.keys(columns))).toEqual([['actor', 'turn']]);
    expect(() => read(`${text}{"flags":1}\n`)).toThrow('line 3: flags is none of the columns that the first line names');
    expect(() => read(text.replace('"turn"]', '"nope"]'))).toThrow('columns must name columns of the trace table, got "nope"');
  });

  test('may lack the last line feed', () => {
    expect(read(`${HEAD}{"actor":"a"}`)).toHaveLength(1);
  });
});
