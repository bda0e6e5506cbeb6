import { canonicalParams, InputError, parseJson } from '../../../src/index.js';
import { textField } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input, cmd) => {
  if (cmd === 'string-escape') return { json: canonicalParams(JSON.stringify(textField(input, 'text'))) };
  try {
    const text = parseJson(textField(input, 'json_text'));
    return { utf8_hex: typeof text === 'string' ? Buffer.from(text).toString('hex') : null };
  } catch (error) {
    if (error instanceof InputError) return { rejected: true };
    throw error;
  }
};
