import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlName, sqlText } from '../../../src/baseline/sql/text.js';

/** Reads a quoted text as ClickHouse's lexer does: it ends at the first quote without a backslash before it. */
function unquoted(quoted: string, quote: string): { text: string; rest: string } {
  expect(quoted[0]).toBe(quote);
  let text = '';
  let at = 1;
  while (at < quoted.length && quoted[at] !== quote) {
    if (quoted[at] !== '\\') text += quoted.charAt(at);
    else if (quoted[at + 1] === 'x') {
      text += String.fromCharCode(parseInt(quoted.slice(at + 2, at + 4), 16));
      at += 3;
    } else {
      at += 1;
      text += quoted.charAt(at);
    }
    at += 1;
  }
  return { text, rest: quoted.slice(at + 1) };
}

describe('texts and names in SQL', () => {
  it('are read back as they were, and nothing is left over behind them', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unquoted(sqlText(text), "'")).toEqual({ text, rest: '' });
    }), { seed: 20260101 });
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('`', '\\', "'", ';', 'a', 'x', '0') , minLength: 1 }), (name) => {
      expect(unquoted(sqlName(name, 'table'), '`')).toEqual({ text: name, rest: '' });
      expect(unquoted(sqlText(name), "'")).toEqual({ text: name, rest: '' });
    }), { seed: 20260101 });
  });

  it('are refused where they are no names or texts', () => {
    for (const name of ['', 'a\u0000b', 'line\nbreak', '\ud800', 'x'.repeat(201)]) expect(() => sqlName(name, 'table')).toThrow('the name of a table must have 1 to 200 characters');
    expect(() => sqlText('\udfff')).toThrow('well-formed Unicode');
  });
});
