import { badArrow } from './arrow-frames.js';

/** Bytes that can be read from any place: a file, or bytes in memory. */
export interface ByteFile {
  readonly sizeBytes: number;
  /** Fills `into` from its start with the bytes at a place; returns how many there were. Fewer than asked for is no end. */
  readonly read: (into: Uint8Array, position: number) => number;
}

/** Bytes in memory as a file. */
export function bytesFile(bytes: Uint8Array): ByteFile {
  return {
    sizeBytes: bytes.length,
    read: (into, position) => {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/**
 * The bytes from `position` to `position + size`.
 *
 * @param into - memory of that size to put them in; left out: their own
 * @throws {@link InputError} BAD_ARROW where the file does not have them
 */
export function readAt({ sizeBytes, read }: ByteFile, position: number, size: number, into: Uint8Array<ArrayBuffer> | null = null): Uint8Array<ArrayBuffer> {
  if (!(position >= 0 && size >= 0 && position + size <= sizeBytes)) throw badArrow(position, `${String(size)} bytes are stated where the file has ${String(sizeBytes)} in all`);
  const bytes = into ?? Buffer.allocUnsafeSlow(size);
  let got = 0;
  for (let count = -1; count !== 0 && got < size; got += count) count = read(bytes.subarray(got), position + got);
  if (got !== size) throw badArrow(position + got, 'the file ended before its size');
  return bytes;
}

/** Memory that is used again and again, as much as the most that was asked for. */
export type Reused = (size: number) => Uint8Array<ArrayBuffer>;

/** Starts with no memory. What it hands out is overwritten when it is asked again, and is never the whole of its buffer. */
export function reusedMemory(): Reused {
  let memory = Buffer.alloc(0);
  return (size) => {
    if (memory.length <= size) memory = Buffer.allocUnsafeSlow(size + (size >> 3) + 8);
    return memory.subarray(0, size);
  };
}
