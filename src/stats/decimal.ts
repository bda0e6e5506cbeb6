import { finite } from './sample.js';

/** The number `numerator` / `denominator`; the denominator is a power of ten, >= 1. */
export interface Decimal {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The decimal number that a person who wrote this double meant: its shortest text, read exactly.
 *
 * @param x - finite
 * @throws {@link InputError} NOT_FINITE
 * @remarks 0.1 is 1/10 here, and not 3602879701896397 / 2^55 as it is in binary: (19 + 1) (1 - 0.1) is 18.
 */
export function decimalOf(x: number, name = 'a number'): Decimal {
  const [mantissa = '0', exponentText = '0'] = String(finite(x, name)).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const exponent = Number(exponentText) - fraction.length;
  const digits = BigInt(whole + fraction);
  return exponent >= 0
    ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
}
