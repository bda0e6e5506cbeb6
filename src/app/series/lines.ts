import { InputError } from '../../errors.js';

/** Takes a file's bytes as they come. Both functions may throw. */
export interface RecordReader {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

/** Longest line, in bytes. */
const LINE_BYTES_MAX = 1 << 20;
const LINE_FEED = 0x0a;

/**
 * Cuts bytes into lines.
 *
 * @param onLine - gets each line without its line feed, and its number from 1; the bytes may be used again afterwards
 * @throws {@link InputError} ENTRY_TOO_LARGE naming the line
 */
export function lineReader(onLine: (line: Uint8Array, number: number) => void): RecordReader {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  const keep = (part: Uint8Array): void => {
    restBytes += part.length;
    if (restBytes > LINE_BYTES_MAX) throw new InputError('ENTRY_TOO_LARGE', `line ${String(number)}: a line must not be longer than ${String(LINE_BYTES_MAX)} bytes`);
    if (part.length > 0) rest.push(Uint8Array.from(part));
  };
  const emit = (part: Uint8Array): void => {
    if (rest.length > 0) {
      keep(part);
      onLine(Buffer.concat(rest), number);
    } else onLine(part, number);
    rest = [];
    restBytes = 0;
    number += 1;
  };
  return {
    push(bytes) {
      let from = 0;
      for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, from)) {
        emit(bytes.subarray(from, feed));
        from = feed + 1;
      }
      keep(bytes.subarray(from));
    },
    end() {
      if (restBytes > 0) emit(new Uint8Array(0));
    },
  };
}

/** Collects a whole file, for forms that can only be read at their end. */
export function wholeReader(onBytes: (bytes: Uint8Array) => void): RecordReader {
  const parts: Uint8Array[] = [];
  return {
    push: (bytes) => { parts.push(Uint8Array.from(bytes)); },
    end: () => { onBytes(Buffer.concat(parts)); },
  };
}
