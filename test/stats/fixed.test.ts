import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFixed } from '../../src/index.js';

/** Rounds the exact rational value of a double by integer arithmetic. */
function naive(x: number, digits: number): string {
  const bits = new BigUint64Array(new Float64Array([x]).buffer)[0] ?? 0n;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const significand = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  let numerator = significand * 10n ** BigInt(digits);
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  let quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  const text = quotient.toString().padStart(digits + 1, '0');
  const sign = bits >> 63n === 1n ? '-' : '';
  return sign + (digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

describe('formatFixed', () => {
  it('equals exact rational rounding for doubles of every size', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 25 }), (x, digits) => {
        expect(formatFixed(x, digits)).toBe(naive(x, digits));
      }),
      { seed: 20260101, numRuns: 3000 },
    );
  });

  it('equals exact rational rounding on multiples of small powers of two, where ties live', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 6 }), (k, power, digits) => {
        expect(formatFixed(k / 2 ** power, digits)).toBe(naive(k / 2 ** power, digits));
      }),
      { seed: 20260101, numRuns: 3000 },
    );
  });

  it('spells what is not a number and keeps the sign of zero', () => {
    expect([NaN, Infinity, -Infinity, -0, 0].map((x) => formatFixed(x, 3))).toEqual(['NaN', 'inf', '-inf', '-0.000', '0.000']);
  });

  it('gives every measured text of the host', () => {
    const { cases } = JSON.parse(readFileSync(new URL('../golden/fixed_format.json', import.meta.url), 'utf8')) as {
      cases: { input: { value: number | string; digits: number }; expected: string }[];
    };
    expect(cases.length).toBe(110);
    for (const { input, expected } of cases) {
      const value = input.value === 'inf' ? Infinity : input.value === '-inf' ? -Infinity : Number(input.value);
      expect(formatFixed(value, input.digits)).toBe(expected);
    }
  });

  it('refuses a count of digits it cannot print, naming it', () => {
    for (const digits of [-1, 1.5, 101, NaN]) {
      expect(() => formatFixed(1, digits)).toThrow(`digits must be an integer in [0, 100], got ${String(digits)}`);
    }
  });
});
