import { visibleText } from '../visible-text.js';

const MARKUP: unique symbol = Symbol('markup');

/** Text that is markup already: nothing but this module and {@link markup} makes it. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What a template takes: text and numbers are escaped, markup stands as it is, lists are joined, null is nothing. */
export type HtmlPart = string | number | Html | null | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Text for an element or a quoted attribute: nothing in it is markup, and nothing in it is invisible. */
export function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

/** Takes a text as markup. For what this program itself wrote: never for text from a file. */
export function markup(text: string): Html {
  return { [MARKUP]: text };
}

function textOf(part: HtmlPart): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return escapeHtml(String(part));
  if (MARKUP in part) return part[MARKUP];
  return part.map(textOf).join('');
}

/**
 * Markup from a template: whatever is put into it is escaped unless it is {@link Html} itself.
 *
 * @remarks Attributes must be quoted where something is put into them.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return markup(strings.map((text, i) => text + (i < parts.length ? textOf(parts[i] ?? null) : '')).join(''));
}

/** The text of markup. */
export function htmlText(part: Html): string {
  return part[MARKUP];
}

/**
 * A text from a file, kept to itself: its letters may run from right to left without turning its surroundings around.
 *
 * @param most - characters shown at most; the rest is cut off with an ellipsis
 */
export function outside(text: string, most = 200): Html {
  return html`<bdi>${cut(text, most)}</bdi>`;
}

/** A text cut to `most` characters, with an ellipsis where something was cut off. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most && text.length <= 2 * most + 2 ? text : `${characters.slice(0, most - 1).join('')}\u2026`;
}

/**
 * A JSON text that may stand in a `script` element of data: no end tag, no comment and nothing invisible can be in it, and it
 * means the same.
 *
 * @param value - finite JSON
 */
export function embeddedJson(value: unknown): Html {
  return markup(visibleText(JSON.stringify(value)).replace(/[<>&]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
