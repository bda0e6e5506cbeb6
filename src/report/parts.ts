import { drawSvg } from '../plot/draw-svg.js';
import type { Figure } from '../plot/figure.js';
import { html, markup, outside, type Html, type HtmlPart } from './html.js';
import type { Tone } from './verdict.js';
import { grouped, sentence } from './words.js';

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly number?: boolean;
}

/** A row of a table; `found` marks it. */
export interface TableRow {
  readonly cells: readonly HtmlPart[];
  readonly found?: boolean;
}

/** A table whose first column names its rows. Where it is too wide it scrolls by itself, by keyboard too. */
export function table(label: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Html {
  const head = columns.map(({ title, number }) => html`<th scope="col"${number === true ? markup(' class="number"') : null}>${title}</th>`);
  const body = rows.map(({ cells, found }) => html`<tr${found === true ? markup(' class="found"') : null}>${cells.map((cell, i) => {
    const number = columns[i]?.number === true ? markup(' class="number"') : null;
    return i === 0 ? html`<th scope="row"${number}>${cell}</th>` : html`<td${number}>${cell}</td>`;
  })}</tr>\n`);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>\n`;
}

/** A call of the timeline by its number; with the page's script it leads there. */
export function rowLink(row: number | null, text?: string): HtmlPart {
  if (row === null) return text ?? '';
  return html`<a href="#timeline" data-row="${row}">${text ?? `call ${grouped(row)}`}</a>`;
}

/** Sentences as a list; nothing where there are none. */
export function bullets(sentences: readonly HtmlPart[]): HtmlPart {
  return sentences.length === 0 ? null : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

/** Says what stands in the place of an answer. */
export function notThere(why: string): Html {
  return html`<p class="quiet">${outside(sentence(why), 500)}</p>`;
}

/** A picture with its words; nothing where there is none. */
export function picture(figure: Figure | null): HtmlPart {
  if (figure === null) return null;
  // The picture is one image with one description: names of marks within it are of no use.
  const drawn = drawSvg(figure, { theme: 'auto' }).replace(/(<g\b[^>]*?) aria-(?:label|description)="[^"]*"/g, '$1');
  return html`<figure>${markup(drawn)}<figcaption><details><summary>In words</summary>${figure.alternative}</details></figcaption></figure>\n`;
}

const SIGNS: Readonly<Record<Tone, string>> = {
  good: '<circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M6 10.4l2.8 2.8L14 7.4" fill="none" stroke="currentColor" stroke-width="1.8"/>',
  bad: '<path d="M10 1.6 19 17.8H1z" fill="currentColor"/><path d="M10 7v5.2M10 14.2v1.8" stroke="var(--ground)" stroke-width="1.8"/>',
  note: '<circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M10 8.8v5.6M10 5.2v1.9" stroke="currentColor" stroke-width="1.8"/>',
  open: '<circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="3.2 2.4"/><path d="M6.5 10h7" stroke="currentColor" stroke-width="1.8"/>',
};

/** A sign that differs by its form as well as by its colour. */
export function sign(tone: Tone): Html {
  return markup(`<svg viewBox="0 0 20 20" aria-hidden="true">${SIGNS[tone]}</svg>`);
}
