import { InputError } from '../errors.js';

/**
 * A number with a fixed count of decimals: the exact decimal value of the double, ties to even.
 *
 * @param x - any double; NaN prints as `NaN`, the infinities as `inf` and `-inf`, the sign of zero is kept
 * @param digits - decimals after the point, an integer in [0, 100]
 * @throws {@link InputError} BAD_PARAM
 * @remarks `Number.prototype.toFixed` is exact too, but takes ties away from zero and gives up at 1e21.
 * @example
 * ```ts
 * formatFixed(0.0625, 3); // => '0.062'
 * formatFixed(1e21, 1); // => '1000000000000000000000.0'
 * ```
 */
export function formatFixed(x: number, digits: number): string {
  if (!Number.isInteger(digits) || digits < 0 || digits > 100) {
    throw new InputError('BAD_PARAM', `digits must be an integer in [0, 100], got ${String(digits)}`);
  }
  if (Number.isNaN(x)) return 'NaN';
  return (x < 0 || Object.is(x, -0) ? '-' : '') + formatSize(Math.abs(x), digits);
}

function formatSize(size: number, digits: number): string {
  if (size === Infinity) return 'inf';
  // Doubles of this size are whole numbers.
  if (size >= 1e21) return `${BigInt(size).toString()}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const awayFromZero = size.toFixed(digits);
  return isTie(size, digits) ? toEven(awayFromZero) : awayFromZero;
}

/** Halfway between two texts of `digits` decimals: a double is one exactly when it is an odd multiple of 2^-(digits+1). */
function isTie(size: number, digits: number): boolean {
  return (size * 2 ** (digits + 1)) % 2 === 1;
}

/** A tie that went up to an odd digit belongs one below, which never borrows. */
function toEven(text: string): string {
  const last = Number(text.at(-1));
  return last % 2 === 0 ? text : text.slice(0, -1) + String(last - 1);
}
