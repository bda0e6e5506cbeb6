import { formatFloat } from '../../../src/index.js';
import { doubleOfBits, textField } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input) => {
  const x = doubleOfBits(textField(input, 'bits'));
  return { json: formatFloat(x), legacy: formatFloat(x, 'older') };
};
