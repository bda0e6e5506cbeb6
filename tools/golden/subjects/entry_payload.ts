import { decodeUnsealedEntry, entryHash, entryPayload } from '../../../src/index.js';
import { field } from '../input.js';
import type { Subject } from '../subject.js';

export const subject: Subject = (input) => {
  const given = field(input, 'prev_ledger_hash');
  const prevHash = typeof given === 'string' ? given : null;
  const entry = decodeUnsealedEntry(input);
  const payload = entryPayload(entry, prevHash);
  const older = entryPayload(entry, prevHash, 'older');
  return { ledger_hash: entryHash(entry, prevHash), payload, payload_ryu: older === payload ? null : older, prefix: prevHash ?? '' };
};
