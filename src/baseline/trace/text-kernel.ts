import { InputError } from '../../errors.js';
import { TEXT_KERNEL_BYTES } from './text-kernel-bytes.js';

const MODULE = new WebAssembly.Module(Buffer.from(TEXT_KERNEL_BYTES, 'base64'));

const PAGE = 1 << 16;
/** Bytes of texts and rows that the kernel takes at a time. */
export const WINDOW_BYTES: number = 1 << 20;
export const WINDOW_ROWS: number = 1 << 14;

/** Where things lie in the kernel's memory, in bytes. Nothing below WINDOW is used; behind HEAP come tables and kept texts. */
const WINDOW = 4096;
const OFFSETS = WINDOW + WINDOW_BYTES;
const NUMBERS = OFFSETS + 4 * WINDOW_ROWS + 16;
const HEAP = NUMBERS + 4 * WINDOW_ROWS;

const SLOT_BYTES = 16;
const FIRST_SLOTS = 1 << 12;
const BLOCK_BYTES = 1 << 20;

interface Exports {
  readonly setUp: (offsets: number, numbers: number) => void;
  readonly size: () => number;
  readonly reserve: () => number;
  readonly keepAt: (place: number, limit: number) => void;
  readonly moveTo: (place: number, slots: number) => void;
  readonly numberTexts: (bytes: number, from: number, rows: number) => number;
}

/** Numbers for distinct texts, from 0 in order of first appearance, in the kernel's own memory. */
export interface TextKernel {
  /**
   * Numbers texts.
   *
   * @param bytes - the texts one after the other, at most {@link WINDOW_BYTES}
   * @param offsets - where each begins and the last ends, counted from any place; at most {@link WINDOW_ROWS} texts
   * @returns one number a text, overwritten by the next call
   * @throws {@link InputError} NUMBER_OUT_OF_RANGE where the distinct texts take more than 4 GiB
   */
  readonly number: (bytes: Uint8Array, offsets: Int32Array) => Int32Array;
  /** Takes a number for a text that is kept elsewhere. */
  readonly reserve: () => number;
  readonly size: () => number;
  /** Calls back with every text that is kept here: views of the kernel's memory. */
  readonly each: (visit: (number: number, bytes: Uint8Array) => void) => void;
}

/** Starts with no text known. */
export function textKernel(): TextKernel {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(HEAP / PAGE) });
  const kernel = new WebAssembly.Instance(MODULE, { env: { memory } }).exports as unknown as Exports;
  let top = HEAP;
  let [table, slots] = [0, FIRST_SLOTS >> 1];
  /** Memory that nothing has used: zeros. */
  const allocate = (size: number): number => {
    const place = top;
    top += size;
    const pages = Math.ceil((top - memory.buffer.byteLength) / PAGE);
    try {
      if (pages > 0) memory.grow(pages);
    } catch (cause) {
      throw new InputError('NUMBER_OUT_OF_RANGE', 'distinct texts must take at most 4 GiB of memory, got more', { cause });
    }
    return place;
  };
  const widen = (): void => {
    slots *= 2;
    table = allocate(SLOT_BYTES * slots);
    kernel.moveTo(table, slots);
  };
  const makeRoom = (): void => {
    if (kernel.size() >= (slots >> 1) - 1) widen();
    else {
      const place = allocate(BLOCK_BYTES);
      kernel.keepAt(place, place + BLOCK_BYTES);
    }
  };
  kernel.setUp(OFFSETS, NUMBERS);
  widen();
  return {
    number: (bytes, offsets) => {
      const rows = offsets.length - 1;
      new Uint8Array(memory.buffer, WINDOW).set(bytes);
      new Int32Array(memory.buffer, OFFSETS, offsets.length).set(offsets);
      const at = WINDOW - (offsets[0] ?? 0);
      for (let row = kernel.numberTexts(at, 0, rows); row < rows; row = kernel.numberTexts(at, row, rows)) makeRoom();
      return new Int32Array(memory.buffer, NUMBERS, rows);
    },
    reserve: kernel.reserve,
    size: kernel.size,
    each: (visit) => {
      const words = new Uint32Array(memory.buffer, table, 4 * slots);
      for (let at = 0; at < words.length; at += 4) {
        const number = words[at] ?? 0;
        if (number > 0) visit(number - 1, new Uint8Array(memory.buffer, words[at + 2], words[at + 3]));
      }
    },
  };
}
