import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerRow, codes, InputError, numbers, tableRows, TRACE_CAPABILITIES, TRACE_COLUMNS, traceBuilder } from '../../src/index.js';
import { anyRow, chunksOf, rowsOfAll } from './rows.js';

const seeded = { seed: 20260101, numRuns: 100 };

function refusal(row: Readonly<Record<string, unknown>>): InputError {
  try {
    traceBuilder({ batchRows: 4 }).append(row);
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error('not refused');
}

describe('the trace table', () => {
  test('has 34 columns, each with a meaning, closed lists within 8-bit codes, and numbers or words as fallbacks', () => {
    expect(TRACE_COLUMNS).toHaveLength(34);
    expect(new Set(TRACE_COLUMNS.map(({ name }) => name)).size).toBe(34);
    for (const { type, domain, nullable, fallback, meaning } of TRACE_COLUMNS) {
      expect(meaning).not.toBe('');
      expect(type === 'dictionary8').toBe(domain !== null);
      if (domain !== null) expect(domain.length).toBeLessThanOrEqual(127);
      if (nullable) expect(fallback).toBeNull();
      if (domain !== null && fallback !== null) expect(domain).toContain(fallback);
    }
  });
});

describe('a trace builder', () => {
  test('gives back the rows it was given, in chunks of the stated size', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 40 }), fc.integer({ min: 1, max: 16 }), (rows, batchRows) => {
        const chunks = chunksOf(rows, { batchRows });
        assert.deepEqual(rowsOfAll(chunks), rows);
        expect(tableRows({ chunks })).toBe(rows.length);
        expect(chunks.slice(0, -1).every((chunk) => chunk.rows === batchRows)).toBe(true);
      }),
      seeded,
    );
  });

  test('gives back rows beyond the room that it begins with', () => {
    const rows = fc.sample(anyRow, { seed: 20260101, numRuns: 1500 });
    const chunks = chunksOf(rows, { batchRows: 1100 });
    assert.deepEqual(rowsOfAll(chunks), rows);
    expect(chunks.map((chunk) => chunk.rows)).toEqual([1100, 400]);
  });

  test('fills what a row leaves out with the fallback, and counts seq itself', () => {
    const [first, second] = rowsOfAll(chunksOf([{}, { actor: 'a' }]));
    const given = Object.entries(first ?? {}).filter(([, value]) => value !== null);
    expect(Object.fromEntries(given)).toEqual({
      seq: 0, ts_res_us: 0, host: 'other', source: 'unknown', actor: 'unknown', phase: 'call', capability: 'unknown', resource_class: 'unknown', outcome: 'unknown', decision: 'none', flags: 0,
    });
    expect(second).toMatchObject({ seq: 1, actor: 'a' });
  });

  test('refuses a value that does not fit, naming row, column, value and what was expected', () => {
    expect(refusal({ capability: 'fs.raed' }).message).toMatch(/^row 0: capability must be one of fs\.read, .*, got "fs\.raed"$/);
    expect(refusal({ latency_us: -1 }).message).toBe('row 0: latency_us must be 0 or more, got -1');
    expect(refusal({ risk_score: NaN }).code).toBe('NOT_FINITE');
    expect(refusal({ ts: 2 ** 60 }).code).toBe('UNSAFE_INTEGER');
    expect(refusal({ ts: 2n ** 63n }).code).toBe('NUMBER_OUT_OF_RANGE');
    expect(refusal({ ts: 1.5 }).code).toBe('WRONG_TYPE');
    expect(refusal({ ts: '5' }).code).toBe('WRONG_TYPE');
    expect(refusal({ turn: 2 ** 31 }).code).toBe('NUMBER_OUT_OF_RANGE');
    expect(refusal({ flags: -1 }).code).toBe('NUMBER_OUT_OF_RANGE');
    expect(refusal({ source_row: 0 }).code).toBe('NUMBER_OUT_OF_RANGE');
    expect(refusal({ actor: 7 }).code).toBe('WRONG_TYPE');
    expect(refusal({ actor: '\ud800' }).code).toBe('LONE_SURROGATE');
    expect(refusal({ call_id: '\ud800' }).code).toBe('LONE_SURROGATE');
    expect(refusal({ resource: 7 }).code).toBe('WRONG_TYPE');
    expect(refusal({ args_hash: 'zz'.repeat(32) }).code).toBe('WRONG_TYPE');
    expect(refusal({ args_hash: 'aa' }).code).toBe('WRONG_TYPE');
    expect(refusal({ args_hash: new Uint8Array(31) }).code).toBe('WRONG_TYPE');
  });

  test('leaves a refused row out whole, its dictionary values too', () => {
    const builder = traceBuilder();
    builder.append({ actor: 'a', session: 's', call_id: 'one', source_row: 1 });
    expect(() => builder.append({ actor: 'b', session: 't', call_id: 'lost', args_hash: 'aa'.repeat(32), label: 'benign', source_row: 0 })).toThrow('row 1: source_row');
    builder.append({ actor: 'c', label: null });
    const chunk = builder.flush();
    expect(chunk?.columns.actor?.values).toEqual(['a', 'c']);
    assert.deepEqual(rowsOfAll(chunk === null ? [] : [chunk]), rowsOfAll(chunksOf([{ actor: 'a', session: 's', call_id: 'one', source_row: 1 }, { actor: 'c' }])));
  });

  test('drops resources where it is told to, and leaves out columns that were not asked for', () => {
    expect(rowsOfAll(chunksOf([{ resource: '/etc/passwd' }], { resource: 'drop' }))[0]?.resource).toBeNull();
    const [chunk] = chunksOf([{ actor: 'a', latency_us: 5, tool: 'x' }], { columns: ['latency_us', 'actor'] });
    expect(Object.keys(chunk?.columns ?? {})).toEqual(['actor', 'latency_us']);
    expect(() => traceBuilder({ columns: ['nope' as 'seq'] })).toThrow('columns must be columns of the trace table, got "nope"');
    expect(() => traceBuilder({ batchRows: 0 })).toThrow('batchRows');
  });

  test('shares growing dictionaries between chunks instead of copying them', () => {
    const [first, second] = chunksOf([{ actor: 'a' }, { actor: 'b' }], { batchRows: 1 });
    expect(first?.columns.actor?.values).toBe(second?.columns.actor?.values);
    expect([first?.columns.actor?.size, second?.columns.actor?.size]).toEqual([1, 2]);
  });

  test('completes a chunk early where its texts grow large', () => {
    const builder = traceBuilder();
    const large = 'x'.repeat(1 << 24);
    expect([1, 2, 3, 4].map(() => builder.append({ resource: large })?.rows ?? null)).toEqual([null, null, null, 4]);
  });
});

