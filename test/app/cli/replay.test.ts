import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it('refuses a ledger that does not verify, and a window no host has', async () => {
    const bad = file('bad.json', text.replace('"call_id":"app4.1-0001"', '"call_id":"other"'));
    for (const options of [[], ['--json'], ['--format', 'pi']]) expect(await hindcast(['replay', bad, ...options])).toMatchObject({ code: 1, err: expect.stringContaining('does not verify') as string });
    expect((await hindcast(['replay', GOOD, '--window-size', '3'])).code).toBe(3);
  });
});
