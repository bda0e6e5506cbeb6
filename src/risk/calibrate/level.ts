import { decimalOf } from '../../stats/decimal.js';
import { insideUnit } from '../../stats/sample.js';

/**
 * 1 - x as a person reckons it: 0.05 for 0.95, where the doubles' difference is 0.050000000000000044.
 *
 * @param x - in (0, 1)
 * @param name - what to call it in an error
 * @throws {@link InputError} BAD_PARAM
 */
export function complementOf(x: number, name: string): number {
  const { numerator, denominator } = decimalOf(insideUnit(x, name));
  return Number(denominator - numerator) / Number(denominator);
}

/** A probability as a percentage, as short as it can be: `10 %`, `0.5 %`. */
export function percentText(x: number): string {
  return `${String(Number((100 * x).toPrecision(6)))} %`;
}
