/** Bits of a key looked at in one pass, and passes until all 64 are seen. */
const DIGIT = 11;
const BUCKETS = 2 ** DIGIT;
const PASSES = 6;

/** Below this the engine's own sort is faster: the counts alone cost as much. */
const SMALL = 4096;

/** Position of the low and the high half of a double in its two 32-bit words. */
const [LOW, HIGH] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** Eleven bits of a 64-bit key from `shift` on. */
function digitOf(low: number, high: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & (BUCKETS - 1);
  const lower = low >>> shift;
  return (shift > 32 - DIGIT ? lower | (high << (32 - shift)) : lower) & (BUCKETS - 1);
}

/** Turns doubles into keys that sort as unsigned integers: all bits of a negative flipped, the sign of the others. */
function toKeys(words: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + HIGH] ?? 0;
    const negative = high >>> 31 === 1;
    if (negative) words[i + LOW] = ~(words[i + LOW] ?? 0);
    words[i + HIGH] = negative ? ~high : high ^ 0x80000000;
  }
}

function fromKeys(words: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + HIGH] ?? 0;
    const negative = high >>> 31 === 0;
    if (negative) words[i + LOW] = ~(words[i + LOW] ?? 0);
    words[i + HIGH] = negative ? ~high : high ^ 0x80000000;
  }
}

/** How many keys have each digit in each pass. */
function countDigits(words: Uint32Array): Uint32Array {
  const counts = new Uint32Array(PASSES * BUCKETS);
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i + LOW] ?? 0;
    const high = words[i + HIGH] ?? 0;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const at = pass * BUCKETS + digitOf(low, high, pass * DIGIT);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  return counts;
}

/** Moves the keys into the order of one digit, keeping the order of equals. */
function scatter(from: Uint32Array, to: Uint32Array, starts: Uint32Array, shift: number): void {
  for (let i = 0; i < from.length; i += 2) {
    const low = from[i + LOW] ?? 0;
    const high = from[i + HIGH] ?? 0;
    const digit = digitOf(low, high, shift);
    const at = starts[digit] ?? 0;
    starts[digit] = at + 2;
    to[at + LOW] = low;
    to[at + HIGH] = high;
  }
}

/**
 * Sorts doubles in place by IEEE 754 totalOrder, as `Float64Array.prototype.sort` does.
 *
 * @param values - any doubles but NaN
 * @returns `values`
 * @remarks O(n), with as much memory again: two to three times as fast as the engine's sort on values in no order.
 * @see Knuth (1998), The Art of Computer Programming 3, section 5.2.5.
 */
export function radixSort(values: Float64Array): Float64Array {
  if (values.length < SMALL) return values.sort();
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  toKeys(words);
  const counts = countDigits(words);
  let [from, to]: [Uint32Array, Uint32Array] = [words, new Uint32Array(words.length)];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const starts = counts.subarray(pass * BUCKETS, (pass + 1) * BUCKETS);
    if (starts.includes(values.length)) continue;
    let sum = 0;
    for (let digit = 0; digit < BUCKETS; digit += 1) {
      const count = starts[digit] ?? 0;
      starts[digit] = 2 * sum;
      sum += count;
    }
    scatter(from, to, starts, pass * DIGIT);
    [from, to] = [to, from];
  }
  fromKeys(from);
  if (from !== words) words.set(from);
  return values;
}
