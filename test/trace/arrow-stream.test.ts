import assert from 'node:assert/strict';
import { tableFromIPC as flechetteTable } from '@uwdata/flechette';
import { tableFromIPC, type Table } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrowStreamWriter, bytesSource, formatTraceMetadata, InputError, readArrowStream, TRACE_COLUMNS, type TraceRow } from '../../src/index.js';
import { anyRow, chunksOf, METADATA, read, rowsOfAll, streamOf } from './rows.js';

const seeded = { seed: 20260101, numRuns: 60 };
const someRows = fc.array(anyRow, { maxLength: 30 });

/** Rows as apache-arrow reads them, in the builder's terms. */
function arrowRows(table: Table): TraceRow[] {
  const vectors = TRACE_COLUMNS.map((column) => ({ column, vector: table.getChild(column.name) }));
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(vectors.map(({ column: { name, type }, vector }) => {
      const value = vector?.get(row) as unknown;
      if (value instanceof Uint8Array) return [name, Buffer.from(value).toString('hex')];
      if (type === 'timestamp_us_utc' && typeof value === 'number') return [name, Math.round(value * 1000)];
      return [name, typeof value === 'bigint' ? Number(value) : value];
    })));
}

/** Stamps that survive being read as fractions of a millisecond. */
const dated = (rows: readonly TraceRow[]): TraceRow[] => rows.map((row, i) => ({ ...row, ts: row.ts == null ? null : 1_700_000_000_000_000 + i }));

describe('an Arrow stream of a trace', () => {
  test('gives back the rows that were written, whatever the chunks', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 12 }), (rows, batchRows) => {
        const { reading, chunks } = read(streamOf(chunksOf(rows, { batchRows })));
        assert.deepEqual(rowsOfAll(chunks), rows);
        assert.deepEqual(reading.metadata, METADATA);
        assert.deepEqual(reading.tail()?.marked, true);
      }),
      seeded,
    );
  });

  test('reads the same in apache-arrow, dictionaries growing from batch to batch', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 12 }), (given, batchRows) => {
        const rows = dated(given);
        const table = tableFromIPC(streamOf(chunksOf(rows, { batchRows })));
        assert.deepEqual(arrowRows(table), rows);
        assert.deepEqual(new Map(table.schema.metadata), formatTraceMetadata(METADATA));
      }),
      seeded,
    );
  });

  test('reads the same in a second reader', () => {
    const rows = dated(fc.sample(anyRow, { seed: 20260101, numRuns: 200 }));
    const table = flechetteTable(streamOf(chunksOf(rows, { batchRows: 16 })), { useBigInt: true });
    for (const name of ['actor', 'session', 'capability', 'call_id', 'risk_score'] as const) assert.deepEqual(table.getChild(name).toArray(), rows.map((row) => row[name]), name);
  });

  test('is the same bytes for the same rows', () => {
    const rows = fc.sample(anyRow, { seed: 7, numRuns: 100 });
    const bytes = streamOf(chunksOf(rows, { batchRows: 9 }));
    expect(Buffer.compare(bytes, streamOf(chunksOf(rows, { batchRows: 9 })))).toBe(0);
    const { chunks } = read(bytes);
    expect(Buffer.compare(bytes, streamOf(chunks))).toBe(0);
  });

  test('holds chunks of several origins in one dictionary', () => {
    const actors = [['a', 'b'], ['b', 'c', 'a'], ['d']];
    const chunks = actors.flatMap((names) => chunksOf(names.map((actor) => ({ actor }))));
    const bytes = streamOf([...chunks, ...chunks]);
    const { chunks: back } = read(bytes);
    expect(rowsOfAll(back).map(({ actor }) => actor)).toEqual([...actors.flat(), ...actors.flat()]);
    expect(back.at(-1)?.columns.actor?.values).toEqual(['a', 'b', 'c', 'd']);
    expect(arrowRows(tableFromIPC(bytes)).map(({ actor }) => actor)).toEqual([...actors.flat(), ...actors.flat()]);
  });

  test('may have no rows', () => {
    const { reading, chunks } = read(streamOf([]));
    expect(chunks).toEqual([]);
    expect(reading.tail()).toMatchObject({ marked: true, lostBytes: 0 });
    expect(tableFromIPC(streamOf([])).numRows).toBe(0);
  });

  test('may leave columns out, when written and when read', () => {
    const rows = fc.sample(anyRow, { seed: 8, numRuns: 20 });
    const parts: Uint8Array[] = [];
    const writer = arrowStreamWriter(METADATA, (bytes) => parts.push(bytes.slice()), { columns: ['label', 'actor'] });
    for (const chunk of chunksOf(rows)) writer.write(chunk);
    writer.end();
    const { reading, chunks } = read(Buffer.concat(parts));
    expect(reading.columns).toEqual(['actor', 'label']);
    expect(rowsOfAll(chunks).map(({ label }) => label)).toEqual(rows.map(({ label }) => label));
    const { chunks: narrow } = read(streamOf(chunksOf(rows)), { columns: ['risk_score'] });
    expect(Object.keys(narrow[0]?.columns ?? {})).toEqual(['risk_score']);
  });
});

