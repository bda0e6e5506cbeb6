/** A piece of a call's arguments, and where it ends in the text. */
export interface Piece {
  readonly value: string;
  readonly end: number;
  /** Whether strace cut a string short. */
  readonly cut: boolean;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const SIMPLE: ReadonlyMap<string, number> = new Map([['n', 10], ['t', 9], ['r', 13], ['v', 11], ['f', 12], ['"', 34], ['\\', 92]]);

/** Bytes as text; those that are not UTF-8 are written as `\xHH`, so that different bytes stay different texts. */
function textOf(bytes: readonly number[]): string {
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
  }
}

/** The byte that an escape stands for and how long it is; a backslash before anything else stands for itself. */
function escapeAt(text: string, at: number): readonly [byte: number, length: number] {
  const simple = SIMPLE.get(text[at + 1] ?? '');
  if (simple !== undefined) return [simple, 2];
  const [hex] = /^\\x[0-9a-f]{2}/.exec(text.slice(at, at + 4)) ?? [];
  if (hex !== undefined) return [parseInt(hex.slice(2), 16), 4];
  const [octal] = /^\\[0-7]{1,3}/.exec(text.slice(at, at + 4)) ?? [];
  return octal === undefined ? [92, 1] : [parseInt(octal.slice(1), 8) & 255, octal.length];
}

/**
 * Reads escaped bytes up to a character that is not escaped.
 *
 * @returns null where the character does not come
 */
export function unescapeUntil(text: string, from: number, stop: string): Piece | null {
  const bytes: number[] = [];
  const ended = (at: number): Piece => ({ value: textOf(bytes), end: at + stop.length, cut: false });
  for (let at = from; at < text.length;) {
    if (text.startsWith(stop, at)) return ended(at);
    if (text[at] === '\\') {
      const [byte, length] = escapeAt(text, at);
      bytes.push(byte);
      at += length;
    } else {
      const code = text.codePointAt(at) ?? 0;
      const character = String.fromCodePoint(code);
      bytes.push(...(code < 0x80 ? [code] : new TextEncoder().encode(character)));
      at += character.length;
    }
  }
  return null;
}

/** Reads a string in quotes, with the dots behind it that say it was cut; null where there is none. */
export function stringAt(text: string, at: number): Piece | null {
  if (text[at] !== '"') return null;
  const piece = unescapeUntil(text, at + 1, '"');
  return piece !== null && text.startsWith('...', piece.end) ? { ...piece, end: piece.end + 3, cut: true } : piece;
}

const OPENS = '([{';
const CLOSES = ')]}';

/** Where the path or socket behind a descriptor ends; sockets are written with arrows, paths with what is special escaped. */
function descriptorEnd(text: string, at: number): number | null {
  if (!/[\dD]/.test(text[at - 1] ?? '')) return null;
  const socket = /^<[A-Za-z0-9-]+:\[[^\]]*\]>/.exec(text.slice(at, at + 200));
  return socket === null ? (unescapeUntil(text, at + 1, '>')?.end ?? null) : at + socket[0].length;
}

/** Where what is in quotes, or in `<...>` behind a descriptor, ends: nothing in it counts. Null where nothing such begins. */
function quotedEnd(text: string, at: number): number | null {
  if (text[at] === '"') return stringAt(text, at)?.end ?? null;
  return text[at] === '<' ? descriptorEnd(text, at) : null;
}

/** Where an argument ends: at a comma, or at the bracket that closes what it stands in. */
function endOfArgument(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const character = text[at] ?? '';
    if (depth === 0 && (character === ',' || CLOSES.includes(character))) return at;
    depth += Number(OPENS.includes(character)) - Number(CLOSES.includes(character));
    at = quotedEnd(text, at) ?? at + 1;
  }
  return text.length;
}

/** Cuts a list of arguments at its commas; `text` may end within it. Returns where the bracket that closes it is, the text's length where there is none. */
export function argumentsAt(text: string, from: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const end = endOfArgument(text, at);
    const part = text.slice(at, end).trim();
    if (part !== '' || text[end] === ',') parts.push(part);
    if (text[end] !== ',') return { parts, end };
    at = end + 1;
  }
}
