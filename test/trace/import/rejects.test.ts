import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importText, importerNamed } from './importing.js';
import { CALLS, LEDGER, LEDGER_LINES, LINES, TELEMETRY } from './samples.js';

const SEED = { seed: 20260101 };

/** Lines of each kind, few enough to try many. */
const FEW: readonly (readonly [string, readonly string[]])[] = Object.entries(LINES).map(([name, text]) => [name, text.trimEnd().split('\n').slice(0, 40)]);

/** What a record may turn into that no importer can make a row of. */
const BAD = fc.constantFrom<(line: string) => string>(
  (line) => line.slice(0, Math.floor(line.length / 2)),
  () => '{',
  () => '[]',
  () => 'null',
  () => '17',
  () => '{}',
  (line) => line.replace(/"capability":"[^"]*"/, '"capability":5'),
  (line) => line.replace(/"extension_id":"[^"]*",?/, ''),
  (line) => line.replace(/"ts_ms":(?:\d+|null)/, '"ts_ms":"soon"'),
  (line) => line.replace(/"ts_ms":(?:\d+|null)/, '"ts_ms":1e300'),
  (line) => line.replace(/"method":"[^"]*"/, String.raw`"method":"\ud800"`),
);

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const strip = ({ table }: ReturnType<typeof importText>): unknown[] => table.map((row) => ({ ...row, source_row: null, seq: null, flags: null }));

