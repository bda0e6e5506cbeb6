import type { LegendItem } from './figure.js';
import { shortLabel, widthInEms } from './label.js';
import { escapeXml } from './svg-text.js';

/** Where a legend stands: the picture's width, the legend's top and the text's size, in pixels. */
export interface LegendPlace {
  readonly width: number;
  readonly top: number;
  readonly size: number;
}

/** Width of a sample of a mark, and the space after it. */
const [SAMPLE, GAP] = [24, 6];

/** A legend in rows, and the height at which it ends. */
export function legendText(items: readonly LegendItem[], { width, top, size }: LegendPlace): { readonly text: string; readonly bottom: number } {
  let [x, y] = [12, top];
  const parts: string[] = [];
  for (const item of items) {
    const label = shortLabel(item.label, Math.max(8, Math.floor((width - 80) / (0.6 * size))));
    const wide = SAMPLE + GAP + widthInEms(label) * size + 16;
    if (x > 12 && x + wide > width) [x, y] = [12, y + size + 6];
    parts.push(`<g transform="translate(${String(x)},${String(y)})">${sample(item, size)}<text x="${String(SAMPLE + GAP)}" y="${String(size - 1)}" font-size="${String(size)}">${escapeXml(label)}</text></g>`);
    x += Math.ceil(wide);
  }
  return { text: parts.join(''), bottom: items.length === 0 ? top - 4 : y + size };
}

function sample({ shape, color }: LegendItem, size: number): string {
  const middle = size / 2;
  const centre = SAMPLE / 2;
  const line = (dash: string): string => `<path d="M0,${String(middle)}H${String(SAMPLE)}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`;
  switch (shape) {
    case 'line':
      return line('');
    case 'dashed':
      return line(' stroke-dasharray="7,4"');
    case 'dotted':
      return line(' stroke-dasharray="2,3"');
    case 'band':
      return `<rect x="0.5" y="1" width="${String(SAMPLE - 1)}" height="${String(size - 2)}" fill="${color}" fill-opacity="0.2" stroke="${color}"/>`;
    case 'bar':
      return `<rect x="4" y="1" width="${String(SAMPLE - 8)}" height="${String(size - 2)}" fill="${color}"/>`;
    case 'dot':
      return `<circle cx="${String(centre)}" cy="${String(middle)}" r="4" fill="${color}"/>`;
    case 'ring':
      return `<circle cx="${String(centre)}" cy="${String(middle)}" r="4" fill="none" stroke="${color}" stroke-width="1.8"/>`;
    case 'diamond':
      return `<path d="M${String(centre)},${String(middle - 6)}l4.5,6l-4.5,6l-4.5,-6z" fill="${color}"/>`;
    case 'square':
      return `<rect x="${String(centre - 4)}" y="${String(middle - 4)}" width="8" height="8" fill="none" stroke="${color}" stroke-width="1.8"/>`;
    case 'tick':
      return `<path d="M4,${String(middle)}H${String(SAMPLE - 4)}M${String(centre)},${String(middle - 5)}v10" fill="none" stroke="${color}" stroke-width="2"/>`;
    case 'triangle':
      return `<path d="M${String(centre - 5)},${String(middle + 4)}h10l-5,-9z" fill="${color}"/>`;
    case 'cross':
      return `<path d="M${String(centre - 4)},${String(middle - 4)}l8,8m0,-8l-8,8" fill="none" stroke="${color}" stroke-width="2"/>`;
  }
}
