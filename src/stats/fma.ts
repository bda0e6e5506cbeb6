/** Veltkamp's constant for 53-bit doubles, 2^27 + 1. */
const SPLITTER = 134_217_729;

/** Factors inside [2^-450, 2^450] and addends inside [2^-900, 2^900] keep every intermediate normal and exact. */
const FACTOR_MIN = 2 ** -450;
const FACTOR_MAX = 2 ** 450;
const ADDEND_MIN = 2 ** -900;
const ADDEND_MAX = 2 ** 900;

const view = new DataView(new ArrayBuffer(8));

/** What is lost when `a * b` is rounded to `product` (Dekker, with Veltkamp's splitting). */
export function productError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** What is lost when `a + b` is rounded to `sum` (Knuth). */
export function sumError(a: number, b: number, sum: number): number {
  const bShare = sum - a;
  return a - (sum - bShare) + (b - bShare);
}

/** `a + b` rounded to odd: inexact sums end on the neighbour whose last bit is 1, so a second rounding cannot tie. */
function addToOdd(a: number, b: number): number {
  const sum = a + b;
  const error = sumError(a, b, sum);
  if (error === 0) return sum;
  view.setFloat64(0, sum);
  const bits = view.getBigInt64(0);
  if ((bits & 1n) === 1n) return sum;
  view.setBigInt64(0, error > 0 === sum > 0 ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}

/** A finite double as `mantissa * 2^exponent`. */
function exactly(x: number): { readonly mantissa: bigint; readonly exponent: number } {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const magnitude = biased === 0 ? fraction : fraction | 0x10_0000_0000_0000n;
  return { mantissa: x < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

/** `mantissa * 2^exponent` to the nearest double, ties to even. `mantissa` is not 0. */
function nearest(mantissa: bigint, exponent: number): number {
  const negative = mantissa < 0n;
  let kept = negative ? -mantissa : mantissa;
  let scale = exponent;
  const drop = Math.max(kept.toString(2).length - 53, -1074 - scale);
  if (drop > 0) {
    const rest = kept & ((1n << BigInt(drop)) - 1n);
    const half = 1n << BigInt(drop - 1);
    kept >>= BigInt(drop);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
    scale += drop;
  }
  // Two exact steps, since 2^scale alone may leave the range of doubles.
  const first = Math.max(-1000, Math.min(1000, scale));
  const magnitude = Number(kept) * 2 ** first * 2 ** (scale - first);
  return negative ? -magnitude : magnitude;
}

/** The same by exact rationals, for any finite non-zero factors and finite addend. */
function exactFma(a: number, b: number, c: number): number {
  const [x, y, z] = [exactly(a), exactly(b), exactly(c)];
  const productExponent = x.exponent + y.exponent;
  const exponent = Math.min(productExponent, z.exponent);
  const sum =
    ((x.mantissa * y.mantissa) << BigInt(productExponent - exponent)) + (z.mantissa << BigInt(z.exponent - exponent));
  return sum === 0n ? 0 : nearest(sum, exponent);
}

/**
 * Fused multiply-add `a * b + c`, rounded once.
 *
 * @param a - first factor, any double
 * @param b - second factor, any double
 * @param c - addend, any double
 * @returns the double nearest to the exact `a * b + c`, ties to even; NaN and infinities as IEEE 754 has them
 * @remarks O(1), about 20 flops; factors outside 2^±450 or addends outside 2^±900 take an exact integer road.
 * @see Boldo & Melquiond (2008), Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd,
 * IEEE Transactions on Computers 57, 462-471.
 * @example
 * ```ts
 * fma(0.1, 10, -1); // => 5.551115123125783e-17
 * ```
 */
export function fma(a: number, b: number, c: number): number {
  const size = Math.abs(c);
  if (!(isModerate(a) && isModerate(b) && size >= ADDEND_MIN && size <= ADDEND_MAX)) return unusualFma(a, b, c);
  const product = a * b;
  const productRest = productError(a, b, product);
  const low = c + productRest;
  const lowRest = sumError(c, productRest, low);
  const high = product + low;
  const highRest = sumError(product, low, high);
  return high + addToOdd(lowRest, highRest);
}

/** Zeros, infinities, NaN, and what is too large or too small for the fast road. */
function unusualFma(a: number, b: number, c: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === 0 || b === 0) return a * b + c;
  if (!Number.isFinite(c)) return c;
  // Adding 0 would turn a product that underflows to -0 into +0.
  return c === 0 ? a * b : exactFma(a, b, c);
}

function isModerate(x: number): boolean {
  const size = Math.abs(x);
  return size >= FACTOR_MIN && size <= FACTOR_MAX;
}
