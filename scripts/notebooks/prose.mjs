// Numbers in a notebook's prose, which must be among those that its cells print.
import { shownText } from './cells.mjs';

const NUMBER = /\d[\d,]*(?:\.\d+)?/g;

/** Prose without what is no claim: formulas, code, addresses, citations, list markers and all below "References". */
function claims(markdown) {
  return markdown
    .replace(/^\*\*References\*\*[\s\S]*$/m, '')
    .replace(/\$\$[\s\S]*?\$\$|\$[^$]*\$|```[\s\S]*?```|`[^`]*`/g, ' ')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/\[\d+(?:, \d+)*\]/g, ' ')
    .replace(/^\s*\d+\. /gm, ' ');
}

/** @returns numbers of the prose that no cell printed, each with its cell */
export function unprinted(cells) {
  const printed = new Set(shownText(cells).match(NUMBER));
  return cells.filter(({ kind }) => kind === 'markdown').flatMap(({ id, source }) => (claims(source).match(NUMBER) ?? []).map((text) => text.replace(/,$/, '')).filter((text) => !printed.has(text)).map((text) => `${text} in cell ${id}`));
}
