import type { BytePull } from '../arrow-frames.js';

/** A view of JSON text that slides forward; positions are indices into `bytes`. */
export interface JsonWindow {
  /** What has been read and not been left behind; another buffer after {@link JsonWindow.more}. */
  bytes: Buffer;
  /** Next byte to look at. */
  at: number;
  /** Behind the last byte read. */
  end: number;
  /** Reads more, leaving behind what lies before `at`, which becomes 0. False at the end, or where `most` bytes are held. */
  readonly more: () => boolean;
}

const STEP = 1 << 18;

/**
 * Opens a window on a text.
 *
 * @param most - bytes to hold at most, beside one step of reading
 */
export function jsonWindow(pull: BytePull, most: number): JsonWindow {
  let ended = false;
  const window: JsonWindow = {
    bytes: Buffer.alloc(2 * STEP),
    at: 0,
    end: 0,
    more: () => {
      const { bytes, at, end } = window;
      const held = end - at;
      if (ended || held > most) return false;
      const into = held + STEP > bytes.length ? Buffer.alloc(2 * bytes.length) : bytes;
      bytes.copy(into, 0, at, end);
      const count = pull(into.subarray(held, held + STEP));
      ended = count === 0;
      window.bytes = into;
      window.at = 0;
      window.end = held + count;
      return count > 0;
    },
  };
  return window;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Steps over white space; the character then next, empty at the end of the text. */
export function nextCharacter(window: JsonWindow): string {
  for (;;) {
    const { bytes, end } = window;
    while (window.at < end && isSpace(bytes[window.at])) window.at += 1;
    if (window.at < end) return String.fromCharCode(bytes[window.at] ?? 0);
    if (!window.more()) return '';
  }
}

/** Position behind the string whose opening quote lies before `inside`; -1 where it goes on beyond `end`. */
function endOfString(bytes: Uint8Array, inside: number, end: number): number {
  for (let i = inside; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === 0x22) return i + 1;
    if (byte === 0x5c) i += 1;
  }
  return -1;
}

const OPENS = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === 0x7b || byte === 0x5b));
const CLOSES = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === 0x7d || byte === 0x5d));

function endOfScalar(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && !isSpace(bytes[i]) && bytes[i] !== 0x2c && CLOSES[bytes[i] ?? 0] === 0) i += 1;
  return i < end ? i : -1;
}

/** Position behind the value that starts at `at`, by brackets and quotes alone; -1 where it goes on beyond `end`. */
function endOfValue(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let i = at;
  while (i < end) {
    const byte = bytes[i] ?? 0;
    i += 1;
    if (byte === 0x22) {
      i = endOfString(bytes, i, end);
      if (i < 0) return -1;
    } else if (OPENS[byte] === 1) depth += 1;
    else if (CLOSES[byte] === 1) depth -= 1;
    else if (depth === 0) return endOfScalar(bytes, i, end);
    if (depth <= 0) return i;
  }
  return -1;
}

/**
 * The bytes of the value that starts at the window's position, which moves behind it.
 *
 * @returns null where the text ends within the value, or it is longer than the window may hold; the window stays before it
 */
export function takeJson(window: JsonWindow): Uint8Array | null {
  let end = endOfValue(window.bytes, window.at, window.end);
  while (end < 0 && window.more()) end = endOfValue(window.bytes, window.at, window.end);
  if (end < 0) return null;
  const value = window.bytes.subarray(window.at, end);
  window.at = end;
  return value;
}
