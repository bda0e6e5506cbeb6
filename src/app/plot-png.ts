import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { drawSvg, type DrawOptions } from '../plot/draw-svg.js';
import type { Figure } from '../plot/figure.js';
import { GROUNDS } from '../plot/palette.js';
import { charactersOf } from './font-characters.js';
import { escapeLacking } from './png-text.js';

/** How to draw pixels. */
export interface PngOptions extends DrawOptions {
  /** Pixels to a pixel of the SVG. Default 2. */
  readonly scale?: number;
}

const { resolve } = createRequire(import.meta.url);
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}`)));

const has = charactersOf(FONTS);

await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));

/**
 * Draws a figure as a PNG.
 *
 * @param figure - from one of the figure functions
 * @param options - `auto` is `light` here: a PNG cannot ask whose page it is on
 * @remarks Renderer and font come with their packages, so the bytes do not depend on the machine. The font (DejaVu Sans)
 * has Latin, Greek, Cyrillic, Arabic, Hebrew and others; characters it lacks, such as Chinese and Japanese ones, are written as
 * `\u{...}`, and the picture is as much wider. An SVG has them as they are.
 */
export function drawPng(figure: Figure, options: PngOptions = {}): Uint8Array {
  const theme = options.theme === 'dark' ? 'dark' : 'light';
  const svg = escapeLacking(drawSvg(figure, { ...options, theme }), (codePoint) => !has(codePoint));
  const image = new Resvg(svg, {
    background: GROUNDS[theme].background,
    fitTo: { mode: 'zoom', value: options.scale ?? 2 },
    font: { fontBuffers: FONTS, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  const rendered = image.render();
  const bytes = rendered.asPng();
  rendered.free();
  image.free();
  return bytes;
}
