import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunksOf, streamOf } from '../trace/rows.js';
import type { TraceRow } from '../../src/index.js';
import { folder, hindcast } from './cli/session.js';

const LEDGER = 'datasets/npm/npm-approved.ledger.json';

async function imported(name: string): Promise<string> {
  const path = join(folder(), 'run.arrows');
  expect((await hindcast(['import', `datasets/npm/${name}`, '-o', path])).code).toBe(0);
  return path;
}

function trace(rows: readonly TraceRow[]): string {
  const path = join(folder(), 'made.arrows');
  writeFileSync(path, streamOf(chunksOf(rows)));
  return path;
}

/** A report without the hash of what it was computed from. */
function figures(json: string): string {
  return json.replaceAll(/"[0-9a-f]{64}"/g, '"hash"');
}

describe('the trace of a ledger', () => {
  test('has the baseline of the ledger', async () => {
    const [own, ledger] = [await hindcast(['baseline', await imported('npm-approved.ledger.json'), '--json']), await hindcast(['baseline', LEDGER, '--json'])];
    expect(own.code).toBe(ledger.code);
    expect(figures(own.out)).toBe(figures(ledger.out));
    expect(own.out).not.toBe(ledger.out);
  });

  test('drifts and calibrates as the ledger does', async () => {
    const path = await imported('npm-incident.ledger.json');
    const base = join(folder(), 'base.json');
    await hindcast(['baseline', LEDGER, '--json', '--out', base]);
    const [own, ledger] = [await hindcast(['drift', base, path]), await hindcast(['drift', base, 'datasets/npm/npm-incident.ledger.json'])];
    expect([own.code, own.out.replaceAll(path, 'X')]).toEqual([ledger.code, ledger.out.replaceAll('datasets/npm/npm-incident.ledger.json', 'X')]);
    const labels = ['--labels', 'datasets/npm/npm-incident.labels.csv', '--json'];
    expect(figures((await hindcast(['calibrate', path, ...labels])).out)).toBe(figures((await hindcast(['calibrate', 'datasets/npm/npm-incident.ledger.json', ...labels])).out));
  });
});

test.each([
  ['times', { ts: null }, 'entry 0: ts is null'],
  ['outcomes', { outcome: 'unknown', error_code: null }, 'entry 0: how the call ended is not known'],
  ['risk states', { risk_state: null }, 'entry 0: risk_state is null'],
  ['a chain that holds', { flags: 512 }, 'entry 0: the ledger that the trace was imported from does not verify here'],
] as const)('a trace without %s is refused for a baseline, and says so', async (_, row, reason) => {
  const { code, err } = await hindcast(['baseline', trace([{ actor: 'a', capability: 'fs.read', ts: 1_000_000, risk_score: 0.5, outcome: 'success', risk_state: 'safe_fast', ...row }])]);
  expect(code).not.toBe(0);
  expect(err).toContain(reason);
});