describe('a record that cannot be made into a row', () => {
  it.each(FEW)('%s: is reported with its line, kept out, and takes no other with it', (name, lines) => {
    const importer = importerNamed(name);
    fc.assert(fc.property(fc.nat({ max: lines.length - 1 }), BAD, fc.integer({ min: 64, max: 9000 }), (at, spoil, most) => {
      const bad = spoil(lines[at] ?? '');
      const text = joined(lines.with(at, bad));
      const { records, rows, rejects, refused, table } = importText(text, { importer, most });
      expect({ records, rows, rejects }).toEqual({ records: lines.length, rows: lines.length - 1, rejects: 1 });
      expect(refused.map(({ row }) => row)).toEqual([at + 1]);
      expect(refused[0]?.message.length).toBeGreaterThan(10);
      expect(table.map(({ source_row }) => source_row)).toEqual(lines.map((_, i) => i + 1).filter((row) => row !== at + 1));
      expect(strip({ table } as never)).toEqual(strip(importText(joined(lines), { importer })).filter((_, i) => i !== at));
    }), { ...SEED, numRuns: 30 });
  });

  it.each(FEW)('%s: is what a torn last line is; a last line that merely lacks its line feed is none', (name, lines) => {
    const importer = importerNamed(name);
    const text = joined(lines);
    expect(importText(text.slice(0, -1), { importer }).rows).toBe(lines.length);
    const { rows, rejects, refused } = importText(text.slice(0, -20), { importer });
    expect([rows, rejects, refused[0]?.row, refused[0]?.code]).toEqual([lines.length - 1, 1, lines.length, 'BAD_JSON']);
  });

  it.each(FEW.filter(([name]) => name !== 'pi.ledger'))('%s: is not what shuffled keys, CRLF, blank lines or a byte order mark make of one', (name, lines) => {
    const importer = importerNamed(name);
    const plain = importText(joined(lines), { importer });
    const shuffled = lines.map((line, i) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).sort(([a], [b]) => (i % 2 === 0 ? 1 : -1) * (a < b ? 1 : -1)))));
    expect(importText(joined(shuffled), { importer }).table).toEqual(plain.table);
    expect(importText(`\ufeff${joined(lines).replaceAll('\n', '\r\n')}`, { importer }).table).toEqual(plain.table);
    const spaced = importText(joined(lines).replaceAll('\n', '\n  \r\n'), { importer });
    expect([spaced.records, spaced.rejects]).toEqual([lines.length, 0]);
  });

  it('a ledger reads CRLF and shuffled keys as it reads its own text', () => {
    const lines = LEDGER_LINES.trimEnd().split('\n').slice(0, 20);
    const { table } = importText(joined(lines));
    expect(importText(joined(lines).replaceAll('\n', '\r\n')).table).toEqual(table);
    const sorted = lines.map((line) => line.replace(/^\{("ts_ms":\d+),(.*)\}$/, '{$2,$1}'));
    expect(importText(joined(sorted)).table).toEqual(table);
  });

  it('names field, value and what was expected', () => {
    const bad = CALLS.split('\n').slice(0, 3).map((line, i) => (i === 1 ? line.replace('"call_id":"app4.1-0002"', '"call_id":7') : line)).join('\n');
    expect(importText(bad).refused).toEqual([{ file: 'a', row: 2, code: 'WRONG_TYPE', message: 'call_id must be text, got 7', field: 'call_id', value: '7', expected: 'text' }]);
    const negative = CALLS.split('\n').slice(0, 1).join('').replace('"latency_ms":0', '"latency_ms":-4');
    expect(importText(negative).refused).toMatchObject([{ row: 1, message: 'latency_us must be 0 or more, got -4000', field: 'latency_us', value: '-4000', expected: '0 or more' }]);
  });

  it('is a line with an integer that doubles cannot tell from its neighbours', () => {
    const line = CALLS.slice(0, CALLS.indexOf('\n'));
    const { refused } = importText(line.replace(/"ts_ms":\d+/, '"ts_ms":9007199254740993'));
    expect(refused).toMatchObject([{ code: 'UNSAFE_INTEGER', field: 'ts_ms' }]);
    expect(importText(line.replace(/"ts_ms":\d+/, '"ts_ms":9007199254740991')).table[0]?.ts).toBe(9007199254740991000n);
  });

  it('is a line that is not UTF-8, or too long to hold', () => {
    const [first = '', second = ''] = CALLS.split('\n');
    const bytes = Buffer.concat([Buffer.from(`${first}\n`), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(`${second}\n`), Buffer.alloc((1 << 24) + (1 << 19), 'x'), Buffer.from(`\n${second}\n`)]);
    const { refused, rows, table } = importText(bytes, { importer: importerNamed('pi.calls'), most: Infinity });
    expect(rows).toBe(3);
    expect(refused.map(({ row, code }) => [row, code])).toEqual([[2, 'INVALID_UTF8'], [4, 'ENTRY_TOO_LARGE']]);
    expect(table.map(({ source_row }) => source_row)).toEqual([1, 3, 5]);
  });

  it('in a document is reported with its number', () => {
    for (const document of [TELEMETRY, LEDGER]) {
      const bad = document.replace('"call_id":"app4.1-0003"', '"call_id":null');
      const { records, rows, refused } = importText(bad);
      expect([records, rows, refused.map(({ row }) => row)]).toEqual([245, 244, [3]]);
    }
  });

  it('in a document that breaks off is the one it breaks off in, and the document says so', () => {
    for (const [name, document] of [['pi.telemetry', TELEMETRY], ['pi.ledger', LEDGER]] as const) {
      const { records, rows, rejects, findings } = importText(document.slice(0, document.indexOf('app4.1-0100')), { importer: importerNamed(name) });
      expect([records, rows, rejects]).toEqual([100, 99, 1]);
      expect(findings.join(' ')).toMatch(/breaks off/);
    }
  });
});

describe('a ledger that does not verify', () => {
  it('is imported all the same, the break flagged and told', () => {
    const { rows, rejects, findings, table } = importText(LEDGER.replace('"risk_score":0.35', '"risk_score":0.36'));
    expect([rows, rejects]).toEqual([245, 0]);
    expect(findings[0]).toMatch(/does not verify \(faults: 1\): \[0\] hash_mismatch/);
    expect(table.filter(({ flags }) => ((flags ?? 0) & 512) !== 0).map(({ source_row }) => source_row)).toEqual([1]);
  });

  it('keeps rows whose stored hash is no hash', () => {
    const { rows, table } = importText(LEDGER_LINES.replace(/"ledger_hash":"[0-9a-f]{64}"/, '"ledger_hash":"none"'));
    expect([rows, table[0]?.chain_hash, table[1]?.flags]).toEqual([245, null, 514]);
  });
});
