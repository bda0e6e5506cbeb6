import { InputError } from '../errors.js';

/** Returns `x`, or throws NOT_FINITE. */
export function finite(x: number, name: string): number {
  if (!Number.isFinite(x)) throw new InputError('NOT_FINITE', `${name} must be finite, got ${String(x)}`);
  return x;
}

/** Returns `x` if it is a probability strictly between 0 and 1, else throws BAD_PARAM. */
export function insideUnit(x: number, name: string): number {
  if (!(x > 0 && x < 1)) throw new InputError('BAD_PARAM', `${name} must be in (0, 1), got ${String(x)}`);
  return x;
}

/** Returns `x` if it is in [0, 1], else throws BAD_PARAM. */
export function unit(x: number, name: string): number {
  if (!(x >= 0 && x <= 1)) throw new InputError('BAD_PARAM', `${name} must be in [0, 1], got ${String(x)}`);
  return x;
}

/** Returns `x` if it is finite and > 0, else throws BAD_PARAM. */
export function positive(x: number, name: string): number {
  if (!(x > 0 && x < Infinity)) throw new InputError('BAD_PARAM', `${name} must be finite and > 0, got ${String(x)}`);
  return x;
}

/** Returns `x` if it is finite and >= 0, else throws BAD_PARAM. */
export function nonNegative(x: number, name: string): number {
  if (!(x >= 0 && x < Infinity)) throw new InputError('BAD_PARAM', `${name} must be finite and >= 0, got ${String(x)}`);
  return x;
}

/** Returns `x` if it is an integer in [min, max], else throws BAD_PARAM. */
export function integerIn(x: number, min: number, max: number, name: string): number {
  if (!(Number.isSafeInteger(x) && x >= min && x <= max)) {
    throw new InputError('BAD_PARAM', `${name} must be an integer in [${String(min)}, ${String(max)}], got ${String(x)}`);
  }
  return x;
}

/**
 * The finite values in ascending order.
 *
 * @throws {@link InputError} TOO_FEW where there is none, NOT_FINITE where one is not finite
 */
export function ascending(values: ArrayLike<number>, name: string): Float64Array {
  if (values.length === 0) throw new InputError('TOO_FEW', `${name} must hold at least one value, got none`);
  const copy = Float64Array.from(values).sort();
  finite(copy[0] ?? NaN, `${name}'s smallest value`);
  finite(copy[copy.length - 1] ?? NaN, `${name}'s largest value`);
  return copy;
}

/** The number itself; NaN for what is none, which a typed array would turn into some number: null into 0, '3' into 3. */
export function numberOrNaN(x: unknown): number {
  return typeof x === 'number' ? x : NaN;
}
