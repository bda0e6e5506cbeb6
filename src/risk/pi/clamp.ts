import { InputError } from '../../errors.js';

/** Limits x to [0, 1] as the host does: NaN becomes 0, the sign of zero stays. */
export function clamp01(x: number): number {
  if (Number.isNaN(x)) return 0;
  return x < 0 ? 0 : x > 1 ? 1 : x;
}

/**
 * `x` limited to [min, max], never -0.
 *
 * @throws {@link InputError} NOT_FINITE for NaN, which the host would keep: nothing sound can be made of it here
 */
export function clampNumber(x: number, min: number, max: number, name: string): number {
  if (Number.isNaN(x)) throw new InputError('NOT_FINITE', `${name} must be a number, got NaN`);
  return Math.min(Math.max(x, min), max) + 0;
}

/**
 * An integer limited to [min, max].
 *
 * @throws {@link InputError} BAD_PARAM for anything but an integer that doubles hold exactly
 */
export function clampCount(x: number, min: number, max: number, name: string): number {
  if (!Number.isSafeInteger(x)) throw new InputError('BAD_PARAM', `${name} must be an integer, got ${String(x)}`);
  return Math.min(Math.max(x, min), max);
}
