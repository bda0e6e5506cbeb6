import { bytesSource, diagnoseHost, InputError, verifyStream } from '../../../src/index.js';
import { textField } from '../input.js';
import type { Subject } from '../subject.js';

/** The verdict of the strict reader; null where it refuses. */
function strictVerdict(text: string): boolean | null {
  try {
    return verifyStream(bytesSource(Buffer.from(text))).consistent;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

export const subject: Subject = (input) => {
  const text = textField(input, 'text');
  const { parses, entries, hashMismatches, valid } = diagnoseHost(text);
  return { parses, entries, hash_mismatches: hashMismatches, valid, valid_exact: strictVerdict(text) };
};
