import { InputError } from '../errors.js';
import { startKernel, WINDOW_BYTES, type Kernel } from './kernel.js';
import { isSpace } from './lexeme.js';
import type { ByteSource } from './source.js';

/** Largest entry, and largest value of an artifact's own fields, in bytes. */
export const ENTRY_BYTES_MAX: number = 1 << 20;

/** Deepest nesting in a ledger file. */
export const DEPTH_MAX = 64;

/** Bytes read ahead by default: few enough to stay in the processor's cache. */
const STEP = 1 << 18;
/** Unread bytes that surely hold the next value whole, or show that it is too large. */
const AMPLE = ENTRY_BYTES_MAX + 65536;

/** A view of a file that slides forward over the kernel's memory. Positions are indices into `kernel.memory`. */
export interface Window {
  readonly kernel: Kernel;
  /** Position of the next unread byte. */
  at: number;
  /** Position after the last byte read; zeros follow. */
  end: number;
  /** File offset of a position. */
  readonly offset: (position: number) => number;
  /** Reads more, sliding the unread bytes to the front. False if nothing was added: at the end, or enough is there. */
  readonly more: () => boolean;
}

/** Where a window starts and how far it reads ahead. */
export interface WindowOptions {
  /** File offset of the source's first byte. Default 0. */
  readonly base?: number;
  /** Bytes read at a time. Default 256 KiB. */
  readonly step?: number;
  /** A kernel to use again. Default: a new one. */
  readonly kernel?: Kernel;
}

/** Opens a window at the start of a source. */
export function openWindow(source: ByteSource, { base = 0, step = STEP, kernel = startKernel() }: WindowOptions = {}): Window {
  kernel.expect(null);
  const { memory, window: start } = kernel;
  let startOffset = base;
  let ended = false;
  const window: Window = {
    kernel,
    at: start,
    end: start,
    offset: (position) => startOffset + position - start,
    more: () => {
      const unread = window.end - window.at;
      if (ended || unread >= AMPLE) return false;
      const want = Math.min(unread + step, WINDOW_BYTES);
      startOffset += window.at - start;
      memory.copyWithin(start, window.at, window.end);
      window.at = start;
      window.end = start + unread;
      while (window.end < start + want && !ended) {
        const count = source(memory.subarray(window.end, start + want));
        ended = count === 0;
        window.end += count;
      }
      memory.fill(0, window.end, Math.min(window.end + 64, memory.length));
      return window.end - start > unread;
    },
  };
  return window;
}

/** Skips white space; the byte then at `window.at`, or -1 at the end of the file. */
export function peek(window: Window): number {
  const { memory } = window.kernel;
  for (;;) {
    while (window.at < window.end && isSpace(memory[window.at])) window.at += 1;
    if (window.at < window.end) return memory[window.at] ?? -1;
    if (!window.more()) return -1;
  }
}

/** End of the JSON value that starts at `at`, by brackets and quotes alone; -1 if it goes on beyond `end`. */
function endOfValue(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let i = at;
  while (i < end) {
    const byte = bytes[i] ?? 0;
    i += 1;
    const step = nesting(byte);
    depth += step;
    if (byte === 0x22) i = endOfString(bytes, i, end);
    else if (step === 0 && depth === 0) return endOfScalar(bytes, i, end);
    else if (step === 0) continue;
    if (i < 0 || depth <= 0) return i;
  }
  return -1;
}

/** How a byte outside strings changes the depth of nesting. */
export function nesting(byte: number | undefined): 1 | 0 | -1 {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}

function endOfScalar(bytes: Uint8Array, inside: number, end: number): number {
  let i = inside;
  while (i < end && !isEndOfScalar(bytes[i])) i += 1;
  return i < end ? i : -1;
}

function endOfString(bytes: Uint8Array, inside: number, end: number): number {
  for (let i = inside; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === 0x22) return i + 1;
    if (byte === 0x5c) i += 1;
  }
  return -1;
}

function isEndOfScalar(byte: number | undefined): boolean {
  return byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x3a || isSpace(byte);
}

/**
 * The text of the JSON value at `window.at`, brought into the window whole; the window moves behind it. Where the file
 * ends inside the value, what is left of it, for the parser to say what is missing.
 *
 * @throws {@link InputError} ENTRY_TOO_LARGE if it is longer than {@link ENTRY_BYTES_MAX}
 */
export function takeValue(window: Window): { readonly bytes: Uint8Array; readonly offset: number } {
  let end = endOfValue(window.kernel.memory, window.at, window.end);
  while (end < 0 && window.more()) end = endOfValue(window.kernel.memory, window.at, window.end);
  return take(window, end < 0 ? window.end : end);
}

/** As {@link takeValue}, of the line at `window.at` without its newline, which the window moves behind too. */
export function takeLine(window: Window): { readonly bytes: Uint8Array; readonly offset: number } {
  const find = (): number => {
    const at = window.kernel.memory.indexOf(0x0a, window.at);
    return at < 0 || at >= window.end ? -1 : at;
  };
  let newline = find();
  while (newline < 0 && window.more()) newline = find();
  const { memory } = window.kernel;
  const end = newline < 0 ? window.end : newline;
  // A carriage return belongs to the end of the line.
  const line = take(window, end > window.at && memory[end - 1] === 0x0d ? end - 1 : end);
  window.at = newline < 0 ? end : newline + 1;
  return line;
}

function take(window: Window, end: number): { bytes: Uint8Array; offset: number } {
  const offset = window.offset(window.at);
  if (end - window.at > ENTRY_BYTES_MAX) {
    throw new InputError('ENTRY_TOO_LARGE', `byte ${String(offset)}: a value must not be longer than ${String(ENTRY_BYTES_MAX)} bytes`, { offset });
  }
  const bytes = window.kernel.memory.subarray(window.at, end);
  window.at = end;
  return { bytes, offset };
}
