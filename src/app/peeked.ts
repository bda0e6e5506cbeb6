import type { ByteSource } from '../ledger/source.js';

/** The first bytes of a source, `most` of them where there are as many. */
export function takeHead(source: ByteSource, most: number): Uint8Array {
  const head = new Uint8Array(most);
  let used = 0;
  for (let count = -1; count !== 0 && used < most; used += count) count = source(head.subarray(used));
  return head.subarray(0, used);
}

/** A source that gives `head` first. */
export function after(head: Uint8Array, source: ByteSource): ByteSource {
  let at = 0;
  return (into) => {
    if (at === head.length) return source(into);
    const part = head.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  };
}

const PIECE = 1 << 18;

/** The bytes of a source in pieces that stay as they are. */
export function* pieces(source: ByteSource): Generator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(PIECE);
    const count = source(piece);
    if (count === 0) return;
    yield piece.subarray(0, count);
  }
}
