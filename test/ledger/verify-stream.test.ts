import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { bytesSource, entryHash, formatEntry, formatLedger, InputError, readLedger, sealEntry, sealLedger, startKernel, verifyLedger, verifyStream, type Ledger, type StreamOptions, type VerificationReport } from '../../src/index.js';
import { headerOf } from '../../src/ledger/seal.js';
import { sha256 } from '../../src/ledger/hash.js';
import { verifyNaively } from '../naive/verify.js';
import { goldenArtifacts, smallLedgers } from './samples.js';

const kernel = startKernel();
const ledgers = smallLedgers();
const twenty = ledgers.get('20 entries') ?? Buffer.alloc(0);

function verify(text: Uint8Array | string, options: StreamOptions = {}): VerificationReport {
  return verifyStream(bytesSource(Buffer.from(text)), { kernel, ...options });
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return 'no error';
}

/** The ledger's text with one entry's text replaced and re-sealed over the payload that text spells. */
function resealOver(ledger: Ledger, index: number, change: (entryText: string) => string): string {
  const entries = ledger.entries.slice(0, index + 1);
  const last = entries[index];
  assert.ok(last);
  const changed = change(formatEntry(last));
  const payload = changed
    .replace('"unsafe":', '"unsafe_":')
    .replace(/"ledger_hash":"[^"]*"/, '"ledger_hash":""');
  const hash = sha256((last.prev_ledger_hash ?? '') + payload);
  const text = changed.replace(/"ledger_hash":"[^"]*"/, `"ledger_hash":"${hash}"`);
  const header = headerOf([...entries.slice(0, index), { ...last, ledger_hash: hash }], 5n);
  const empty = formatLedger({ header, entries: [] });
  return empty.replace('"entries":[]}', `"entries":[${[...entries.slice(0, index).map((e) => formatEntry(e)), text].join(',')}]}`);
}

test('the fast road and the naive reading agree on every golden artifact, value for value', () => {
  for (const ledger of goldenArtifacts()) {
    const text = Buffer.from(formatLedger(ledger));
    const naive = verifyNaively(text);
    assert.deepStrictEqual(verify(text), naive.report);
    assert.deepStrictEqual(readLedger(text), naive.ledger);
    assert.deepStrictEqual(verifyLedger(ledger).faults, naive.report.faults);
  }
});

test.each([2, '\t'])('a ledger indented by %j verifies and is reported as laid out anew', (indent) => {
  for (const text of ledgers.values()) {
    // Number texts pass through JSON.parse as strings, so that only the layout changes.
    const quoted = text.toString().replace(/([:[,])(-?\d[0-9.eE+-]*)(?=[,}\]])/g, '$1"@$2@"');
    const pretty = JSON.stringify(JSON.parse(quoted), null, indent).replace(/"@([^@]*)@"/g, '$1');
    const report = verify(pretty);
    expect(report.faults).toEqual([]);
    expect(report.reformattedCount).toBe(report.entryCount);
    assert.deepStrictEqual(readLedger(Buffer.from(pretty)), readLedger(text));
  }
});

test('JSON Lines of entries verify; count, head, tail and data hash are not there to check', () => {
  for (const text of ledgers.values()) {
    const { entries } = readLedger(text);
    const report = verify(formatLedger({ header: null, entries }));
    expect(report).toMatchObject({ form: 'json-lines', header: null, consistent: true, entryCount: entries.length, reformattedCount: 0 });
    expect(verify(formatLedger({ header: null, entries }).trimEnd())).toMatchObject({ consistent: true, entryCount: entries.length });
    expect(verify(formatLedger({ header: null, entries }).replaceAll('\n', '\r\n'))).toMatchObject({ consistent: true, reformattedCount: 0 });
  }
});

test('every read size from one byte up gives the same report, for artifacts and for lines', () => {
  const ledger = readLedger(twenty);
  const few = sealLedger(ledger.entries.slice(0, 3), { generatedAtMs: 1n });
  for (const text of [formatLedger(few), formatLedger({ header: null, entries: few.entries })]) {
    const whole = verify(text);
    expect(whole.consistent).toBe(true);
    for (let size = 1; size <= text.length + 1; size += size < 40 ? 1 : 7) assert.deepStrictEqual(verify(text, { readBytes: size }), whole, `read size ${String(size)}`);
    const edges = few.entries.map((e) => text.indexOf(formatEntry(e)) + formatEntry(e).length);
    for (const edge of edges.flatMap((e) => [e - 1, e, e + 1])) assert.deepStrictEqual(verify(text, { readBytes: edge }), whole);
    const slow = bytesSource(Buffer.from(text), 1);
    assert.deepStrictEqual(verifyStream(slow), whole);
  }
});

