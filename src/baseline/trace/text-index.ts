import type { TraceTexts } from '../../trace/chunk.js';

/** Numbers for distinct texts, by their bytes. */
export interface TextIndex {
  /** The number of the text in `bytes` from `start` to `end`, from 0 in order of first appearance. */
  readonly numberOf: (bytes: DataView, start: number, end: number) => number;
  readonly size: () => number;
  readonly text: (number: number) => string;
}

/** Mixes four bytes into a hash; only how texts are found depends on it, not what is found. */
function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mix(hash, bytes.getInt32(at, true));
  for (; at < end; at += 1) hash = mix(hash, bytes.getUint8(at));
  return hash;
}

/** The bytes of a column of texts. */
export function viewOf({ bytes }: TraceTexts): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Starts numbering texts. No string is made of a text: bytes are hashed and compared.
 *
 * @remarks O(bytes) a text. Memory grows with the distinct texts.
 */
export function textIndex(): TextIndex {
  let table = new Int32Array(1024).fill(-1);
  let hashes = new Int32Array(512);
  let ends = new Float64Array(513);
  let kept = new Uint8Array(1 << 14);
  let keptView = new DataView(kept.buffer);
  let size = 0;

  /** Whether the text kept at `from` is that of `bytes` from `start` on. */
  const same = (bytes: DataView, start: number, from: number, length: number): boolean => {
    let i = 0;
    for (; i + 4 <= length; i += 4) if (bytes.getInt32(start + i, true) !== keptView.getInt32(from + i, true)) return false;
    for (; i < length; i += 1) if (bytes.getUint8(start + i) !== keptView.getUint8(from + i)) return false;
    return true;
  };

  const makeRoom = (length: number): void => {
    const used = ends[size] as number;
    if (used + length > kept.length) {
      const wider = new Uint8Array(2 * (used + length));
      wider.set(kept);
      kept = wider;
      keptView = new DataView(kept.buffer);
    }
    if (size < hashes.length) return;
    const [moreHashes, moreEnds] = [new Int32Array(2 * size), new Float64Array(2 * size + 1)];
    moreHashes.set(hashes);
    moreEnds.set(ends);
    [hashes, ends] = [moreHashes, moreEnds];
    table = new Int32Array(4 * size).fill(-1);
    for (let number = 0; number < size; number += 1) {
      let slot = (hashes[number] as number) & (table.length - 1);
      while ((table[slot] as number) >= 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = number;
    }
  };

  const add = (bytes: DataView, start: number, end: number, hash: number): number => {
    makeRoom(end - start);
    const from = ends[size] as number;
    kept.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), from);
    hashes[size] = hash;
    ends[size + 1] = from + end - start;
    let slot = hash & (table.length - 1);
    while ((table[slot] as number) >= 0) slot = (slot + 1) & (table.length - 1);
    table[slot] = size;
    size += 1;
    return size - 1;
  };

  return {
    numberOf: (bytes, start, end) => {
      const hash = hashOf(bytes, start, end);
      const mask = table.length - 1;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const number = table[slot] as number;
        if (number < 0) return add(bytes, start, end, hash);
        const from = ends[number] as number;
        if (hashes[number] === hash && (ends[number + 1] as number) - from === end - start && same(bytes, start, from, end - start)) return number;
      }
    },
    size: () => size,
    text: (number) => new TextDecoder().decode(kept.subarray(ends[number], ends[number + 1])),
  };
}
