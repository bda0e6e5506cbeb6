/** Controls, formats, separators, half surrogate pairs and everything that is shown as nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** A mark on top of four others: one character may not grow over its neighbours. */
const STACKED = /(?<=\p{Mark}{4})\p{Mark}/gu;

/** A character as `\uXXXX`, one for each UTF-16 unit. */
export function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

/**
 * Makes text from outside safe to show: every control character (C0, DEL, C1), line and paragraph separator, bidirectional
 * control, zero-width or otherwise invisible character, half surrogate pair and tag character becomes `\uXXXX`, and so do marks
 * stacked on four others. What is left can neither move a cursor nor hide, cover or reorder what it stands beside.
 *
 * @param text - any string
 * @returns one line of visible characters
 * @see Boucher & Anderson (2023), "Trojan Source", USENIX Security (bidirectional controls).
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, escapeUnits).replace(STACKED, escapeUnits);
}
