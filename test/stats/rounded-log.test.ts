import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundedLog } from '../../src/index.js';

const BITS = 320n;
const ONE = 1n << BITS;

/** artanh of a fraction by its series, in units of 2^-320. */
function artanh(numerator: bigint, denominator: bigint): bigint {
  const s = (numerator * ONE) / denominator;
  const square = (s * s) >> BITS;
  let [power, total] = [s, 0n];
  for (let k = 1n; power !== 0n && k < 2000n; k += 2n) {
    total += power / k;
    power = (power * square) >> BITS;
  }
  return total;
}

const LN2 = 2n * artanh(1n, 3n);

/** Whether `y` is the double nearest to ln x, by 320-bit arithmetic. */
function isNearestLog(x: number, y: number): boolean {
  let exponent = 0n;
  let mantissa = x;
  for (; mantissa < 0.75; mantissa *= 2) exponent -= 1n;
  for (; mantissa >= 1.5; mantissa /= 2) exponent += 1n;
  const m = BigInt(mantissa * 2 ** 53);
  const exact = 2n * artanh(m - (1n << 53n), m + (1n << 53n)) + exponent * LN2;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(y));
  const bits = view.getBigUint64(0);
  const neighbour = (step: bigint): number => {
    view.setBigUint64(0, bits + step);
    return view.getFloat64(0) * Math.sign(y);
  };
  const fixed = (v: number): bigint => BigInt(v * 2 ** 106) << (BITS - 106n);
  const distance = (v: number): bigint => {
    const d = fixed(v) - exact;
    return d < 0n ? -d : d;
  };
  return distance(y) <= distance(neighbour(1n)) && distance(y) <= distance(neighbour(-1n));
}

test('the logarithm is the nearest double, near 1, far from it and in between', () => {
  const near = fc.double({ min: 0.5, max: 2, noNaN: true });
  const any = fc.tuple(near, fc.integer({ min: -1070, max: 1023 })).map(([m, e]) => m * 2 ** Math.trunc(e / 2) * 2 ** (e - Math.trunc(e / 2)));
  const beside = fc.integer({ min: -1000, max: 1000 }).map((k) => 1 + k * 2 ** -40);
  fc.assert(
    fc.property(fc.oneof(near, any, beside), (x) => {
      fc.pre(x > 0 && x < Infinity && x !== 1);
      expect(isNearestLog(x, roundedLog(x))).toBe(true);
    }),
    { seed: 20260101, numRuns: 3000 },
  );
});

test('the logarithm has its usual edges', () => {
  expect(roundedLog(1)).toBe(0);
  expect(roundedLog(0)).toBe(-Infinity);
  expect(roundedLog(Infinity)).toBe(Infinity);
  expect(roundedLog(-1)).toBeNaN();
  expect(roundedLog(NaN)).toBeNaN();
  expect(roundedLog(5e-324)).toBe(-744.4400719213812);
  expect(roundedLog(Number.MAX_VALUE)).toBe(709.782712893384);
});
