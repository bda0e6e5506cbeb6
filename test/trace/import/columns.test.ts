import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.js';
import { parseColumn, parseColumnMap, parseConstant } from '../../../src/trace/import/column-map.js';
import { columnsImporter } from '../../../src/trace/import/columns.js';
import { importText } from './importing.js';

const columns = (...texts: string[]): ReturnType<typeof columnsImporter> => columnsImporter(texts.map(parseColumn));

function refusal(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof InputError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

describe('a column map', () => {
  it('reads times in every unit to the microsecond, and says how fine they are', () => {
    const stamp = (unit: string, text: string): unknown[] => importText(`{"t":${text}}\n`, { importer: columns(`ts=t:${unit}`) }).table.flatMap(({ ts, ts_res_us }) => [ts, ts_res_us]);
    expect(stamp('s', '1763681581.545001')).toEqual([1763681581545001, 1000000]);
    expect(stamp('ms', '1763681581545')).toEqual([1763681581545000, 1000]);
    expect(stamp('us', '1763681581545001')).toEqual([1763681581545001, 1]);
    expect(stamp('ns', '"1763681581545001499"')).toEqual([1763681581545001, 1]);
    expect(stamp('iso', '"2025-11-20T23:33:01.545001Z"')).toEqual([1763681581545001, 1]);
    expect(stamp('iso', '"2025-11-20T23:33:01.5450019Z"')).toEqual([1763681581545001, 1]);
    expect(stamp('iso', '"2025-11-20T23:33:01.545Z"')).toEqual([1763681581545000, 1000]);
    expect(stamp('iso', '"2025-11-21T00:33:01+01:00"')).toEqual([1763681581000000, 1000000]);
    expect(stamp('iso', '"2025-11-21 00:33+0100"')).toEqual([1763681580000000, 60000000]);
  });

  it('takes words that are understood, and those that the map explains', () => {
    const map = parseColumnMap('{"columns":{"capability":{"from":"tool","words":{"Bash":"process.exec"}},"outcome":"ok","label":"label","host":{"value":"codex"}}}');
    const { table, rejects } = importText('tool,ok,label\nBash,true,safe\nread,false,unsafe\nother,ok,\n', { importer: columnsImporter(map) });
    expect(rejects).toBe(0);
    expect(table.map(({ capability, native_capability, outcome, label, host }) => [capability, native_capability, outcome, label, host])).toEqual([
      ['process.exec', 'Bash', 'success', 'benign', 'codex'],
      ['fs.read', 'read', 'error', 'attack_succeeded', 'codex'],
      ['tool.call', 'other', 'success', null, 'codex'],
    ]);
  });

  it('reads cells in quotes, with commas, quotes and line ends, and keeps bad ones out', () => {
    const text = 'id,who\r\n1,"a, ""b"""\r\n2,"two\nlines"\n\n3\n4,x"y\n5,"z"w\n6,last';
    const { table, refused, records } = importText(text, { importer: columns('call_id=id', 'actor=who') });
    expect(table.map(({ call_id, actor, source_row }) => [call_id, actor, source_row])).toEqual([['1', 'a, "b"', 2], ['2', 'two\nlines', 3], ['6', 'last', 9]]);
    expect(refused.map(({ row, code }) => [row, code])).toContainEqual([6, 'BAD_CSV']);
    expect(records).toBe(table.length + refused.length);
  });

  it('looks at every line once, however many a quoted cell has', () => {
    const lines = '\n'.repeat(500_000);
    expect(importText(`a,b\n"${lines}",2\n`, { importer: columns('actor=a') }).table.map(({ actor }) => actor?.length)).toEqual([500_000]);
    const { table, rejects } = importText(`a,b\n"${lines}${lines}${lines}\nx,2\n`, { importer: columns('actor=a') });
    expect([table.map(({ actor }) => actor), rejects]).toEqual([['x'], 1]);
  });

  it('goes on after a cell whose quote stands wrong', () => {
    const { table, rejects } = importText('a,b\n"one\ntwo"x,1\n"a\n""q"",\n",2\nx"y,3\n,\nlast,"4"\n', { importer: columns('actor=a', 'method=b') });
    expect(rejects).toBe(3);
    expect(table.map(({ actor, method }) => [actor, method])).toEqual([['a\n"q",\n', '2'], ['last', '4']]);
  });

  it('refuses a header that lacks a mapped column, which would be missing in every row', () => {
    expect(refusal(() => importText('when,user\n1,x\n', { importer: columns('actor=user', 'ts=whne:ms') }))).toBe('BAD_CSV: the header must name the mapped column "whne", got "when", "user"');
  });

  it('never takes a field for one that every object has', () => {
    expect(importText('{"id":"1"}\n', { importer: columns('call_id=id', 'actor=constructor') }).table[0]?.actor).toBe('unknown');
    expect(importText('id,__proto__\n1,eve\n', { importer: columns('call_id=id', 'actor=__proto__') }).table[0]?.actor).toBe('eve');
  });

  it('refuses what it cannot be sure of', () => {
    expect(refusal(() => parseColumn('ts=time'))).toBe('BAD_PARAM: ts needs the unit of "time": one of s, ms, us, ns, iso, got none');
    expect(refusal(() => parseColumn('latency_us=took:iso'))).toMatch(/^BAD_PARAM: latency_us needs the unit/);
    expect(refusal(() => parseColumn('when=time'))).toBe('BAD_PARAM: a column map names columns of the trace table, got "when"');
    expect(refusal(() => columns('actor=a', 'actor=b'))).toBe('BAD_PARAM: a column map must map a column once, got actor twice');
    expect(refusal(() => columnsImporter([parseConstant('host=codex')]))).toBe('BAD_PARAM: a column map must map a field at least, got none');
    expect(refusal(() => parseColumnMap('{"columns":{"host":{"of":"x"}}}'))).toMatch(/holds from, value, unit and words/);
    expect(refusal(() => importText('a,a\n1,2\n', { importer: columns('actor=a') }))).toBe('BAD_CSV: the header must name every column once, got "a" twice');
  });
});
