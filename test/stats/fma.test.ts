import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fma } from '../../src/index.js';

/** A finite double as numerator over 2^1074, which every finite double divides. */
function scaled(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const size = biased === 0n ? fraction : (fraction | (1n << 52n)) << (biased - 1n);
  return x < 0 ? -size : size;
}

/** Whether `x` is the nearest double to `exact` / 2^2148, ties to even, by comparing with both neighbours. */
function isNearest(x: number, exact: bigint): boolean {
  const limit = (1n << 1023n) * 2n - (1n << 970n); // half an ulp above the largest double
  const size = exact < 0n ? -exact : exact;
  if (!Number.isFinite(x)) return !Number.isNaN(x) && size >= limit << 2148n && x > 0 === exact > 0n;
  const distance = (y: bigint): bigint => {
    const d = (y << 1074n) - exact;
    return d < 0n ? -d : d;
  };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const sign = x < 0 ? -1n : 1n;
  const even = (bits & 1n) === 0n;
  const at = (b: bigint): bigint => {
    if (b === 0x7ff0000000000000n) return sign * (1n << 1024n) * (1n << 1074n);
    view.setBigUint64(0, b);
    return sign * scaled(view.getFloat64(0));
  };
  const mine = distance(at(bits));
  const neighbours = [at(bits + 1n), bits === 0n ? -at(1n) : at(bits - 1n)];
  return neighbours.every((n) => (even ? mine <= distance(n) : mine < distance(n)));
}

function check(a: number, b: number, c: number): void {
  const exact = scaled(a) * scaled(b) + (scaled(c) << 1074n);
  expect(isNearest(fma(a, b, c), exact), `fma(${String(a)}, ${String(b)}, ${String(c)})`).toBe(true);
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const usual = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const parameters = { seed: 20260101, numRuns: 3000 };

test('fma is the nearest double to the exact value for doubles of all exponents', () => {
  fc.assert(fc.property(finite, finite, finite, (a, b, c) => { check(a, b, c); }), parameters);
});

test('fma is the nearest double for everyday doubles', () => {
  fc.assert(fc.property(usual, usual, usual, (a, b, c) => { check(a, b, c); }), parameters);
});

test('fma is the nearest double where product and addend all but cancel', () => {
  fc.assert(
    fc.property(finite, finite, fc.integer({ min: -3, max: 3 }), (a, b, ulps) => {
      const product = a * b;
      if (!Number.isFinite(product)) return;
      const c = -product * (1 + ulps * 2 ** -52);
      if (Number.isFinite(c)) check(a, b, c);
    }),
    parameters,
  );
});

test('fma is the nearest double at products that lie half way between two doubles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 26 }), fc.integer({ min: -120, max: 120 }), usual, (n, shift, c) => {
      check(2 * n + 1, 2 ** 53 + 2, c * 2 ** shift);
      check(1 + 2 ** -52, 1 - n * 2 ** -53, 2 ** shift);
      check(1 + 2 ** -52, 1 + 2 ** -52, -c * 2 ** shift);
    }),
    parameters,
  );
});

test('fma keeps the signs of zeros and the rules for infinities', () => {
  expect(fma(-0, 1, -0)).toBe(-0);
  expect(fma(-0, 1, 0)).toBe(0);
  expect(fma(1, 1, -1)).toBe(0);
  expect(fma(1e-200, -1e-200, 0)).toBe(-0);
  expect(fma(1e200, 1e200, -Infinity)).toBe(-Infinity);
  expect(fma(Infinity, 1, -Infinity)).toBeNaN();
  expect(fma(0, Infinity, 1)).toBeNaN();
  expect(fma(NaN, 0, 1)).toBeNaN();
  expect(fma(1, 1, NaN)).toBeNaN();
  expect(fma(1e308, 10, -1e308)).toBe(Infinity);
  expect(fma(2 ** 1023, 2, -(2 ** 1023))).toBe(2 ** 1023);
  expect(fma(5e-324, 0.5, 5e-324)).toBe(1e-323);
});
