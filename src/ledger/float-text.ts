/**
 * How the host's JSON library lays out a positive exponent: `1e+16` since version 1.0.147, `1e16` before.
 * All other numbers look the same in both.
 */
export type Spelling = 'newer' | 'older';

/**
 * The JSON text of a double as the host prints it: shortest digits that read back to the same double, always with a
 * point or an exponent, fixed notation for 1e-5 <= |x| < 1e16; a number that is not finite prints as `null`.
 *
 * @param x - any double
 * @param spelling - how to write a positive exponent
 * @example
 * ```ts
 * [formatFloat(1), formatFloat(-0), formatFloat(1e-6), formatFloat(1e16), formatFloat(NaN)]; // => ['1.0', '-0.0', '1e-6', '1e+16', 'null']
 * ```
 */
export function formatFloat(x: number, spelling: Spelling = 'newer'): string {
  if (!Number.isFinite(x)) return 'null';
  if (Number.isInteger(x) && Math.abs(x) < 1e16) return Object.is(x, -0) ? '-0.0' : `${String(x)}.0`;
  const text = String(x);
  const magnitude = Math.abs(x);
  return magnitude >= 1e-5 && magnitude < 1e16 ? text : scientific(text, spelling);
}

/** Digits without leading or trailing zeros, and the power of ten of the first digit. */
function digitsOf(text: string): { sign: string; digits: string; exponent: number } {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  const all = whole + fraction;
  const lead = /^0*/.exec(all)?.[0].length ?? 0;
  return { sign, digits: all.slice(lead).replace(/0+$/, ''), exponent: Number(power) + whole.length - 1 - lead };
}

function scientific(text: string, spelling: Spelling): string {
  const { sign, digits, exponent } = digitsOf(text);
  const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  const plus = exponent > 0 && spelling === 'newer' ? '+' : '';
  return `${sign}${mantissa}e${plus}${String(exponent)}`;
}

/** Which writer spells a canonical number so: null if the text is not what either writes for its value. */
export function spellingOf(text: string): Spelling | 'both' | null {
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  const newer = formatFloat(value) === text;
  const older = formatFloat(value, 'older') === text;
  if (newer && older) return 'both';
  return newer ? 'newer' : older ? 'older' : null;
}
