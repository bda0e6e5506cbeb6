import { piVerify, verifyLedger } from '../../../src/index.js';
import { ledgerOf } from '../input.js';
import type { Subject } from '../subject.js';

/** The host's verdict; hindcast's own must name the same faults. */
export const subject: Subject = (input) => {
  const ledger = ledgerOf(input);
  const host = piVerify(ledger);
  const own = verifyLedger(ledger);
  if (own.consistent !== host.valid || own.faults.some((f, i) => f.code !== host.errors[i]?.code || f.index !== host.errors[i].index)) {
    throw new Error('the two verdicts differ');
  }
  return host;
};
