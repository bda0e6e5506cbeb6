import { isNumberText } from './lexeme.js';

const U64_MAX = 18446744073709551615n;

/**
 * The double that the host's own command-line reader makes of a number text. It is not correctly rounded: digits are
 * collected in 64 bits, converted (one rounding) and scaled by one power of ten (another), so numbers of 17 digits
 * often come back one unit in the last place away. For diagnosis only.
 *
 * @param text - a JSON number
 * @returns the double, or null where the host refuses the text
 * @example
 * ```ts
 * readHostNumber('0.5'); // => 0.5
 * ```
 */
export function readHostNumber(text: string): number | null {
  if (!isNumberText(text)) return null;
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', power] = match;
  const { significand, exponent } = collect(whole, fraction);
  const magnitude = scale(significand, addExponent(exponent, power ?? '0', significand));
  if (magnitude === null) return null;
  return sign === '-' ? -magnitude : magnitude;
}

/** Digits until the next would overflow 64 bits; whole digits beyond only raise the exponent, fraction digits are dropped. */
function collect(whole: string, fraction: string): { significand: bigint; exponent: number } {
  let significand = 0n;
  for (let i = 0; i < whole.length; i += 1) {
    const next = significand * 10n + BigInt(whole.charAt(i));
    if (next > U64_MAX) return { significand, exponent: whole.length - i };
    significand = next;
  }
  for (let i = 0; i < fraction.length; i += 1) {
    const next = significand * 10n + BigInt(fraction.charAt(i));
    if (next > U64_MAX) return { significand, exponent: -i };
    significand = next;
  }
  return { significand, exponent: -fraction.length };
}

function addExponent(exponent: number, power: string, significand: bigint): number {
  const total = exponent + Number(power);
  if (Number.isSafeInteger(total)) return total;
  return significand === 0n || total < 0 ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

function scale(significand: bigint, exponent: number): number | null {
  let value = Number(significand);
  let left = exponent;
  if (value === 0) return 0;
  while (left < -308) {
    if (value === 0) return 0;
    value /= 1e308;
    left += 308;
  }
  if (left > 308) return null;
  value = left >= 0 ? value * powerOfTen(left) : value / powerOfTen(-left);
  return Number.isFinite(value) ? value : null;
}

function powerOfTen(n: number): number {
  return Number(`1e${String(n)}`);
}
