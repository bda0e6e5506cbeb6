import { refuseField, textOrNull } from './record.js';
import { TRACE_FLAGS } from '../words.js';

/** A hash as a source has it, and the flag that says why there is none. */
export interface SourceHash {
  readonly hash: string | null;
  readonly flag: number;
}

const NONE: SourceHash = { hash: null, flag: 0 };
const REDACTED: SourceHash = { hash: null, flag: TRACE_FLAGS.ARGS_REDACTED };

/**
 * The text of a hash; null where it is empty or says that it was redacted.
 *
 * @throws {@link InputError} WRONG_TYPE where it is any other text
 */
export function hashOfText(text: string, field: string): SourceHash {
  // The table checks the digits.
  if (text.length === 64) return { hash: text, flag: 0 };
  return text === '' || /redact/i.test(text) ? REDACTED : refuseField('WRONG_TYPE', field, text, '64 hexadecimal digits');
}

/**
 * The hash in a field; null where it is absent, null, empty or says that it was redacted.
 *
 * @throws {@link InputError} WRONG_TYPE
 */
export function hashOrNull(value: unknown, field: string): SourceHash {
  const text = textOrNull(value, field);
  return text === null ? NONE : hashOfText(text, field);
}
