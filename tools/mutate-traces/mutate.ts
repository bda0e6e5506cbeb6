import type { Sample } from './samples.js';

/** A whole number below a bound, from a seeded state. */
export type Draw = (below: number) => number;

/** Numbers that a reader may take for a length, a count or a place. */
const EXTREMES: readonly number[] = [0, 1, -1, 2, 7, 8, 255, 65_535, 65_536, 2 ** 24, 2 ** 30, 2 ** 31 - 1, -(2 ** 31), -8];

/** A byte of the metadata, or any. */
function placeIn({ bytes, metadata }: Sample, draw: Draw, inMetadata: boolean): number {
  if (!inMetadata) return draw(bytes.length);
  let at = draw(metadata.reduce((sum, [from, to]) => sum + to - from, 0));
  for (const [from, to] of metadata) {
    if (at < to - from) return from + at;
    at -= to - from;
  }
  return 0;
}

type Change = (bytes: Buffer<ArrayBuffer>, at: number, draw: Draw) => Buffer<ArrayBuffer>;

const CHANGES: readonly Change[] = [
  (bytes, at, draw) => { bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8)); return bytes; },
  (bytes, at, draw) => { bytes[at] = draw(256); return bytes; },
  (bytes, at) => { bytes[at] = (bytes[at] ?? 0) ^ 0xff; return bytes; },
  (bytes, at, draw) => {
    const aligned = Math.min(at - (draw(2) === 0 ? at % 4 : 0), bytes.length - 4);
    bytes.writeInt32LE(EXTREMES[draw(EXTREMES.length)] ?? 0, Math.max(0, aligned));
    return bytes;
  },
  (bytes, at, draw) => {
    const aligned = Math.min(at - (at % 8), bytes.length - 8);
    bytes.writeBigInt64LE(BigInt(EXTREMES[draw(EXTREMES.length)] ?? 0) << BigInt(8 * draw(5)), Math.max(0, aligned));
    return bytes;
  },
  (bytes, at, draw) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + draw(16), draw(256)), bytes.subarray(at)]),
  (bytes, at, draw) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + draw(32))]),
  (bytes, at, draw) => Buffer.concat([bytes.subarray(0, at + 1 + draw(64)), bytes.subarray(at)]),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, draw) => { bytes.copyWithin(at, draw(bytes.length), draw(bytes.length)); return bytes; },
];

/** A sound trace with one to three changes, seeded; each in its metadata, or anywhere. */
export function mutate(sample: Sample, draw: Draw, inMetadata: boolean): Buffer {
  const count = draw(4) === 0 ? 1 + draw(3) : 1;
  let bytes = Buffer.from(sample.bytes);
  for (let i = 0; i < count && bytes.length > 8; i += 1) {
    const change = CHANGES[draw(CHANGES.length)];
    const at = Math.min(placeIn(sample, draw, inMetadata), bytes.length - 1);
    if (change !== undefined) bytes = change(bytes, at, draw);
  }
  return bytes;
}
