import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { charactersOf } from '../../src/app/font-characters.js';
import { drawPng } from '../../src/app/plot-png.js';
import { escapeLacking } from '../../src/app/png-text.js';
import { distributionFigure, distributionRow, drawSvg } from '../../src/plot/index.js';
import { faultsOf } from '../plot/svg.js';

const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => readFileSync(`node_modules/dejavu-fonts-ttf/ttf/${name}`));
const has = charactersOf(fonts);
const lacks = (codePoint: number): boolean => !has(codePoint);
const figure = (name: string) => distributionFigure({ title: `Latency of ${name}`, measure: 'latency', unit: 'ms', level: 0.95, rows: [distributionRow(name, [1, 2, 3])] });

test('the font has the scripts it is said to have, and no Chinese, Japanese or Korean', () => {
  for (const character of 'Az09 \u00b5\u00b1\u2264\u2026\ufffd\u03b1\u0416\u0627\u05d0\u{1d54f}') expect([character, has(character.codePointAt(0) ?? 0)]).toEqual([character, character !== '\u{1d54f}' || has(0x1d54f)]);
  for (const character of '\u8aad\u307f\uac00\u{20000}') expect([character, lacks(character.codePointAt(0) ?? 0)]).toEqual([character, true]);
  expect([has(0), has(0x10ffff)]).toEqual([false, false]);
});

test('characters that the font lacks are escapes, and the picture is wider for them', () => {
  const svg = escapeLacking(drawSvg(figure('\u8aad<\u307f')), lacks);
  expect(faultsOf(svg)).toEqual([]);
  expect(svg.match(/\\u\{8aad\}&lt;\\u\{307f\}/g)).toHaveLength(2);
  const [, from, width] = (/viewBox="(-\d+) 0 (\d+) /.exec(svg) ?? []).map(Number);
  expect(from).toBeLessThan(0);
  expect(width).toBeGreaterThan(720);
  expect(svg).toContain('<title>Latency of \u8aad&lt;\u307f</title>');
});

test('a long name of such characters is cut between two escapes, and an entity is never cut', () => {
  const svg = escapeLacking(drawSvg(figure('&\u8aad'.repeat(12))), lacks);
  expect(faultsOf(svg)).toEqual([]);
  expect(svg).toMatch(/(?:&amp;\\u\{8aad\})+(?:&amp;)?\u2026/);
});

test('a text that the font has is drawn as it is', () => {
  const svg = drawSvg(figure('\u0447\u0442\u0435\u043d\u0438\u0435 & \u03b1'));
  expect(escapeLacking(svg, lacks)).toBe(svg);
});

test('names in different scripts are different pictures', () => {
  const [one, other] = [drawPng(figure('\u8aad')), drawPng(figure('\u66f8'))];
  expect(Buffer.compare(one, other)).not.toBe(0);
  expect(Buffer.compare(one, drawPng(figure('\u8aad')))).toBe(0);
});
