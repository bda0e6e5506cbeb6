import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEntry, generateEntries, sealLedger } from '../../../src/index.js';
import { file, folder, hindcast } from './session.js';

const GOOD = 'datasets/npm/npm-incident.ledger.json';
const text = readFileSync(GOOD, 'utf8');
const bare = text.slice(text.indexOf('"entries":[') + 10, -1).replaceAll(/,"ledger_hash":"[0-9a-f]*","prev_ledger_hash":(?:"[0-9a-f]*"|null)/g, '');

/** The ledger sealed anew after a change, so that its hashes hold. */
async function resealed(change: (entries: string) => string): Promise<string> {
  const out = join(folder(), 'resealed.json');
  expect((await hindcast(['seal', file('entries.json', change(bare)), '--out', out])).code).toBe(0);
  return out;
}

describe('hindcast replay', () => {
  it('recomputes the recorded runs without a mismatch', async () => {
    const runs = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`);
    const { code, out, err } = await hindcast(['replay', ...runs]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^every decision recomputes/gm)).toHaveLength(3);
  });

  it('names entry and field of a decision that was changed and sealed anew', async () => {
    const changed = await resealed((entries) => entries.replace('"selected_action":"harden"', '"selected_action":"allow"'));
    expect((await hindcast(['verify', changed])).code).toBe(0);
    const { code, out } = await hindcast(['replay', changed]);
    expect(code).toBe(1);
    expect(out).toContain('selected_action: recorded "allow", recomputed "harden"');
  });

  it('lists every mismatch as JSON, however many', async () => {
    const changed = await resealed((entries) => entries.replaceAll('"selected_action":"harden"', '"selected_action":"allow"'));
    const { code, out } = await hindcast(['replay', changed, '--json']);
    const { files } = JSON.parse(out) as { files: { mismatches: unknown[]; mismatchCount: number }[] };
    expect(code).toBe(1);
    expect(files[0]?.mismatchCount).toBeGreaterThanOrEqual(245);
    expect(files[0]?.mismatches).toHaveLength(files[0]?.mismatchCount ?? -1);
    expect((await hindcast(['replay', changed])).out).toMatch(/and \d+ more mismatches; --json lists all/);
  });

  it('prints the host\'s artifact, whose steps follow its hashes', async () => {
    const { code, out } = await hindcast(['replay', GOOD, '--format', 'pi']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\{\n {2}"schema": "pi\.ext\.runtime_risk_replay\.v1",\n/);
    expect(out).toMatch(/\n {2}"steps": \[\n {4}\{\n {6}"index": 0,\n/);
    expect(out.endsWith('\n    }\n  ]\n}\n')).toBe(true);
    const empty = await resealed(() => '[]');
    expect((await hindcast(['replay', empty, '--format', 'pi'])).out).toContain('"steps": []\n}\n');
  });

  it('says that calls which overlapped would look the same, where a mismatch rests on earlier calls, and only there', async () => {
    const said = 'calls of one actor that overlapped in time would look like this';
    const moved = await hindcast(['replay', await resealed((entries) => entries.replace(/"e_process":0\.\d+/, '"e_process":0.5'))]);
    expect([moved.code, moved.out.replaceAll(/\s+/g, ' ').includes(said)]).toEqual([1, true]);
    const relabelled = await hindcast(['replay', await resealed((entries) => entries.replace('"derived_state":"safe_fast"', '"derived_state":"unsafe"'))]);
    expect([relabelled.code, relabelled.out.replaceAll(/\s+/g, ' ').includes(said)]).toEqual([1, false]);
    expect((await hindcast(['replay', '--help'])).out.replaceAll(/\s+/g, ' ')).toContain('calls of one actor do not overlap in time');
  });

  it('never takes another window for a mismatch, in a ledger cut at the front, and finds a length that fits', async () => {
    const entries = sealLedger([...generateEntries({ entries: 900, seed: 3, controller: { windowSize: 24 } })].map((g) => g.entry), { generatedAtMs: 0n }).entries.slice(250);
    const lines = file('cut.jsonl', entries.map((e) => `${formatEntry(e)}\n`).join(''));
    const { code, out } = await hindcast(['replay', lines]);
    expect([code, out.replaceAll(/\s+/g, ' ').includes("a score window of 24 calls (as the ledger's own figures show)")]).toEqual([0, true]);
    expect((await hindcast(['replay', lines, '--window-size', '128'])).code).toBe(1);
  });

  it('observes a threshold that changes', async () => {
    const { code, out } = await hindcast(['replay', await resealed((entries) => entries.replace('"e_threshold":100.0', '"e_threshold":50.0'))]);
    expect([code, out.replaceAll(/\s+/g, ' ').includes('e_threshold changes at entry 1, from 50 to 100')]).toEqual([0, true]);
  });

  it('refuses a ledger that does not verify, and a window no host has', async () => {
    const bad = file('bad.json', text.replace('"call_id":"app4.1-0001"', '"call_id":"other"'));
    for (const options of [[], ['--json'], ['--format', 'pi']]) expect(await hindcast(['replay', bad, ...options])).toMatchObject({ code: 1, err: expect.stringContaining('does not verify') as string });
    expect((await hindcast(['replay', GOOD, '--window-size', '3'])).code).toBe(3);
  });
});
