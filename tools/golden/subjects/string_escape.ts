import { canonicalParams, InputError, parseJson } from '../../../src/index.js';
import { textField } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input, cmd) => {
  if (cmd === 'string-escape') return { json: canonicalParams(JSON.stringify(textField(input, 'text'))) };
  try {
    const text = parseJson(textField(input, 'json_text'));
    return { utf8_hex: Buffer.from(String(text)).toString('hex') };
  } catch (error) {
    if (error instanceof InputError) return { rejected: true };
    throw error;
  }
};
