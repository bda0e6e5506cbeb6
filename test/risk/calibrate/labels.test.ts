import { describe, expect, it } from 'vitest';
import { labelCalls, parseLabels, type InputError, type LedgerColumns, type VerifiedLedger } from '../../../src/index.js';

/** A ledger of which only ids and scores matter. */
function ledger(ids: readonly string[] | null, scores: readonly number[]): VerifiedLedger {
  return { columns: { callIds: ids, riskScore: Float64Array.from(scores) } as LedgerColumns } as VerifiedLedger;
}

describe('parseLabels', () => {
  it.each([
    ['the plain form', 'call_id,label\na,safe\nb,unsafe\n'],
    ['no line end at the end', 'call_id,label\na,safe\nb,unsafe'],
    ['CRLF line ends', 'call_id,label\r\na,safe\r\nb,unsafe\r\n'],
    ['quoted cells', '"call_id","label"\n"a","safe"\n"b",unsafe\n'],
    ['other columns and another order', 'label,note,call_id\nsafe,"x, y",a\nunsafe,"two\nlines",b\n'],
    ['empty lines and repeats that agree', 'call_id,label\n\na,safe\nb,unsafe\na,safe\n\n'],
    ['a byte order mark', '\ufeffcall_id,label\na,safe\nb,unsafe\n'],
  ])('reads %s', (_, text) => {
    expect([...parseLabels(text)]).toEqual([['a', 'safe'], ['b', 'unsafe']]);
  });

  it('keeps commas, quotes and line ends inside a quoted id', () => {
    expect([...parseLabels('call_id,label\n"a,""b""\nc",safe\n').keys()]).toEqual(['a,"b"\nc']);
  });

  it.each([
    ['', 'line 1', 'call_id'],
    ['call_id\na\n', 'line 1', 'label'],
    ['call_id,label,label\n', 'line 1', 'twice'],
    ['call_id,label\na,Safe\n', 'line 2', '"Safe"'],
    ['call_id,label\na,\n', 'line 2', 'safe or unsafe'],
    ['call_id,label\n"x\ny",safe\nb,safe,1\n', 'line 4', 'cells'],
    ['call_id,label\n,safe\n', 'line 2', 'empty'],
    ['call_id,label\na,safe\na,unsafe\n', 'line 3', 'both'],
    ['call_id,label\n"a,safe\n', 'line 2', 'not closed'],
    ['call_id,label\na"b,safe\n', 'line 2', 'quote'],
    ['call_id,label\n"a"b,safe\n', 'line 2', 'followed'],
    ['call_id,label\ra,safe\r', 'line 1', 'carriage return'],
  ])('refuses %j at its line', (text, line, about) => {
    const error = (() => { try { parseLabels(text); return null; } catch (e) { return e as InputError; } })();
    expect(error?.code).toBe('BAD_LABELS');
    expect(error?.message).toContain(line);
    expect(error?.message).toContain(about);
  });
});

describe('labelCalls', () => {
  it('joins by call_id over several ledgers and counts what does not fit', () => {
    const joined = labelCalls([ledger(['a', 'b', 'x'], [0.1, NaN, 0.3]), ledger(['c', 'x', 'd'], [0.4, 0.5, 0.6])], parseLabels('call_id,label\na,safe\nb,unsafe\nc,safe\nx,unsafe\nz,safe\n'));
    expect([...joined.scores]).toEqual([0.1, NaN, 0.4]);
    expect([...joined.unsafe]).toEqual([0, 1, 0]);
    expect(joined).toMatchObject({ callCount: 6, unlabelledCount: 1, unmatchedCount: 1, ambiguousCount: 2, examples: { unlabelled: ['d'], unmatched: ['z'], ambiguous: ['x'] } });
  });

  it('refuses a ledger that was read without its call ids', () => {
    expect(() => labelCalls([ledger(null, [])], new Map())).toThrow('call ids');
  });
});
