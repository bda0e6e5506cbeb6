import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { InputError } from '../errors.js';
import type { Figure } from './figure.js';
import { visible, wrapped } from './label.js';
import { legendText } from './legend.js';
import { GROUNDS } from './palette.js';
import { attributesText, escapeXml, svgText, type SvgNode } from './svg-text.js';

/** Whose page a figure is drawn for: white, dark, or whichever it lands on. */
export type Theme = 'light' | 'dark' | 'auto';

/** How to draw. */
export interface DrawOptions {
  /** `auto` where left out: the page's own text colour inline, and the reader's colour scheme where the file stands alone. */
  readonly theme?: Theme;
  /** Width in pixels, in [200, 4000]; 720 where left out. */
  readonly width?: number;
}

/** Text sizes in pixels. */
const [TITLE, SMALL, TICK] = [15, 12, 11];

/** A face of its own first, so that a picture looks alike where it is installed. */
const FACE = "'DejaVu Sans', Verdana, system-ui, sans-serif";

/**
 * Draws a figure as one self-contained SVG, without a browser.
 *
 * @param figure - from one of the figure functions
 * @param options - see {@link DrawOptions}
 * @returns an `svg` element with a title, a description and `role="img"`; nothing in it is loaded from elsewhere
 * @throws InputError BAD_PARAM
 * @remarks The same figure gives the same bytes. Identifiers inside begin with a hash of the picture, so a page can hold
 * many.
 */
export function drawSvg(figure: Figure, options: DrawOptions = {}): string {
  const { theme = 'auto', width = 720 } = options;
  if (!(width >= 200 && width <= 4000)) throw new InputError('BAD_PARAM', `width must be in [200, 4000] pixels, got ${String(width)}`);
  const drawn = drawnNode(figure.spec, width);
  const heading = headingOf(figure, width);
  const height = heading.height + numberOf(drawn, 'height', 400);
  const body = `${heading.text}<g${attributesText(drawn, SVG_ONLY)} font-family="${escapeXml(FACE)}" font-size="${String(TICK)}" transform="translate(0,${String(heading.height)})">${BODY}</g>`;
  const [before = '', after = ''] = body.split(BODY);
  const id = `hc${fingerprint(before + svgText(drawn.childNodes, 'id') + after + String(width) + theme)}`;
  const title = escapeXml(visible(figure.title));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" role="img" aria-label="${title}" aria-describedby="${id}-words"`,
    ` width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}"`,
    ` style="max-width:100%;height:auto${theme === 'auto' ? '' : `;color:${GROUNDS[theme].text}`}">`,
    `<title>${title}</title><desc id="${id}-words">${escapeXml(figure.alternative)}</desc>`,
    theme === 'auto' ? autoStyle(id) : `<rect width="100%" height="100%" fill="${GROUNDS[theme].background}"/>`,
    before,
    svgText(drawn.childNodes, id),
    after,
    '</svg>',
  ].join('');
}

/** Stands for the marks while what surrounds them is put together. */
const BODY = '\u0000';

/** Attributes that belong to the outermost element alone. */
const SVG_ONLY: ReadonlySet<string> = new Set(['class', 'xmlns', 'xmlns:xlink', 'width', 'height', 'viewBox', 'viewbox', 'font-family', 'font-size']);

function drawnNode(spec: PlotOptions, width: number): SvgNode {
  // Types of a browser's document are not among ours.
  const page = parseHTML('<!doctype html><html><body></body></html>') as unknown as { readonly document: object };
  const drawn = plot(Object.assign({}, spec, { width, document: page.document })) as unknown as SvgNode;
  return findSvg(drawn) ?? drawn;
}

/** The marks themselves; what else there is (swatches) stands before them. */
function findSvg(node: SvgNode): SvgNode | undefined {
  if (node.nodeName.toLowerCase() === 'svg') return node;
  return [...node.childNodes].map(findSvg).findLast((found) => found !== undefined);
}

/** Title, subtitle and legend above the marks. */
function headingOf(figure: Figure, width: number): { readonly text: string; readonly height: number } {
  let y = 6;
  const lines = (text: string, size: number, extra: string): string =>
    wrapped(text, (width - 24) / size)
      .map((line) => {
        y += size + 4;
        return `<text x="12" y="${String(y)}" font-size="${String(size)}"${extra}>${escapeXml(line)}</text>`;
      })
      .join('');
  const title = lines(figure.title, TITLE, ' font-weight="bold"');
  const subtitle = figure.subtitle === undefined ? '' : lines(figure.subtitle, SMALL, '');
  const legend = legendText(figure.legend ?? [], { width, top: y + 6, size: SMALL });
  const text = `<g font-family="${escapeXml(FACE)}" fill="currentColor">${title}${subtitle}${legend.text}</g>`;
  return { text, height: legend.bottom + 6 };
}

/** On a page of its own the ground follows the reader's scheme; inside another page the text takes that page's colour. */
function autoStyle(id: string): string {
  const rule = ({ background, text }: { background: string; text: string }): string => `#${id}:root{color:${text};background:${background}}`;
  return `<style>${rule(GROUNDS.light)}@media (prefers-color-scheme:dark){${rule(GROUNDS.dark)}}</style>`;
}

function numberOf(node: SvgNode, name: string, otherwise: number): number {
  for (const attribute of node.attributes ?? []) if (attribute.name === name) return Number(attribute.value);
  return otherwise;
}

/** FNV-1a over the text's code units, twice with different starts: a name, not a proof. */
function fingerprint(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
