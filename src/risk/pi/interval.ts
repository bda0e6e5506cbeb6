import { InputError } from '../../errors.js';
import { finite } from '../../stats/sample.js';

/** Squares of differences of such intervals, and sums of millions of them, stay finite. */
const LIMIT = 1e150;

/** Returns a usable interval, -0 as 0. */
export function piInterval(x: number): number {
  if (!(Math.abs(finite(x, 'interval')) <= LIMIT)) {
    throw new InputError('BAD_PARAM', `interval must be within -1e150 and 1e150, got ${String(x)}`);
  }
  return x + 0;
}
