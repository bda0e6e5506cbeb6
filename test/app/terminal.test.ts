import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { escapeForTerminal, escapeJsonForTerminal, truncate, wantsColour, widthOf, wrap } from '../../src/app/terminal.js';

const naughty = (JSON.parse(readFileSync('test/vectors/naughty-strings.json', 'utf8')) as { tests: { s: string }[] }).tests.map(({ s }) => s);

/** Told apart here by code point, not by the properties that the function goes by. */
const DANGEROUS: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c], [0x180e, 0x180e], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f],
  [0xd800, 0xdfff], [0xfeff, 0xfeff], [0xfff9, 0xfffb], [0xe0000, 0xe007f],
];

const isDangerous = (text: string): boolean =>
  Array.from(text, (c) => c.codePointAt(0) ?? 0).some((code) => DANGEROUS.some(([from, to]) => code >= from && code <= to));

describe('escapeForTerminal', () => {
  it('leaves nothing dangerous in any of the naughty strings, and leaves the harmless ones alone', () => {
    for (const text of naughty) {
      expect(isDangerous(escapeForTerminal(text))).toBe(false);
      if (/^[\x20-\x7e]*$/.test(text)) expect(escapeForTerminal(text)).toBe(text);
    }
    expect(naughty.filter(isDangerous).length).toBeGreaterThan(10);
  });

  it('escapes every dangerous code point there is', () => {
    for (const [from, to] of DANGEROUS) {
      for (let code = from; code <= to; code += 1) expect(isDangerous(escapeForTerminal(`a${String.fromCodePoint(code)}b`))).toBe(false);
    }
  });

  it.each([
    ['a\rOK   chain intact', 'a\\u000dOK   chain intact'],
    ['\u001b[2Jx', '\\u001b[2Jx'],
    ['\u009b31m', '\\u009b31m'],
    ['x\b\by', 'x\\u0008\\u0008y'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['pay\u200bpal', 'pay\\u200bpal'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['two\nlines', 'two\\u000alines'],
  ])('writes %j as %s', (text, escaped) => {
    expect(escapeForTerminal(text)).toBe(escaped);
  });

  it('does what stripping of escape sequences leaves undone', () => {
    expect(stripVTControlCharacters('a\rOK')).toBe('a\rOK');
    expect(escapeForTerminal('a\rOK')).not.toContain('\r');
  });

  it('leaves letters of all scripts and emoji as they are', () => {
    expect(escapeForTerminal('Grüße, 世界, мир, 🙂')).toBe('Grüße, 世界, мир, 🙂');
  });
});

describe('escapeJsonForTerminal', () => {
  it('changes no value of a JSON text', () => {
    for (const text of [...naughty, '\u{e0041}\u202e\u009b']) {
      const json = JSON.stringify({ [text]: [text] }, null, 2);
      const shown = escapeJsonForTerminal(json);
      expect(isDangerous(shown.replaceAll('\n', ''))).toBe(false);
      expect(JSON.parse(shown)).toEqual(JSON.parse(json));
    }
  });
});

describe('layout of text', () => {
  it('counts columns, not characters', () => {
    expect([widthOf('abc'), widthOf('世界'), widthOf('e\u0301'), widthOf('🙂')]).toEqual([3, 4, 1, 2]);
  });

  it('never goes beyond the columns it is given', () => {
    for (const text of naughty.map(escapeForTerminal)) {
      expect(widthOf(truncate(text, 20))).toBeLessThanOrEqual(20);
      for (const line of wrap(text, 20)) expect(widthOf(line)).toBeLessThanOrEqual(20);
    }
  });
});

describe('wantsColour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s with %j: %s', (isTTY, env, expected) => {
    expect(wantsColour(isTTY, env)).toBe(expected);
  });
});
