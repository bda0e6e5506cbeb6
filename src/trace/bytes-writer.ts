import type { TraceHashes, TraceTexts } from './chunk.js';
import { bits, type ColumnWriter, type Slot } from './column-writer.js';
import { refuseValue } from './refuse.js';
import type { TraceColumn } from './schema.js';

/** Characters up to which copying one by one is faster than the general encoder. */
const SHORT = 64;

/** UTF-8 bytes that grow by doubling. */
interface GrowingText {
  /** Copies a short ASCII text; the place after it, or -1 for any other text. */
  readonly begin: () => void;
  readonly writeShort: (text: string, at: number) => number;
  readonly write: (text: string, at: number) => number;
  readonly take: (end: number) => Uint8Array;
}

function growingText(): GrowingText {
  let size = 1024;
  let buffer = Buffer.alloc(0);
  const room = (least: number): void => {
    if (least <= buffer.length) return;
    size = Math.max(least, 2 * buffer.length);
    const larger = Buffer.alloc(size);
    buffer.copy(larger);
    buffer = larger;
  };
  return {
    begin: () => {
      buffer = Buffer.alloc(size);
    },
    writeShort: (text, at) => {
      const { length } = text;
      if (length > SHORT) return -1;
      room(at + length);
      let units = 0;
      for (let i = 0; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        units |= unit;
        buffer[at + i] = unit;
      }
      return units < 128 ? at + length : -1;
    },
    write: (text, at) => {
      // A UTF-16 unit takes at most three bytes.
      room(at + 3 * text.length);
      return at + buffer.write(text, at, 'utf8');
    },
    take: (end) => new Uint8Array(buffer.buffer, buffer.byteOffset, end),
  };
}

/** A writer of texts that knows how many bytes the batch holds. */
export interface TextWriter extends ColumnWriter<TraceTexts> {
  readonly sizeBytes: () => number;
}

/** Makes the writer of a column of texts. */
export function textWriter(column: TraceColumn): TextWriter {
  const valid = bits(true);
  const text = growingText();
  let offsets = new Int32Array(1);
  let end = 0;
  return {
    room: (rows, kept) => {
      const more = new Int32Array(rows + 1);
      more.set(offsets.subarray(0, kept + 1));
      offsets = more;
      if (kept === 0) {
        end = offsets[0] = 0;
        text.begin();
      }
      valid.room(rows, kept);
    },
    put: (value, slot) => {
      const { at, row } = slot;
      end = offsets[at] ?? 0;
      if (value !== undefined && value !== null) {
        if (typeof value !== 'string') refuseValue('WRONG_TYPE', { row, column }, value, 'text');
        const after = text.writeShort(value, end);
        if (after < 0 && !value.isWellFormed()) refuseValue('LONE_SURROGATE', { row, column }, value, 'well-formed Unicode');
        end = after < 0 ? text.write(value, end) : after;
        valid.set(at);
      }
      offsets[at + 1] = end;
    },
    undo: ({ at }) => {
      end = offsets[at] ?? 0;
      valid.clear(at);
    },
    sizeBytes: () => end,
    take: (rows) => ({ kind: 'text', offsets: offsets.subarray(0, rows + 1), bytes: text.take(end), ...valid.take(rows) }),
  };
}

const HASH = '64 hexadecimal digits or 32 bytes';

/** Makes the writer of a column of hashes. */
export function hashWriter(column: TraceColumn): ColumnWriter<TraceHashes> {
  const valid = bits(true);
  let bytes = Buffer.alloc(0);
  const put = (value: unknown, { at, row }: Slot): void => {
    if (value === undefined || value === null) return;
    if (typeof value === 'string') {
      // Writing stops at the first character that is no digit.
      if (value.length !== 64 || bytes.write(value, 32 * at, 'hex') !== 32) refuseValue('WRONG_TYPE', { row, column }, value, HASH);
    } else {
      if (!(value instanceof Uint8Array) || value.length !== 32) refuseValue('WRONG_TYPE', { row, column }, value, HASH);
      bytes.set(value, 32 * at);
    }
    valid.set(at);
  };
  return {
    room: (rows, kept) => {
      const more = Buffer.alloc(32 * rows);
      more.set(bytes.subarray(0, 32 * kept));
      bytes = more;
      valid.room(rows, kept);
    },
    put,
    undo: ({ at }) => {
      bytes.fill(0, 32 * at, 32 * at + 32);
      valid.clear(at);
    },
    take: (rows) => ({ kind: 'hash', bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, 32 * rows), ...valid.take(rows) }),
  };
}