test.each<[string, (text: string) => string, string]>([
  ['a number with a zero too many', (t) => t.replace(/"risk_score":(0\.\d+)/, '"risk_score":$10'), 'own'],
  ['a number with digits beyond the shortest', (t) => t.replace(/"e_threshold":100\.0/, '"e_threshold":100.00000000000001'), 'canonical'],
  ['a number with digits that change nothing', (t) => t.replace(/"e_threshold":100\.0/, '"e_threshold":100.000000000000000001'), 'own'],
  ['an integer where a float is meant', (t) => t.replace(/"e_threshold":100\.0/, '"e_threshold":100'), 'own'],
  ['the exponent of an older writer', (t) => t.replace(/"e_process":[^,]+/, '"e_process":1.5e16'), 'older'],
  ['the exponent of a newer writer', (t) => t.replace(/"e_process":[^,]+/, '"e_process":1.5e+16'), 'newer'],
  ['an exponent that neither writes', (t) => t.replace(/"e_process":[^,]+/, '"e_process":15e15'), 'own'],
  ['both exponents at once', (t) => t.replace(/"e_process":[^,]+/, '"e_process":1.5e+16').replace(/"e_threshold":[^,]+/, '"e_threshold":1.5e16'), 'own'],
  ['a letter escaped without need', (t) => t.replace(/"method":"(.)/, (_, c: string) => `"method":"\\u00${c.charCodeAt(0).toString(16)}`), 'tampered'],
  ['an unknown field', (t) => t.replace('"method":', '"metod":1,"method":'), 'tampered'],
  ['an unknown field that looks like a spliced one', (t) => t.replace('"ts_ms":', '"x":{"unsafe":1},"ts_ms":'), 'tampered'],
  ['white space', (t) => t.replace('"method":', '"method": '), 'tampered'],
])('an entry re-sealed over %s is told from the host\'s own text', (_, change, expected) => {
  const ledger = readLedger(twenty);
  for (const index of [0, 1, 19]) {
    const text = resealOver(ledger, index, change);
    const report = verify(text);
    assert.deepStrictEqual(report, verifyNaively(Buffer.from(text)).report);
    expect(report.consistent).toBe(expected !== 'tampered');
    expect(report.ownSpellingCount).toBe(expected === 'own' ? 1 : 0);
    if (expected === 'older' || expected === 'newer') expect(report.writer).toBe(expected);
  }
});

test.each<[string, (text: string) => string | Buffer, string]>([
  ['a repeated key', (t) => t.replace('"method":', '"call_id":"x","method":'), 'DUPLICATE_KEY'],
  ['the key __proto__', (t) => t.replace('"method":', '"__proto__":{},"method":'), 'FORBIDDEN_KEY'],
  ['half a surrogate pair', (t) => t.replace(/"method":"/, '"method":"\\ud83d'), 'LONE_SURROGATE'],
  ['invalid UTF-8', (t) => Buffer.from(t.replace(/"method":"/, '"method":"\x01'), 'latin1').map((b) => (b === 1 ? 0xff : b)) as Buffer, 'INVALID_UTF8'],
  ['an overlong UTF-8 form', (t) => Buffer.from(t.replace(/"method":"/, '"method":"\x01\x02'), 'latin1').map((b) => (b === 1 ? 0xc0 : b === 2 ? 0xaf : b)) as Buffer, 'INVALID_UTF8'],
  ['a control character', (t) => t.replace(/"method":"/, '"method":"\x07'), 'BAD_JSON'],
  ['nesting beyond 64 levels', (t) => t.replace('"method":', `"deep":${'['.repeat(64)}${']'.repeat(64)},"method":`), 'TOO_DEEP'],
  ['an entry beyond 1 MiB', (t) => t.replace('"method":"', `"method":"${'x'.repeat(1 << 20)}`), 'ENTRY_TOO_LARGE'],
  ['a missing field', (t) => t.replace(/"method":"[^"]*",/, ''), 'MISSING_FIELD'],
  ['a string for a number', (t) => t.replace(/"risk_score":([^,]+)/, '"risk_score":"$1"'), 'WRONG_TYPE'],
  ['a float for an integer', (t) => t.replace(/"ts_ms":(\d+)/, '"ts_ms":$1.0'), 'WRONG_TYPE'],
  ['minus zero for an integer', (t) => t.replace(/"ts_ms":(\d+)/, '"ts_ms":-0'), 'WRONG_TYPE'],
  ['a number no double holds', (t) => t.replace(/"risk_score":([^,]+)/, '"risk_score":1e309'), 'NUMBER_OUT_OF_RANGE'],
  ['an integer beyond 64 bits', (t) => t.replace(/"ts_ms":(\d+)/, '"ts_ms":9223372036854775808'), 'NUMBER_OUT_OF_RANGE'],
  ['a word the format does not have', (t) => t.replace(/"selected_action":"\w+"/, '"selected_action":"Allow"'), 'BAD_ENUM'],
  ['text after the entry', (t) => `${t}x`, 'BAD_JSON'],
])('%s is refused with its place, in an artifact and in lines', (_, change, code) => {
  const { header, entries } = readLedger(twenty);
  const good = entries.slice(0, 2).map((e) => formatEntry(e));
  const bad = Buffer.from(change(formatEntry(entries[2] ?? assert.fail())));
  const before = Buffer.from(`${formatLedger({ header, entries: [] }).slice(0, -2)}${good.join(',')},`);
  const artifact = Buffer.concat([before, bad, Buffer.from(']}')]);
  const lines = Buffer.concat([Buffer.from(`${good.join('\n')}\n`), bad, Buffer.from('\n')]);
  expect(() => verify(artifact)).toThrow(/^entries\[[23]\], byte \d+: /);
  expect(() => verify(lines)).toThrow(/^line 3, byte \d+: /);
  expect(codeOf(() => verify(artifact))).toBe(code);
  expect(['TRAILING_DATA', code]).toContain(codeOf(() => verify(lines)));
});

test.each([
  ['', 'EMPTY_INPUT'],
  [' \n', 'EMPTY_INPUT'],
  ['\ufeff{}', 'BYTE_ORDER_MARK'],
  ['[]', 'BAD_JSON'],
  ['{', 'BAD_JSON'],
  ['{}', 'MISSING_FIELD'],
  ['{"schema":"x"}', 'MISSING_FIELD'],
  ['{"schema":"x","entries":{}}', 'WRONG_TYPE'],
  ['{"entries":[],"entries":[]}', 'DUPLICATE_KEY'],
  ['{"entries":[]}x', 'TRAILING_DATA'],
  ['{"ts_ms":1}', 'MISSING_FIELD'],
])('the text %j is refused with %s', (text, code) => {
  expect(codeOf(() => verify(text))).toBe(code);
});

test('a cut at any byte is refused or found', () => {
  const text = formatLedger(sealLedger(readLedger(twenty).entries.slice(0, 2), { generatedAtMs: 1n }));
  for (let end = 0; end < text.length; end += 1) expect(codeOf(() => verify(text.slice(0, end)))).not.toBe('no error');
});

test('an entry torn out, swapped or re-linked is named by index and code', () => {
  const { header, entries } = readLedger(twenty);
  const without = formatLedger({ header, entries: [...entries.slice(0, 4), ...entries.slice(5)] });
  expect(verify(without).faults.map(({ index, code }) => `${String(index)} ${code}`)).toEqual([
    '19 entry_count_mismatch', '4 prev_hash_mismatch', '4 hash_mismatch', '19 data_hash_mismatch',
  ]);
  const [first, second] = entries;
  assert.ok(first && second);
  const orphan = { ...second, prev_ledger_hash: null, ledger_hash: entryHash(second, null) };
  expect(verify(formatLedger({ header: null, entries: [first, orphan] })).faults.map((f) => f.code)).toEqual(['prev_hash_mismatch', 'hash_mismatch']);
});

test('a hash of another length is never taken as linked', () => {
  const { entries } = readLedger(twenty);
  const [first, second] = entries;
  assert.ok(first && second);
  for (const odd of ['', 'x', 'é'.repeat(64), `${first.ledger_hash}0`]) {
    const lines = formatLedger({ header: null, entries: [{ ...first, ledger_hash: odd }, second] });
    expect(verify(lines).faults.map(({ index, code }) => [index, code])).toEqual([[0, 'hash_mismatch'], [1, 'prev_hash_mismatch'], [1, 'hash_mismatch']]);
  }
});

test('faults can be told as they come and kept in part, the number of all staying exact', () => {
  const { header, entries } = readLedger(twenty);
  const broken = formatLedger({ header, entries: entries.map((e) => ({ ...e, method: `${e.method}x` })) });
  const told: number[] = [];
  const report = verify(broken, { keepFaults: 3, onFault: (f) => told.push(f.index) });
  expect(report.faultCount).toBe(20);
  expect(report.faults).toHaveLength(3);
  expect(told).toEqual(entries.map((_, i) => i));
});

test('a hostile number of unknown fields is refused around the entries and counted together inside them', () => {
  const text = twenty.toString();
  const many = Array.from({ length: 1001 }, (_, i) => `"x${String(i)}":1,`).join('');
  expect(codeOf(() => verify(text.replace('"schema"', `${many}"schema"`)))).toBe('TOO_MANY_FIELDS');
  expect(codeOf(() => verify(text.replace('"schema"', `"${'k'.repeat(1001)}":1,"schema"`)))).toBe('TOO_MANY_FIELDS');
  const report = verify(text.replace('"ts_ms"', `${many}"long${'g'.repeat(5000)}":1,"ts_ms"`));
  expect(report.consistent).toBe(true);
  expect(report.unknownFields).toHaveLength(1001);
  expect(report.unknownFields.find((f) => f.path === '(others)')?.count).toBe(2);
});

test('hashes are compared and hashed as the text they stand for, however they are escaped', () => {
  const { entries } = readLedger(twenty);
  const [first, second] = entries;
  assert.ok(first && second);
  // 64 bytes between the quotes, but 63 characters: a backslash and 62 letters.
  const escaped = `\\\\${'a'.repeat(62)}`;
  const raw = formatEntry({ ...first, prev_ledger_hash: '@' }).replace('"@"', `"${escaped}"`);
  const payload = raw.replace('"unsafe":', '"unsafe_":').replace(/"ledger_hash":"[^"]*"/, '"ledger_hash":""');
  const sealed = (prefix: string): string => raw.replace(/"ledger_hash":"[^"]*"/, `"ledger_hash":"${sha256(prefix + payload)}"`);
  expect(verify(sealed(escaped)).faults.map((f) => f.code)).toEqual(['hash_mismatch']);
  expect(verify(sealed(JSON.parse(`"${escaped}"`) as string)).faults).toEqual([]);
  // The first entry stores a backslash and an n, the second names a line feed.
  const stores = formatEntry({ ...first, ledger_hash: `\\n${'a'.repeat(62)}` });
  const names = formatEntry({ ...second, prev_ledger_hash: `\n${'a'.repeat(62)}` });
  expect(verify(`${stores}\n${names}\n`).faults.map(({ index, code }) => [index, code])).toEqual([[0, 'hash_mismatch'], [1, 'prev_hash_mismatch'], [1, 'hash_mismatch']]);
});

test('carriage returns at line ends change neither verdict nor report, wherever a read ends', () => {
  const { entries } = readLedger(twenty);
  const text = formatLedger({ header: null, entries: entries.slice(0, 3) }).replaceAll('\n', '\r\n');
  const whole = verify(text);
  expect(whole).toMatchObject({ consistent: true, reformattedCount: 0 });
  for (let size = 1; size < text.length; size += 1) assert.deepStrictEqual(verify(text, { readBytes: size }), whole, `read size ${String(size)}`);
});

test('an entry of exactly 1 MiB is read in every form and one byte more in none', () => {
  const [first] = readLedger(twenty).entries;
  assert.ok(first);
  const room = (1 << 20) - formatEntry(sealEntry({ ...first, method: '' }, null)).length;
  for (const [extra, code] of [[0, 'no error'], [1, 'ENTRY_TOO_LARGE']] as const) {
    const { header, entries } = sealLedger([{ ...first, method: 'x'.repeat(room + extra) }], { generatedAtMs: 1n });
    const line = formatLedger({ header: null, entries });
    for (const text of [line, line.trimEnd(), line.replace('\n', '\r\n'), formatLedger({ header, entries })]) {
      for (const readBytes of [999, 1 << 18]) expect(codeOf(() => verify(text, { readBytes }))).toBe(code);
    }
  }
});

test.each([
  ['first', (lines: string[]) => ['', ...lines], 'line 1, byte 0: the line is empty'],
  ['in the middle', (lines: string[]) => [lines[0] ?? '', '', ...lines.slice(1)], /^line 2, byte \d+: the line is empty/],
  ['last', (lines: string[]) => [...lines, ''], /^line 4, byte \d+: the line is empty/],
])('an empty line is refused with its number: %s', (_, change, message) => {
  const lines = readLedger(twenty).entries.slice(0, 3).map((e) => formatEntry(e));
  expect(() => verify(change(lines).map((l) => `${l}\n`).join(''))).toThrow(message);
});

test('messages stay short whatever a file holds', () => {
  const long = 'a '.repeat(1 << 18);
  const { header, entries } = sealLedger(readLedger(twenty).entries.slice(0, 2), { generatedAtMs: 1n });
  assert.ok(header);
  const odd = verify(formatLedger({ header: { ...header, schema: long, head_ledger_hash: long, tail_ledger_hash: long, data_hash: long }, entries }));
  expect(Math.max(...odd.faults.map((f) => f.message.length))).toBeLessThan(300);
  const twice = formatLedger({ header, entries }).replace('"ts_ms"', `"${long}":1,"${long}":1,"ts_ms"`);
  expect(() => verify(twice)).toThrow(/^.{0,200}$/);
});
