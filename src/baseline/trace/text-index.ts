import type { TraceTexts } from '../../trace/chunk.js';
import { textKernel, WINDOW_BYTES, WINDOW_ROWS } from './text-kernel.js';

/** Numbers for distinct texts, by their bytes. */
export interface TextIndex {
  /** The number of the text in each row, from 0 in order of first appearance; overwritten by the next call. */
  readonly numbersOf: (column: TraceTexts) => Int32Array;
  /** Every text, by number. */
  readonly texts: () => readonly string[];
}

/** How many rows from `from` on the kernel takes at a time; 0 where the first text is too long for it. */
function rowsAtOnce(offsets: Int32Array, from: number): number {
  let rows = Math.min(offsets.length - 1 - from, WINDOW_ROWS);
  while (rows > 0 && (offsets[from + rows] ?? 0) - (offsets[from] ?? 0) > WINDOW_BYTES) rows >>= 1;
  return rows;
}

/**
 * Starts numbering texts. No string is made of a text: bytes are hashed and compared.
 *
 * @remarks O(bytes) a text. Memory grows with the distinct texts.
 */
export function textIndex(): TextIndex {
  const kernel = textKernel();
  // Texts too long for the kernel, with a character for each byte.
  const long = new Map<string, number>();
  let numbers = new Int32Array(0);

  const numberOfLong = (bytes: Uint8Array): number => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const known = long.get(text);
    if (known !== undefined) return known;
    const number = kernel.reserve();
    long.set(text, number);
    return number;
  };

  return {
    numbersOf: ({ offsets, bytes }) => {
      const rows = offsets.length - 1;
      if (numbers.length < rows) numbers = new Int32Array(rows);
      for (let from = 0; from < rows;) {
        const count = rowsAtOnce(offsets, from);
        const part = bytes.subarray(offsets[from], offsets[from + Math.max(count, 1)]);
        if (count === 0) numbers[from] = numberOfLong(part);
        else numbers.set(kernel.number(part, offsets.subarray(from, from + count + 1)), from);
        from += Math.max(count, 1);
      }
      return numbers.subarray(0, rows);
    },
    texts: () => {
      const texts = new Array<string>(kernel.size()).fill('');
      kernel.each((number, bytes) => { texts[number] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'); });
      for (const [text, number] of long) texts[number] = Buffer.from(text, 'latin1').toString('utf8');
      return texts;
    },
  };
}
