import { expect, test } from 'vitest';
import { drawPng } from '../../src/app/plot-png.js';
import { detectorFigure, distributionFigure, distributionRow, drawSvg, GROUNDS, PALETTE, shortLabel, stationaryFigure, transitionFigure } from '../../src/plot/index.js';
import { FULLEST_CELL } from '../../src/plot/palette.js';
import { drawn } from './svg.js';

const trace = (title: string) => detectorFigure({ title, statistics: [{ name: 'up', values: [0, 1, 2, 5.5, 0], threshold: 5 }], alarms: [{ index: 3, changeIndex: 1 }], unit: 'sd' });

const HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onload='x", '&lt;b&gt; & &amp;', ']]>', '\u202egnp.exe\u202c', 'a\nb\r\tc\u0000d\u0007', '\ud800 lone', 'x'.repeat(10_000), '', ' ', '\ufeff', 'url(#a)', '</title></svg>', '\u05d0\u05d1\u05d2 \u0639\u0631\u0628', '\u{1f600}'.repeat(60)];

test.each(HOSTILE)('a hostile name %# is escaped, cut and drawn as text', (name) => {
  const rows = ['other', name].map((one) => distributionRow(one, [1, 2, 3, 4, 5, 6, 7]));
  for (const figure of [trace(name), distributionFigure({ title: name, measure: name.slice(0, 50) || 'x', unit: 'ms', level: 0.95, rows })]) {
    // An empty title has nothing to be escaped.
    const svg = drawn({ ...figure, title: figure.title === '' ? 'untitled' : figure.title });
    expect(svg).not.toContain('\u202e');
    expect(svg).not.toContain('x'.repeat(120));
  }
});

test('a long name is cut with an ellipsis, and what hides or turns text shows as a mark', () => {
  expect(shortLabel('abcdefghij', 5)).toBe('abcd\u2026');
  expect(shortLabel('\u{1f600}\u{1f600}\u{1f600}', 3)).toBe('\u{1f600}\u{1f600}\u{1f600}');
  expect(shortLabel('a\u202eb\nc')).toBe('a\ufffdb\ufffdc');
  expect(shortLabel('\ud800')).toBe('\ufffd');
});

test('names that look alike once they are cut keep a row each', () => {
  const rows = ['a', 'b'].map((end) => distributionRow('c'.repeat(200) + end, [1, 2, 3]));
  expect(drawn(distributionFigure({ title: 'x', measure: 'y', unit: '', level: 0.95, rows })).match(/n = 3</g)).toHaveLength(2);
});

test('the same figure gives the same bytes, and another has other identifiers', () => {
  const [first, again, other] = [trace('one'), trace('one'), trace('two')].map((figure) => drawSvg(figure));
  expect(again).toBe(first);
  const idOf = (svg: string | undefined): string | undefined => /id="(hc[0-9a-f]+)"/.exec(svg ?? '')?.[1];
  expect(idOf(other)).not.toBe(idOf(first));
});

test('identifiers within a picture are unique, and references point at them', () => {
  const svg = drawSvg(trace('one'));
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
});

test('the theme sets the text, and auto takes that of the page it is in', () => {
  const figure = trace('one');
  expect(drawSvg(figure, { theme: 'dark' })).toContain(`color:${GROUNDS.dark.text}`);
  expect(drawSvg(figure, { theme: 'dark' })).toContain(`fill="${GROUNDS.dark.background}"`);
  expect(drawSvg(figure, { theme: 'light' })).toContain(`color:${GROUNDS.light.text}`);
  const auto = drawSvg(figure);
  expect(auto).toContain(':root{color:');
  expect(auto).toContain('@media (prefers-color-scheme:dark)');
  expect(auto).not.toMatch(/<svg[^>]*color:/);
});

test('a width is kept, and one that is none is refused', () => {
  expect(drawSvg(trace('one'), { width: 400 })).toContain(' width="400" ');
  for (const width of [NaN, 0, 199, 4001, Infinity]) expect(() => drawSvg(trace('one'), { width })).toThrow('width must be in [200, 4000] pixels');
});

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colours by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** A colour over a ground. */
function over(colour: string, ground: string, opacity: number): string {
  const mixed = [1, 3, 5].map((at) => Math.round(opacity * parseInt(colour.slice(at, at + 2), 16) + (1 - opacity) * parseInt(ground.slice(at, at + 2), 16)));
  return `#${mixed.map((share) => share.toString(16).padStart(2, '0')).join('')}`;
}

test.each(['light', 'dark'] as const)('marks keep a contrast of 3 to 1 and text of 4.5 to 1 on the %s ground', (name) => {
  const { background, text } = GROUNDS[name];
  expect(contrast(text, background)).toBeGreaterThan(4.5);
  for (const colour of Object.values(PALETTE)) expect(contrast(colour, background), colour).toBeGreaterThanOrEqual(3);
  for (const opacity of [0.1, 0.3, FULLEST_CELL]) expect(contrast(text, over(PALETTE.blue, background, opacity))).toBeGreaterThanOrEqual(4.5);
});

test('cells of a heat map show probability, interval and count', () => {
  const evidence = { states: ['safe_fast', 'suspicious', 'unsafe'], counts: [[10, 2, 0], [0, 0, 0], [1, 0, 3]], prior: 1, level: 0.95, rows: [['safe_fast', 12], ['suspicious', 0], ['unsafe', 4]].map(([from, visits]) => ({ from, visits, mean: [0.7, 0.2, 0.1], lower: [0.5, 0.1, 0.00001], upper: [0.9, 0.3, 0.99999] })), stationary: [0.5, 0.3, 0.2] } as unknown as Parameters<typeof transitionFigure>[0];
  const svg = drawn(transitionFigure(evidence, { actor: 'npm' }));
  for (const text of ['0.700', '0.500\u20130.900', '&lt;0.001\u2013&gt;0.999', '10 of 12', 'state never left']) expect(svg).toContain(text);
  expect(transitionFigure(evidence).alternative).toContain('From safe_fast, left 12 times: safe_fast 0.7 (0.5 to 0.9)');
  expect(stationaryFigure(evidence).alternative).toContain('safe_fast 50 %, suspicious 30 %, unsafe 20 %; from 16 transitions');
  drawn(stationaryFigure({ ...evidence, stationary: [] }));
  const unseen = { ...evidence, counts: [[0, 0, 0], [0, 0, 0], [0, 0, 0]], rows: evidence.rows.map((row) => ({ ...row, visits: 0 })) };
  for (const make of [transitionFigure, stationaryFigure]) expect(make(unseen).alternative).toBe('Nothing to draw: no transition was seen.');
});

test('a PNG has its size, its text and the same bytes each time', () => {
  const [one, again, other] = [drawPng(trace('one')), drawPng(trace('one')), drawPng(trace('another title'))];
  expect([...one.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(Buffer.from(one.buffer, one.byteOffset).readUInt32BE(16)).toBe(1440);
  expect(Buffer.compare(one, again)).toBe(0);
  expect(Buffer.compare(one, other)).not.toBe(0);
  expect(Buffer.compare(one, drawPng(trace('one'), { theme: 'dark' }))).not.toBe(0);
});
