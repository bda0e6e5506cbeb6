import { InputError, parseJson, readHostNumber } from '../../../src/index.js';
import { bitsOfDouble, isNumber, textField } from '../input.js';
import type { Subject } from '../subject.js';

/** What the strict reader makes of a text where a number belongs; null where it refuses. */
function readNumber(text: string): number | null {
  try {
    const node = parseJson(text);
    const value = isNumber(node) ? Number(node.text) : NaN;
    return Number.isFinite(value) ? value : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function bitsOf(x: number | null): string | null {
  return x === null ? null : bitsOfDouble(x);
}

export const subject: Subject = (input) => {
  const text = textField(input, 'text');
  return { bits: bitsOf(readNumber(text)), seed_bits: bitsOf(readHostNumber(text)) };
};
