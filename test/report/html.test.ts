import { describe, expect, test } from 'vitest';
import { cut, embeddedJson, escapeHtml, html, htmlText, markup, outside } from '../../src/report/html.js';
import { HOSTILE } from './data.js';

describe('markup from templates', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text]))('%j in an element or an attribute is text', (_, text) => {
    const made = htmlText(html`<p title="${text}">${text}</p>`);
    const [, attribute = '', inner = ''] = /^<p title="([^"]*)">([^<>]*)<\/p>$/.exec(made) ?? ['', '!', '!'];
    expect(attribute).toBe(inner);
    expect(inner).not.toMatch(/[<>"'`]/);
    expect(inner).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
    expect(inner.isWellFormed()).toBe(true);
  });

  test('what is markup already stands as it is, lists are joined, null is nothing', () => {
    expect(htmlText(html`<b>${markup('<i>')}${['<', 1, null, [html`<u>${'&'}</u>`]]}</b>`)).toBe('<b><i>&lt;1<u>&amp;</u></b>');
  });

  test('texts from files keep their direction to themselves and are cut whole characters at a time', () => {
    expect(htmlText(outside('\u05d0'))).toBe('<bdi>\u05d0</bdi>');
    expect(cut('\u{1f600}'.repeat(9), 5)).toBe(`${'\u{1f600}'.repeat(4)}\u2026`);
    expect(cut('\u{1f600}'.repeat(5), 5)).toBe('\u{1f600}'.repeat(5));
    expect(cut('abc', 3)).toBe('abc');
    expect(escapeHtml('\u202e<')).toBe('\\u202e&lt;');
  });

  test('JSON for the page cannot end its element, open a comment or break a line, and means the same', () => {
    const text = htmlText(embeddedJson(HOSTILE));
    expect(text).not.toMatch(/[<>&\u2028\u2029\n]/);
    expect(JSON.parse(text)).toEqual(HOSTILE);
  });
});
