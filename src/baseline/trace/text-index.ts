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

/** What a slot of the table holds, side by side so that looking costs one place in memory: number and one, hash, place, length. */
const SLOT = 4;

/**
 * Starts numbering texts. No string is made of a text: bytes are hashed and compared.
 *
 * @remarks O(bytes) a text. Memory grows with the distinct texts.
 */
export function textIndex(): TextIndex {
  let mask = 1023;
  let table = new Int32Array(SLOT * (mask + 1));
  let kept = new Uint8Array(1 << 14);
  let keptView = new DataView(kept.buffer);
  let used = 0;
  const ends = [0];

  /** Whether the text kept at `from` is that of `bytes` from `start` on. */
  const same = (bytes: DataView, start: number, from: number, length: number): boolean => {
    let i = 0;
    for (; i + 4 <= length; i += 4) if (bytes.getInt32(start + i, true) !== keptView.getInt32(from + i, true)) return false;
    for (; i < length; i += 1) if (bytes.getUint8(start + i) !== keptView.getUint8(from + i)) return false;
    return true;
  };

  const widen = (): void => {
    const old = table;
    mask = 2 * mask + 1;
    table = new Int32Array(SLOT * (mask + 1));
    for (let slot = 0; slot < old.length; slot += SLOT) {
      if (old[slot] === 0) continue;
      let at = SLOT * ((old[slot + 1] as number) & mask);
      while (table[at] !== 0) at = (at + SLOT) & (SLOT * mask + SLOT - 1);
      table.set(old.subarray(slot, slot + SLOT), at);
    }
  };

  const keep = (bytes: DataView, start: number, length: number): number => {
    if (used + length > kept.length) {
      const wider = new Uint8Array(2 * (used + length));
      wider.set(kept);
      kept = wider;
      keptView = new DataView(kept.buffer);
    }
    kept.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, length), used);
    used += length;
    ends.push(used);
    return used - length;
  };

  return {
    numberOf: (bytes, start, end) => {
      const length = end - start;
      const hash = hashOf(bytes, start, end);
      let at = SLOT * (hash & mask);
      for (; table[at] !== 0; at = (at + SLOT) & (SLOT * mask + SLOT - 1)) {
        if (table[at + 1] === hash && table[at + 3] === length && same(bytes, start, table[at + 2] as number, length)) return (table[at] as number) - 1;
      }
      const number = ends.length - 1;
      table[at] = number + 1;
      table[at + 1] = hash;
      table[at + 2] = keep(bytes, start, length);
      table[at + 3] = length;
      if (2 * (number + 1) > mask) widen();
      return number;
    },
    size: () => ends.length - 1,
    text: (number) => new TextDecoder().decode(kept.subarray(ends[number], ends[number + 1])),
  };
}
