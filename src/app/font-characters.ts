/** Offset of the table of characters in a TrueType font. */
function tableAt(font: DataView, tag: number): number {
  for (let i = 0; i < font.getUint16(4); i += 1) if (font.getUint32(12 + 16 * i) === tag) return font.getUint32(12 + 16 * i + 8);
  throw new RangeError('the font has no table of characters');
}

/** Ranges of code points that a font has glyphs for, ascending: pairs of first and last. */
function rangesOf(bytes: Uint8Array): Uint32Array {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cmap = tableAt(font, 0x636d6170);
  for (let i = 0; i < font.getUint16(cmap + 2); i += 1) {
    const at = cmap + font.getUint32(cmap + 4 + 8 * i + 4);
    // Format 12 is the one with all of Unicode.
    if (font.getUint16(at) !== 12) continue;
    return Uint32Array.from({ length: 2 * font.getUint32(at + 12) }, (_, k) => font.getUint32(at + 16 + 12 * (k >> 1) + 4 * (k & 1)));
  }
  throw new RangeError('the font does not say which characters of Unicode it has');
}

function isWithin(ranges: Uint32Array, codePoint: number): boolean {
  let [low, high] = [0, ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[2 * middle + 1] as number) < codePoint) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length / 2 && (ranges[2 * low] as number) <= codePoint;
}

/**
 * Which characters some TrueType fonts all have glyphs for.
 *
 * @param fonts - files with a character map of format 12
 * @see ISO/IEC 14496-22 (OpenType), table `cmap`.
 */
export function charactersOf(fonts: readonly Uint8Array[]): (codePoint: number) => boolean {
  const all = fonts.map(rangesOf);
  return (codePoint) => all.every((ranges) => isWithin(ranges, codePoint));
}
