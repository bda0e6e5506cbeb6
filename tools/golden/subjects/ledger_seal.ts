import { decodeUnsealedEntry, sealLedger } from '../../../src/index.js';
import { field, isNumber, listField } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input) => {
  const given = field(input, 'prev_ledger_hash');
  const generated = field(input, 'generated_at_ms');
  const { header, entries } = sealLedger(
    listField(input, 'entries').map((entry) => decodeUnsealedEntry(entry)),
    { prevHash: typeof given === 'string' ? given : null, generatedAtMs: BigInt(isNumber(generated) ? generated.text : 0) },
  );
  return { ...header, entries };
};
