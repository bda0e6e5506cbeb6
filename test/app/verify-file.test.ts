import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bytesSource, formatLedger, InputError, readLedger, sealLedger, verifyStream, type Ledger, type LedgerFault, type VerificationReport } from '../../src/index.js';
import { smallLedgers } from '../ledger/samples.js';

// Workers run compiled code, so this tries the built files, which `npm test` has just made.
const built = new URL('../../dist/app/verify-file.js', import.meta.url);
const { verifyFile } = (await import(built.href)) as typeof import('../../src/app/verify-file.js');

const folder = mkdtempSync(join(tmpdir(), 'hindcast-parallel-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const sample = readLedger(smallLedgers().get('20 entries') ?? Buffer.alloc(0)).entries;
const ledger: Ledger = sealLedger(Array.from({ length: 300 }, (_, i) => ({ ...(sample[i % 20] ?? assert.fail()), call_id: `call ${String(i)}` })), { generatedAtMs: 7n });

async function inParallel(text: string, segmentBytes: number, onFault?: (fault: LedgerFault) => void): Promise<VerificationReport> {
  const path = join(folder, 'ledger');
  writeFileSync(path, text);
  return verifyFile(path, { threads: 2, segmentBytes, ...(onFault && { onFault }) });
}

const layouts: [string, (l: Ledger) => string][] = [
  ['compact', formatLedger],
  ['indented', (l) => JSON.stringify(JSON.parse(formatLedger(l).replace(/([:[,])(-?\d[0-9.eE+-]*)(?=[,}\]])/g, '$1"@$2@"')), null, 2).replace(/"@([^@]*)@"/g, '$1')],
  ['in lines', ({ entries }) => formatLedger({ header: null, entries })],
];

for (const [name, layout] of layouts) {
  test(`a ledger ${name} gets the same report from several threads as from one, wherever segments begin`, async () => {
    const text = layout(ledger);
    const one = verifyStream(bytesSource(Buffer.from(text)));
    expect(one.consistent).toBe(true);
    for (const size of [4096, 5000, 10_007, 65_536]) assert.deepStrictEqual(await inParallel(text, size), one, `segments of ${String(size)}`);
  });

  test(`faults of a ledger ${name} are the same, and in order, from several threads`, async () => {
    const broken = { ...ledger, entries: ledger.entries.filter((_, i) => i !== 150).map((e, i) => (i % 37 === 0 ? { ...e, method: 'x' } : e)) };
    const text = layout(broken);
    const one = verifyStream(bytesSource(Buffer.from(text)));
    const told: LedgerFault[] = [];
    const several = await inParallel(text, 5000, (fault) => told.push(fault));
    assert.deepStrictEqual(several, one);
    assert.equal(told.length, one.faultCount);
    assert.deepStrictEqual(told.filter((f) => f.code.endsWith('prev_hash_mismatch') || f.code === 'hash_mismatch').map((f) => f.index), one.faults.filter((f) => f.code === 'prev_hash_mismatch' || f.code === 'hash_mismatch').map((f) => f.index));
  });
}

test('entries whose values look like the start of an entry do not mislead the search for segments', async () => {
  const bait = sealLedger(ledger.entries.map((e) => ({ ...e, policy_reason: '},{"ts_ms":1,"extension_id":"x"'.repeat(20) })), { generatedAtMs: 7n });
  for (const layout of [formatLedger, (l: Ledger) => formatLedger(l).replaceAll('"extension_id":', '"note":{"ts_ms":1},"extension_id":')]) {
    const text = layout(bait);
    assert.deepStrictEqual(await inParallel(text, 5000), verifyStream(bytesSource(Buffer.from(text))));
  }
});

test('an unreadable entry is named with its index in the whole file', async () => {
  const text = formatLedger(ledger).replace(/"call_id":"call 222","capability"/, '"call_id":5,"capability"');
  await expect(inParallel(text, 5000)).rejects.toThrow(/^entries\[222\], byte \d+: entry\.call_id must be a string, got the number 5$/);
  await expect(inParallel(text, 5000)).rejects.toBeInstanceOf(Error);
  assert.throws(() => verifyStream(bytesSource(Buffer.from(text))), InputError);
});
