import { escapeUnits, visibleText } from '../visible-text.js';

/** What {@link visibleText} escapes, but for the line feeds that lay a JSON text out. */
const UNSEEN_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const COMBINING = /^\p{Mark}$/u;
const WIDE = /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}])$/u;

/**
 * Makes text from outside safe to show on a terminal: what is left can neither move the cursor nor hide or reorder what it
 * stands beside.
 *
 * @param text - any string
 * @returns one line of visible characters; see {@link visibleText}
 */
export function escapeForTerminal(text: string): string {
  return visibleText(text);
}

/** As {@link escapeForTerminal} for a JSON text: line feeds between values stay, and the text means the same. */
export function escapeJsonForTerminal(json: string): string {
  return json.replace(UNSEEN_IN_JSON, escapeUnits);
}

/** Columns a text takes on a terminal; it must be free of controls, see {@link escapeForTerminal}. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts a text to `columns`, with an ellipsis where something was cut off. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks a text at spaces into lines of at most `columns`; a longer word is cut. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((l) => truncate(l, columns));
}

/** Whether to colour what goes to a sink: FORCE_COLOR, then NO_COLOR, then whether it is a terminal. */
export function wantsColour(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return isTTY;
}
