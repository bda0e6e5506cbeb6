import { expect } from 'vitest';
import { drawSvg, type Figure } from '../../src/plot/index.js';

/** Tags of an SVG that are opened and not closed as they should be, attributes without quotes, loose ampersands. */
export function faultsOf(svg: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const rest = svg.replace(/<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, close: string, name: string, attributes: string, self: string) => {
    if (close === '/' && open.pop() !== name) faults.push(`</${name}>`);
    else if (close === '' && self === '') open.push(name);
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(attributes)) faults.push(`& in ${name}`);
    return '';
  });
  if (/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.test(rest)) faults.push('loose < > or &');
  return [...faults, ...open];
}

/** Draws a figure and checks what holds of every picture. */
export function drawn(figure: Figure): string {
  const svg = drawSvg(figure);
  expect(faultsOf(svg)).toEqual([]);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" id="hc[0-9a-f]{16}" role="img" aria-label="[^"]+" aria-describedby="hc[0-9a-f]{16}-words"/);
  expect(svg).toMatch(/<title>[^<]+<\/title><desc id="hc[0-9a-f]{16}-words">[^<]+<\/desc>/);
  expect(svg.replace(/<desc.*?<\/desc>/s, '')).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(svg).not.toMatch(/(?:href|src)="[^#]|url\([^#]|@import|<script|on[a-z]+="/i);
  expect(figure.alternative.length).toBeGreaterThan(20);
  return svg;
}
