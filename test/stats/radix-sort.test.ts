import fc from 'fast-check';
import { expect, it } from 'vitest';
import { random } from '../../src/index.js';
import { radixSort } from '../../src/stats/radix-sort.js';

const special = [0, -0, 1, -1, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022, 1 + Number.EPSILON];

it("sorts as the engine's own sort does, from the size on where it is used", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(0, 1, 4095, 4096, 5000), (seed, n) => {
    const source = random(seed);
    const doubles = new Float64Array(Uint32Array.from({ length: 2 * n }, () => source.integer(2 ** 32)).buffer);
    const values = doubles.map((x, i) => (Number.isNaN(x) || i % 7 === 0 ? (special[i % special.length] ?? 0) : x));
    expect(Buffer.from(radixSort(values.slice()).buffer).equals(Buffer.from(values.slice().sort().buffer))).toBe(true);
  }), { seed: 20260101, numRuns: 40 });
});

it('sorts part of an array, and values that share most of their digits', () => {
  const all = Float64Array.from({ length: 10_000 }, (_, i) => ((i * 7919) % 10_000) / 8);
  const part = all.subarray(1000, 9000);
  const expected = part.slice().sort();
  expect(radixSort(part)).toEqual(expected);
  expect(all[0]).toBe(0);
  expect(radixSort(new Float64Array(5000).fill(3))).toEqual(new Float64Array(5000).fill(3));
});