describe('a torn Arrow stream', () => {
  const rows = fc.sample(anyRow, { seed: 9, numRuns: 12 });
  const bytes = streamOf(chunksOf(rows, { batchRows: 4 }));

  test('is refused, or gives every complete batch and says how many bytes were lost', () => {
    const sizes = new Set<number>();
    const cuts = Array.from({ length: bytes.length }, (_, cut) => cut).filter((cut) => cut % 23 === 0 || cut > bytes.length - 10);
    for (const cut of cuts) {
      const part = bytes.subarray(0, cut);
      let got: ReturnType<typeof read>;
      try {
        got = read(part, { torn: 'keep' });
      } catch (error) {
        assert.match(String(error), /EMPTY_INPUT|stops short within its schema|is empty/);
        continue;
      }
      const tail = got.reading.tail();
      const kept = rowsOfAll(got.chunks);
      assert.deepEqual(kept, rows.slice(0, kept.length));
      assert.equal((tail?.soundBytes ?? 0) + (tail?.lostBytes ?? 0), cut);
      assert.equal(tail?.marked, false);
      sizes.add(kept.length);
    }
    expect([...sizes]).toEqual([0, 4, 8, 12]);
  });

  test('is refused by default', () => {
    expect(() => read(bytes.subarray(0, bytes.length - 20))).toThrow('the trace stops short: its last');
  });

  test('is refused where something follows its end', () => {
    expect(() => read(Buffer.concat([bytes, bytes]))).toThrow('bytes after the end of the trace');
  });

  test('is refused where it is no trace', () => {
    expect(() => readArrowStream(bytesSource(new Uint8Array(0)))).toThrow('the trace is empty');
    expect(() => readArrowStream(bytesSource(Buffer.from('{"a":1}\n')))).toThrow('ff ff ff ff');
  });
});

describe('a damaged Arrow stream', () => {
  const bytes = streamOf(chunksOf(fc.sample(anyRow, { seed: 10, numRuns: 20 }), { batchRows: 8 }));

  test('is an error or a report, and soon, whatever byte is damaged', () => {
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }), fc.constantFrom('keep' as const, 'refuse' as const), (damages, torn) => {
        const damaged = bytes.slice();
        for (const [at, value] of damages) damaged[at] = value;
        try {
          const { chunks } = read(damaged, { torn });
          expect(rowsOfAll(chunks).length).toBeLessThanOrEqual(20);
          outcomes.read += 1;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          outcomes.refused += 1;
        }
      }),
      { seed: 20260101, numRuns: 400 },
    );
    expect(outcomes.refused).toBeGreaterThan(100);
  });

  test('is refused where its counts, codes or bits cannot be', () => {
    const [chunk] = chunksOf([{ actor: 'a', label: 'benign' }, { actor: 'b' }]);
    if (chunk?.columns.actor === undefined || chunk.columns.label === undefined) throw new Error('no chunk');
    const { actor, label } = chunk.columns;
    const code = { ...chunk, columns: { ...chunk.columns, actor: { ...actor, codes: Int32Array.of(0, 2) } } };
    expect(() => read(streamOf([code]))).toThrow('actor has the code 2 in row 1 of a batch, of 2 values');
    const [text] = chunksOf([{ call_id: 'caf\u00e9' }, { call_id: 'x' }]);
    const id = text?.columns.call_id;
    if (text === undefined || id === undefined) throw new Error('no chunk');
    const torn = { ...text, columns: { ...text.columns, call_id: { ...id, offsets: Int32Array.of(0, 4, 6) } } };
    expect(() => read(streamOf([torn]))).toThrow('call_id has no place in row 0');
    const latin = { ...text, columns: { ...text.columns, call_id: { ...id, bytes: Buffer.from('caf\u00e9xx', 'latin1') } } };
    expect(() => read(streamOf([latin]))).toThrow('call_id is not UTF-8');
    const nulls = { ...chunk, columns: { ...chunk.columns, label: { ...label, nullCount: 2 } } };
    expect(() => read(streamOf([nulls]))).toThrow('label states 2 nulls, its bits 1');
  });
});
