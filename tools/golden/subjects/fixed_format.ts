import { formatFixed } from '../../../src/index.js';
import { field, numberOf } from '../input.js';
import type { Subject } from '../subject.js';

/** Fixed-point text of a double. */
export const subject: Subject = (input) => formatFixed(numberOf(field(input, 'value')), numberOf(field(input, 'digits')));
