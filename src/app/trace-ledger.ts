import { createHash } from 'node:crypto';
import { traceLedger } from '../baseline/trace/trace-ledger.js';
import type { VerifiedLedger } from '../ledger/report.js';
import type { ByteSource } from '../ledger/source.js';
import { readArrowStream } from '../trace/arrow-stream-read.js';

/**
 * Reads a trace (Arrow stream) for statistics that ledgers are read for; it is known by the SHA-256 of its bytes.
 *
 * @throws {@link InputError} as `readArrowStream` and {@link traceLedger}
 */
export function readTraceLedger(source: ByteSource, { callIds = false }: { readonly callIds?: boolean } = {}): VerifiedLedger {
  const hash = createHash('sha256');
  const hashed: ByteSource = (into) => {
    const count = source(into);
    hash.update(into.subarray(0, count));
    return count;
  };
  const { columns, report } = traceLedger(readArrowStream(hashed).chunks, { dataHash: '', callIds });
  return { columns, report: { ...report, computedDataHash: hash.digest('hex') } };
}
