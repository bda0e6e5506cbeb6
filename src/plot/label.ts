// Control characters, line ends, and the marks that turn the direction of text around.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** A name cut to `most` characters with an ellipsis; what cannot be seen in it is shown as U+FFFD. */
export function shortLabel(name: string, most = 28): string {
  const seen = Array.from(visible(name));
  return seen.length <= most ? seen.join('') : `${seen.slice(0, most - 1).join('')}\u2026`;
}

/** A text on one line, with nothing in it that hides or reorders what stands beside it. */
export function visible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '\ufffd');
}

/** About how wide a text is, in ems of a wide sans serif face. */
export function widthInEms(text: string): number {
  let ems = 0;
  for (const char of text) ems += (char.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.6;
  return ems;
}

/** A text in lines of at most `ems` each, broken at spaces; a longer word is cut with an ellipsis. */
export function wrapped(text: string, ems: number): string[] {
  const lines: string[] = [];
  for (const word of visible(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthInEms(`${last} ${word}`) <= ems) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(widthInEms(word) <= ems ? word : shortLabel(word, Math.max(2, Math.floor(ems / 1.05))));
  }
  return lines;
}
