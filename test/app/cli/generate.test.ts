import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelPathOf } from '../../../src/app/cli/ledger/generate.js';
import { folder, hindcast } from './session.js';

async function generated(name: string, ...options: string[]): Promise<string> {
  const out = join(folder(), name);
  expect(await hindcast(['generate', '--entries', '400', '--seed', '7', '--out', out, ...options])).toEqual({ code: 0, out: '', err: '' });
  return out;
}

describe('hindcast generate', () => {
  it.each([['run.json', []], ['run.jsonl', []], ['run.json', ['--pretty']], ['run.json', ['--sort-keys']], ['run.json', ['--pretty', '--sort-keys']], ['run.jsonl', ['--sort-keys']]])('writes a ledger that verifies and replays without a mismatch: %s %j', async (name, options) => {
    const out = await generated(name, ...options);
    expect((await hindcast(['verify', out])).code).toBe(0);
    const { code, out: page } = await hindcast(['replay', out]);
    expect(code).toBe(0);
    expect(page).toContain('every decision recomputes');
  });

  it('writes the same bytes for the same seed, and a label for every call beside them', async () => {
    const [a, b] = [await generated('run.json'), await generated('run.json')];
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    const labels = readFileSync(labelPathOf(a), 'utf8');
    expect(labels.split('\n')).toHaveLength(402);
    expect(readFileSync(labelPathOf(b), 'utf8')).toBe(labels);
    const { out } = await hindcast(['calibrate', a, '--labels', labelPathOf(a), '--json']);
    expect(JSON.parse(out)).toMatchObject({ labels: { callCount: 400, unlabelledCount: 0, unmatchedCount: 0 } });
  });

  it('holds the same entries in every layout', async () => {
    const texts = await Promise.all([generated('run.json'), generated('run.json', '--pretty'), generated('run.json', '--sort-keys')]);
    const [plain, ...others] = texts.map((path) => JSON.parse(readFileSync(path, 'utf8')) as unknown);
    for (const other of others) expect(other).toEqual(plain);
  });

  it('writes an empty ledger too', async () => {
    const out = join(folder(), 'empty.json');
    expect((await hindcast(['generate', '--entries', '0', '--seed', '1', '--out', out])).code).toBe(0);
    expect((await hindcast(['verify', out])).code).toBe(0);
  });

  it.each([
    ['--out', 'run.txt'],
    ['--entries', '-1'],
    ['--entries', '1.5'],
    ['--seed', 'x'],
  ])('refuses %s %s', async (option, value) => {
    const argv = ['generate', '--entries', '3', '--seed', '1', '--out', join(folder(), 'x.json'), option, value];
    expect((await hindcast(argv)).code).toBe(3);
  });

  it('refuses to pretty-print JSON Lines', async () => {
    expect((await hindcast(['generate', '--entries', '3', '--seed', '1', '--out', join(folder(), 'x.jsonl'), '--pretty'])).code).toBe(3);
  });
});
