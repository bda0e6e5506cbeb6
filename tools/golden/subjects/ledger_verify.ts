import { piVerification, verifyLedger } from '../../../src/index.js';
import { ledgerOf } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input) => piVerification(verifyLedger(ledgerOf(input)));
