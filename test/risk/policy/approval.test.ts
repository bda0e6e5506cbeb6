import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { approveTraces, bytesSource, canonicalJson, contentHash, ledgerSource, parseApproval, parseJson, readVerified, requireApproved, type TraceSource } from '../../../src/index.js';

const trace = (digit: string): TraceSource => ({ kind: 'ledger', dataHash: digit.repeat(64), entryCount: 1, firstHash: 'x', lastHash: 'x', file: `${digit}.json` });
const BASICS = { approvedBy: 'Ada Lovelace', at: '2026-01-31T12:00:00Z', reason: 'reviewed call by call' };

it('records the same approval whatever the order of traces, and reads it back however it is laid out', () => {
  const approval = approveTraces({ ...BASICS, traces: [trace('b'), trace('a')] });
  expect(approveTraces({ ...BASICS, traces: [trace('a'), trace('b')] })).toEqual(approval);
  expect(approval.contentHash).toBe(contentHash(approval));
  expect(parseApproval(parseJson(JSON.stringify(approval, null, 4)))).toEqual(approval);
});

it('refuses an approval of which a word was changed', () => {
  const approval = approveTraces({ ...BASICS, traces: [trace('a')] });
  const text = canonicalJson(approval);
  expect(() => parseApproval(parseJson(text.replace('Ada', 'Eve')))).toThrow(/was changed after it was made: its contentHash must be [0-9a-f]{64}, got [0-9a-f]{64}/);
  const rumour = { ...approval, traces: approval.traces.map((each) => ({ ...each, kind: 'rumour' })) };
  expect(() => parseApproval(parseJson(canonicalJson({ ...rumour, contentHash: contentHash(rumour) })))).toThrow('the approval.traces[0].kind must be ledger, file, got "rumour"');
});

it.each([
  [{ approvedBy: ' ' }, 'approvedBy must not be empty'],
  [{ reason: '' }, 'reason must not be empty'],
  [{ at: 'yesterday' }, 'at must be a time in UTC such as 2026-01-31T12:00:00Z, got "yesterday"'],
  [{ at: '2026-02-30T12:00:00Z' }, 'at must be a time in UTC'],
  [{ traces: [] }, 'an approval must name at least one trace, got none'],
  [{ traces: [trace('a'), trace('a')] }, 'an approval must name each trace once, got a.json twice'],
])('refuses to record %j', (change, message) => {
  expect(() => approveTraces({ ...BASICS, traces: [trace('a')], ...change })).toThrow(message);
});

it('knows which trace is named, by its hash alone', () => {
  const approvals = [approveTraces({ ...BASICS, traces: [trace('a')] })];
  expect(requireApproved({ ...trace('a'), file: 'renamed.json' }, approvals)).toBe(approvals[0]);
  expect(() => requireApproved({ ...trace('b'), file: 'a.json' }, approvals)).toThrow(`a.json is not approved: no approval names the data hash ${'b'.repeat(64)}; approved are a.json`);
});

it('has one canonical text for equal values, whose parse is the value', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const whole = { value } as object;
    const text = canonicalJson(whole);
    expect(canonicalJson(JSON.parse(text) as object)).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(whole)));
  }), { seed: 20260101 });
  expect(canonicalJson({ '\u00e9': 1, a: -0, '\u20ac': 1e-7, '\u{1f600}': 333333333.33333329, '\ufb33': [0.1e1] })).toBe('{"a":0,"\u00e9":1,"\u20ac":1e-7,"\u{1f600}":333333333.3333333,"\ufb33":[1]}');
  expect(() => canonicalJson({ a: [NaN] })).toThrow('a canonical text cannot hold NaN');
  expect(() => canonicalJson({ '\ud800': 1 })).toThrow('half a surrogate pair');
});

it('approves a ledger by what it is known by, and none that does not verify', () => {
  const ledger = readVerified(bytesSource(readFileSync('datasets/npm/npm-approved.ledger.json')));
  const source = ledgerSource(ledger, 'npm-approved.ledger.json');
  expect([source.kind, source.entryCount, source.dataHash]).toEqual(['ledger', 729, ledger.report.computedDataHash]);
  const approval = approveTraces({ traces: [source], approvedBy: 'Ada', at: '2026-01-31T12:00:00Z', reason: 'reviewed' });
  expect(requireApproved({ dataHash: ledger.report.computedDataHash, file: null }, [approval])).toBe(approval);
  expect(() => ledgerSource({ ...ledger, report: { ...ledger.report, consistent: false } })).toThrow('does not verify');
});
