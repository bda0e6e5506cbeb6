import { InputError } from '../../errors.js';
import { finite } from '../../stats/sample.js';

/** Squares of differences of such intervals, and sums of millions of them, stay finite. */
const LIMIT = 1e150;

/** Returns a usable interval, -0 as 0. */
export function piInterval(x: number, name = 'interval'): number {
  if (!(Math.abs(finite(x, name)) <= LIMIT)) {
    throw new InputError('BAD_PARAM', `${name} must be within -1e150 and 1e150, got ${String(x)}`);
  }
  return x + 0;
}
