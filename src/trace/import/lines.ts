import { InputError } from '../../errors.js';
import type { BytePull } from '../arrow-frames.js';

/** Longest line, in bytes: what is longer is rejected without being held. */
export const LINE_BYTES_MAX: number = 1 << 24;
/** Bytes read and made a text at a time: texts of more are kept apart from the others, which costs six times as much. */
const STEP = 1 << 16;
const LINE_FEED = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What becomes of the lines of a text. */
export interface LineSink {
  /** Takes a line without its line feed, and its number from 1. `whole` is false for a last line without line feed. */
  readonly line: (text: string, number: number, whole: boolean) => void;
  /** Takes a line that cannot be read, and why. */
  readonly bad: (number: number, why: InputError) => void;
}

/** The bytes as text; null where they are not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** The first line without a byte order mark. */
function unmarked(text: string, number: number): string {
  return number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Hands over the lines of a piece that ends behind a line feed, or where the text ends; returns the number of the next. */
function cut(bytes: Uint8Array, first: number, { line, bad }: LineSink): number {
  const text = textOf(bytes);
  let number = first;
  if (text !== null) {
    let from = 0;
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', from)) {
      line(unmarked(text.slice(from, feed), number), number, true);
      from = feed + 1;
      number += 1;
    }
    if (from < text.length) line(unmarked(text.slice(from), number), number, false);
    return number;
  }
  let from = 0;
  while (from < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed < 0 ? bytes.length : feed;
    const own = textOf(bytes.subarray(from, end));
    if (own === null) bad(number, new InputError('INVALID_UTF8', 'the line must be UTF-8, got other bytes'));
    else line(unmarked(own, number), number, feed >= 0);
    number += 1;
    from = end + 1;
  }
  return number;
}

/** Bytes read and not handed over yet. */
interface Held {
  buffer: Buffer;
  used: number;
  /** Number of the line that begins with them. */
  number: number;
  /** Whether they belong to a line that is too long and is left out. */
  skipping: boolean;
}

/** Hands over the whole lines among the held bytes and keeps the rest. */
function takeLines(held: Held, sink: LineSink): void {
  let from = 0;
  if (held.skipping) {
    const feed = held.buffer.subarray(0, held.used).indexOf(LINE_FEED);
    from = feed < 0 ? held.used : feed + 1;
    if (feed >= 0) held.number += 1;
    held.skipping = feed < 0;
  }
  const last = held.buffer.subarray(0, held.used).lastIndexOf(LINE_FEED);
  if (last >= from) {
    held.number = cut(held.buffer.subarray(from, last + 1), held.number, sink);
    from = last + 1;
  }
  held.buffer.copyWithin(0, from, held.used);
  held.used -= from;
  if (held.used <= LINE_BYTES_MAX) return;
  sink.bad(held.number, new InputError('ENTRY_TOO_LARGE', `the line must be at most ${String(LINE_BYTES_MAX)} bytes, got more`));
  held.skipping = true;
  held.used = 0;
}

/**
 * Reads a text line by line: UTF-8, lines ended by line feeds alone. A byte order mark at the start is stepped over.
 *
 * @remarks O(bytes); memory of a few hundred kilobytes, or of the longest line up to {@link LINE_BYTES_MAX}.
 */
export function readLines(pull: BytePull, sink: LineSink): void {
  const held: Held = { buffer: Buffer.alloc(2 * STEP), used: 0, number: 1, skipping: false };
  for (;;) {
    const count = pull(held.buffer.subarray(held.used, held.used + STEP));
    if (count === 0) break;
    held.used += count;
    takeLines(held, sink);
    if (held.used + STEP > held.buffer.length) held.buffer = Buffer.concat([held.buffer, Buffer.alloc(held.buffer.length)]);
  }
  if (held.used > 0 && !held.skipping) cut(held.buffer.subarray(0, held.used), held.number, sink);
}
