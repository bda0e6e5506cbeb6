import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayLedger, sealLedger, type Ledger } from '../../src/index.js';
import { runGolden } from '../../tools/golden/run.js';
import { subject } from '../../tools/golden/subjects/ledger_replay.js';
import { HOST_CASES } from '../risk/pi/host-cases.js';

describe('replayLedger', () => {
  it('gives every measured artifact and refusal of the host', () => {
    const result = runGolden(readFileSync(new URL('../golden/ledger_replay.json', import.meta.url)), subject);
    expect(result).toEqual({ passed: 7, failures: [] });
  });

  it('names at most the first three faults when it refuses', () => {
    const whole = HOST_CASES.find(({ ledger }) => ledger.entries.length > 8)?.ledger;
    if (whole === undefined) throw new Error('no case is long enough');
    const broken: Ledger = { ...whole, entries: whole.entries.map((e) => ({ ...e, risk_score: 0.5 })) };
    expect(() => replayLedger(broken)).toThrow(/^the ledger does not verify: \[0\] hash_mismatch: [^;]*; \[1\] hash_mismatch: [^;]*; \[2\] hash_mismatch: [^;]*$/);
  });

  it('keeps the order of the fields', () => {
    const artifact = replayLedger(sealLedger([], { generatedAtMs: 1n }));
    expect(Object.keys(artifact)).toEqual(['schema', 'source_schema', 'source_data_hash', 'entry_count', 'tail_ledger_hash', 'steps']);
  });
});
