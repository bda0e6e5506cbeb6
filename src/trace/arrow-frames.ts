import { InputError } from '../errors.js';
import { decodeMessage, type ArrowMessage } from './arrow-message.js';

/**
 * Where bytes come from, pulled: fills `into` from its start and returns how many bytes it wrote, 0 at the end. Fewer than
 * asked for is no end.
 */
export type BytePull = (into: Uint8Array) => number;

/** What comes next in an Arrow stream: a message with its body, its end, or the place where its bytes stop short. */
export type ArrowFrame =
  | { readonly kind: 'message'; readonly message: ArrowMessage; readonly body: Uint8Array }
  | { readonly kind: 'end'; readonly marked: boolean }
  | { readonly kind: 'torn' };

/** Frames of an Arrow stream, one after the other. */
export interface ArrowFrames {
  /** @throws {@link InputError} BAD_ARROW where the bytes are no Arrow stream */
  readonly next: () => ArrowFrame;
  /** Whether nothing follows; takes a byte away where something does. */
  readonly ended: () => boolean;
  /** Bytes pulled so far. */
  readonly position: () => number;
}

/** Bytes of a message's metadata and of its body, at most: no length that damaged bytes state is believed beyond this. */
export const MOST_META: number = 1 << 22;
const MOST_BODY = 2 ** 31 - 8;

/** A fault in the bytes of a trace, at a byte. */
export function badArrow(offset: number, what: string, cause?: unknown): InputError {
  return new InputError('BAD_ARROW', `not a sound Arrow trace: ${what} (at byte ${String(offset)})`, { offset, cause });
}

/**
 * Reads the metadata of the message at a byte.
 *
 * @throws {@link InputError} BAD_ARROW
 */
export function messageAt(offset: number, meta: Uint8Array): ArrowMessage {
  let message: ArrowMessage;
  try {
    message = decodeMessage(meta);
  } catch (cause) {
    throw badArrow(offset, 'a message cannot be read', cause);
  }
  const { bodyLength } = message;
  if (!(bodyLength >= 0 && bodyLength <= MOST_BODY)) throw badArrow(offset, `a message states a body of ${String(bodyLength)} bytes`);
  return message;
}

/** Memory that nothing else has. */
const ownMemory = (size: number): Uint8Array<ArrayBuffer> => Buffer.allocUnsafeSlow(size);

/**
 * Starts cutting a stream into frames.
 *
 * @param bodies - memory for bodies; left out: each has its own
 */
export function arrowFrames(source: BytePull, bodies: (size: number) => Uint8Array<ArrayBuffer> = ownMemory): ArrowFrames {
  let position = 0;
  const fill = (size: number, memory = ownMemory): Uint8Array<ArrayBuffer> | null => {
    // What is handed on has been filled to its end.
    const into = memory(size);
    let got = 0;
    for (let count = -1; count !== 0 && got < size; got += count) count = source(into.subarray(got));
    position += got;
    return got === size ? into : null;
  };
  const word = (): number | null => {
    const bytes = fill(4);
    return bytes === null ? null : new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
  };
  const message = (start: number, size: number): ArrowFrame => {
    const meta = fill(size);
    if (meta === null) return { kind: 'torn' };
    const decoded = messageAt(start, meta);
    const body = fill(decoded.bodyLength, bodies);
    return body === null ? { kind: 'torn' } : { kind: 'message', message: decoded, body };
  };
  /** Whether the bytes that are left are all 0, as a crash may leave a file that was growing. */
  const onlyZeros = (): boolean => {
    const into = new Uint8Array(1 << 16);
    for (let count = source(into); count > 0; count = source(into)) {
      position += count;
      if (into.subarray(0, count).some((byte) => byte !== 0)) return false;
    }
    return true;
  };
  return {
    position: () => position,
    ended: () => fill(1) === null,
    next: () => {
      const start = position;
      const mark = word();
      if (mark === null) return position === start ? { kind: 'end', marked: false } : { kind: 'torn' };
      if (mark === 0 && onlyZeros()) return { kind: 'torn' };
      if (mark !== -1) throw badArrow(start, 'a message must begin with the bytes ff ff ff ff');
      const size = word();
      if (size === null) return { kind: 'torn' };
      if (size === 0) return { kind: 'end', marked: true };
      if (size < 0 || size > MOST_META) throw badArrow(start, `a message states ${String(size)} bytes of metadata`);
      return message(start, size);
    },
  };
}
