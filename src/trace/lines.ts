import { InputError } from '../errors.js';
import type { BytePull } from './arrow-frames.js';

/** A line of text. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Whether a line feed ends it; only the last may lack it. */
  readonly ended: boolean;
}

/** Bytes pulled at a time, and bytes of a line at most. */
const STEP = 1 << 18;
const MOST_BYTES = 1 << 28;

const LINE_FEED = 10;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array, number: number): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new InputError('INVALID_UTF8', `line ${String(number)} is not UTF-8`, { cause });
  }
}

/**
 * Cuts bytes into lines.
 *
 * @throws {@link InputError} INVALID_UTF8, ENTRY_TOO_LARGE where a line is longer than 2^28 bytes
 * @remarks Memory is that of the longest line.
 */
export function* linesOf(source: BytePull): Generator<TextLine> {
  let buffer = new Uint8Array(STEP);
  let used = 0;
  let number = 1;
  for (let count = source(buffer); count > 0; count = source(buffer.subarray(used))) {
    let start = 0;
    let from = used;
    used += count;
    const filled = buffer.subarray(0, used);
    for (let end = filled.indexOf(LINE_FEED, from); end >= 0; end = filled.indexOf(LINE_FEED, from)) {
      yield { text: decoded(buffer.subarray(start, end), number), number, ended: true };
      number += 1;
      start = from = end + 1;
    }
    buffer.copyWithin(0, start, used);
    used -= start;
    if (used < buffer.length) continue;
    if (used > MOST_BYTES) throw new InputError('ENTRY_TOO_LARGE', `line ${String(number)} must have at most 2^28 bytes`);
    const larger = new Uint8Array(2 * buffer.length);
    larger.set(buffer);
    buffer = larger;
  }
  if (used > 0) yield { text: decoded(buffer.subarray(0, used), number), number, ended: false };
}
