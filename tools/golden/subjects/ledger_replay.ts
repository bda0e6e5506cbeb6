import { InputError, replayLedger } from '../../../src/index.js';
import { ledgerOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's replay artifact, or why there is none. */
export const subject: Subject = (input) => {
  try {
    return { ok: replayLedger(ledgerOf(input)) };
  } catch (error) {
    if (error instanceof InputError) return { error: error.code.toLowerCase() };
    throw error;
  }
};
