import { text } from '@observablehq/plot';
import type { Figure } from './figure.js';

/** The figure that says there is nothing to draw, and why. */
export function nothingToDraw(title: string, reason: string): Figure {
  return {
    title,
    spec: { height: 80, axis: null, marks: [text([`Nothing to draw: ${reason}.`], { frameAnchor: 'middle', fontSize: 13 })] },
    alternative: `Nothing to draw: ${reason}.`,
  };
}
