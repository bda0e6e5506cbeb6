import { messageAt, MOST_META } from '../../trace/arrow-frames.js';
import { readAt, type ByteFile } from '../../trace/byte-file.js';

/** Bytes that an Arrow file begins with before its first message. */
export const FILE_HEAD_BYTES = 8;

const FILE_TAIL = 'ARROW1';
/** Bytes of a last line that are looked at, at most. */
const MOST_LINE = 1 << 28;
const LINE_FEED = 10;
const STEP = 1 << 16;

/** Whether an Arrow file was cut off: its last bytes are not the mark that ends one. */
export function isTornFile(file: ByteFile): boolean {
  const size = FILE_TAIL.length;
  return file.sizeBytes < FILE_HEAD_BYTES + size || Buffer.from(readAt(file, file.sizeBytes - size, size)).toString('latin1') !== FILE_TAIL;
}

/**
 * Where the messages of a torn Arrow file end: behind their end mark, so that what is left of the footer is not taken for one;
 * the file's size where there is no such mark.
 *
 * @throws {@link InputError} BAD_ARROW
 */
export function endOfMessages(file: ByteFile): number {
  let position = FILE_HEAD_BYTES;
  while (position + 8 <= file.sizeBytes) {
    const prefix = readAt(file, position, 8);
    const view = new DataView(prefix.buffer, prefix.byteOffset);
    const size = view.getInt32(4, true);
    if (view.getInt32(0, true) !== -1 || size < 0 || size > MOST_META || position + 8 + size > file.sizeBytes) break;
    if (size === 0) return position + 8;
    position += 8 + size + messageAt(position, readAt(file, position + 8, size)).bodyLength;
  }
  return file.sizeBytes;
}

/** Where the last line of a file of lines begins. */
function lastLineStart(file: ByteFile): number {
  for (let end = file.sizeBytes; end > 0; end -= Math.min(STEP, end)) {
    const start = Math.max(0, end - STEP);
    const at = readAt(file, start, end - start).lastIndexOf(LINE_FEED);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

/** Where the whole lines of a file of JSON Lines end: before its last line, where no line feed ends that and it is no JSON. */
export function endOfLines(file: ByteFile): number {
  const start = lastLineStart(file);
  const length = file.sizeBytes - start;
  if (length === 0 || length > MOST_LINE) return file.sizeBytes;
  try {
    JSON.parse(Buffer.from(readAt(file, start, length)).toString('utf8'));
    return file.sizeBytes;
  } catch {
    return start;
  }
}
