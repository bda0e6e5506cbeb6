/**
 * ln of a sum of exponentials, without overflow or underflow.
 *
 * @param logs - logarithms of the terms; -Infinity is a term of 0
 * @returns ln sum exp(logs); -Infinity for no terms, NaN if any is NaN
 * @remarks O(n). Relative error of the sum about n eps.
 * @example
 * ```ts
 * logSumExp([-1000, -1000]); // => -1000 + Math.LN2
 * ```
 */
export function logSumExp(logs: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < logs.length; i += 1) largest = Math.max(largest, logs[i] ?? NaN);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < logs.length; i += 1) sum += Math.exp((logs[i] ?? NaN) - largest);
  return largest + Math.log(sum);
}

/**
 * ln(exp(a) + exp(b)), without overflow or underflow.
 *
 * @param a - logarithm; -Infinity is a term of 0
 * @param b - logarithm; -Infinity is a term of 0
 * @returns the logarithm of the sum, NaN if either is NaN
 * @example
 * ```ts
 * logAddExp(-Infinity, 3); // => 3
 * ```
 */
export function logAddExp(a: number, b: number): number {
  const [high, low] = a >= b ? [a, b] : [b, a];
  return high === -Infinity || high === Infinity ? high + (Number.isNaN(low) ? NaN : 0) : high + Math.log1p(Math.exp(low - high));
}
