import assert from 'node:assert/strict';
import { bytesSource, InputError, readLedger, verifyStream, type Kernel, type Ledger } from '../../src/index.js';

/** A small seeded generator for tests: the state of a 32-bit mix (Steele & Vigna's splitmix family). */
export function testRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % below;
  };
}

/** Everything a ledger says but when it was made, which no hash covers. */
function sealedValues({ header, entries }: Ledger): unknown {
  return { header: header && { ...header, generated_at_ms: 0n }, entries };
}

/**
 * Changes one byte and demands that verification refuses the file, names a fault, or that every value is as before.
 * Returns which.
 */
export function tryByte(text: Buffer, original: Ledger, change: { at: number; byte: number }, kernel: Kernel): 'refused' | 'found' | 'unchanged' | 'not covered' {
  const { at, byte } = change;
  const changed = Buffer.from(text);
  changed[at] = byte;
  let consistent: boolean;
  try {
    consistent = verifyStream(bytesSource(changed), { kernel }).consistent;
  } catch (error) {
    assert.ok(error instanceof InputError, `byte ${String(at)} as ${String(byte)}: ${String(error)}`);
    return 'refused';
  }
  if (!consistent) return 'found';
  const now = readLedger(changed);
  assert.deepStrictEqual(sealedValues(now), sealedValues(original), `byte ${String(at)} as ${String(byte)} went unseen`);
  return now.header?.generated_at_ms === original.header?.generated_at_ms ? 'unchanged' : 'not covered';
}

/** The two bytes to put in place of one: its lowest bit flipped, and another digit, letter or mark. */
export function replacements(byte: number, random: (below: number) => number): [number, number] {
  const near = byte ^ 1;
  const pool = byte >= 0x30 && byte <= 0x39 ? '0123456789.-e' : ' "\\,:{}[]abcdefnotruls0\u00ff';
  let other = byte;
  while (other === byte || other === near) other = pool.charCodeAt(random(pool.length));
  return [near, other];
}

/** One seeded mutation of a text: bytes flipped, cut, doubled, moved, or mixed with what parsers trip over. */
export function mutate(text: Buffer, random: (below: number) => number): Buffer {
  const at = random(text.length);
  const length = 1 + random(40);
  const cut = text.subarray(at, at + length);
  const spliced = (middle: Buffer, skip: number): Buffer => Buffer.concat([text.subarray(0, at), middle, text.subarray(at + skip)]);
  const noise = ['"', '\\', '\\u', '\\ud800', '{', '[', ']}', 'null', '1e999', '-0', '\u0000', '\n', ' ', '\ufeff', '__proto__', '"__proto__":1,', '9'.repeat(30), '[['.repeat(40)];
  switch (random(6)) {
    case 0:
      return spliced(Buffer.from([random(256)]), 1);
    case 1:
      return spliced(Buffer.alloc(0), length);
    case 2:
      return spliced(Buffer.concat([cut, cut]), length);
    case 3:
      return text.subarray(0, at);
    case 4:
      return spliced(Buffer.from(noise[random(noise.length)] ?? ''), random(3));
    default:
      return spliced(text.subarray(random(text.length), random(text.length)).subarray(0, 3000), length);
  }
}
