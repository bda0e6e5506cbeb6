/** Longest text with escapes, in characters: beyond, it ends in an ellipsis. */
const MOST = 48;

/** Widths of a character of an escape in ems, and sizes of text in pixels: of the heading at most, of the rest at most. */
const [EM, HEADING, SMALL] = [0.68, 15, 12];

/** Whether the font lacks a character. */
type Lacks = (codePoint: number) => boolean;

function escaped(text: string, lacks: Lacks): string {
  const isLacking = (character: string): boolean => lacks(character.codePointAt(0) ?? 0);
  if (!Array.from(text).some(isLacking)) return text;
  // An entity stands for one character, and is not to be cut in two.
  const parts = (text.match(/&[^;]+;|./gsu) ?? []).map((part) => (isLacking(part) ? `\\u{${(part.codePointAt(0) ?? 0).toString(16)}}` : part));
  const most = Math.max(MOST, parts.length);
  let length = 0;
  const fit = parts.findIndex((part) => (length += part.startsWith('&') ? 1 : part.length) > most);
  return fit < 0 ? parts.join('') : `${parts.slice(0, fit).join('')}\u2026`;
}

/**
 * Writes characters that a font lacks as `\u{...}` in the texts of an SVG, where a renderer would draw the same empty box for each,
 * and makes the picture as much wider as its texts get longer.
 *
 * @param svg - from `drawSvg`
 */
export function escapeLacking(svg: string, lacks: Lacks): string {
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
  let [left, right] = [0, 0];
  const text = svg.replace(/<(text|tspan)([^>]*)>([^<]+)/g, (whole, tag: string, attributes: string, content: string) => {
    const shown = escaped(content, lacks);
    if (shown === content) return whole;
    const length = Array.from(shown).length;
    // A text of the heading begins at the left edge; one beside the marks may end where it stands.
    if (attributes.includes(' x="12"')) right = Math.max(right, Math.ceil(24 + EM * HEADING * length) - width);
    else left = Math.max(left, Math.ceil(EM * SMALL * (length - Array.from(content).length)));
    return `<${tag}${attributes}>${shown}`;
  });
  // Nobody knows whether a text beside the marks begins or ends at its place: there is room on both sides.
  const wide = width + left + Math.max(left, right);
  return text.replace(/ width="[\d.]+" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"/, (_, height: string) => ` width="${String(wide)}" height="${height}" viewBox="${String(-left)} 0 ${String(wide)} ${height}"`);
}