describe('typed access', () => {
  const [chunk] = chunksOf([{ latency_us: 2 ** 40 + 1, risk_score: 0.5, capability: 'fs.write' }, { ts: -1, risk_score: 1 }, { ts: 2n ** 62n, risk_score: 0 }]);
  if (chunk === undefined) throw new Error('no chunk');

  test('gives numbers as doubles, NaN where null, and doubles without copying', () => {
    expect([...numbers(chunk, 'latency_us')]).toEqual([2 ** 40 + 1, NaN, NaN]);
    expect([...numbers(chunk, 'ts')]).toEqual([NaN, -1, 2 ** 62]);
    expect([...numbers(chunk, 'seq')]).toEqual([0, 1, 2]);
    expect([...numbers(chunk, 'turn')]).toEqual([NaN, NaN, NaN]);
    expect(numbers(chunk, 'risk_score')).toBe(chunk.columns.risk_score?.values);
  });

  test('gives codes that are places in the domain, -1 where null', () => {
    const { codes: own, values } = codes(chunk, 'capability');
    expect([...own]).toEqual([1, TRACE_CAPABILITIES.length - 1, TRACE_CAPABILITIES.length - 1]);
    expect(values).toBe(TRACE_CAPABILITIES);
    expect([...codes(chunk, 'label').codes]).toEqual([-1, -1, -1]);
  });

  test('reads a nullable column that was left out as null, and refuses one that is never null', () => {
    const [narrow] = chunksOf([{}], { columns: ['actor'] });
    if (narrow === undefined) throw new Error('no chunk');
    expect([...numbers(narrow, 'ts')]).toEqual([NaN]);
    expect([...codes(narrow, 'tool').codes]).toEqual([-1]);
    expect(() => numbers(narrow, 'seq')).toThrow('the trace has no column seq');
  });

  test('says how many bytes a row takes', () => {
    const { total, byColumn } = bytesPerRow(chunk) ?? { total: 0, byColumn: new Map<string, number>() };
    expect(byColumn.get('args_hash')).toBeCloseTo(32 + 1 / 3, 12);
    expect(total).toBeCloseTo([...byColumn.values()].reduce((sum, each) => sum + each, 0), 9);
    expect(bytesPerRow({ rows: 0, columns: {} })).toBeNull();
  });
});
