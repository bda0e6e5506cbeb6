import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, folder, hindcast } from './session.js';

const GOOD = 'datasets/npm/npm-incident.ledger.json';
const text = readFileSync(GOOD, 'utf8');
const bare = text.slice(text.indexOf('"entries":[') + 10, -1).replaceAll(/,"ledger_hash":"[0-9a-f]*","prev_ledger_hash":(?:"[0-9a-f]*"|null)/g, '');
const generatedAt = /"generated_at_ms":(\d+)/.exec(text)?.[1] ?? '';

describe('hindcast seal', () => {
  it('makes of bare entries the very bytes that the host made', async () => {
    const out = join(folder(), 'sealed.json');
    expect(await hindcast(['seal', file('entries.json', bare), '--generated-at', generatedAt, '--out', out])).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  it.each([['--pretty', 'sealed.json'], ['', 'sealed.jsonl'], ['', 'sealed.json']])('writes a ledger that verifies: %s %s', async (option, name) => {
    const out = join(folder(), name);
    const lines = file('entries.jsonl', bare.slice(1, -1).replaceAll('},{"ts_ms"', '}\n{"ts_ms"'));
    expect((await hindcast(['seal', lines, '--out', out, ...(option === '' ? [] : [option])])).code).toBe(0);
    expect((await hindcast(['verify', out])).code).toBe(0);
  });

  it('goes on from a given hash', async () => {
    const { out } = await hindcast(['seal', file('entries.json', bare), '--prev-hash', 'f'.repeat(64)]);
    expect((await hindcast(['verify', file('sealed.json', out)])).out).toMatch(/possible cut at\s+the front/);
  });

  it('says what a seal does not cover', async () => {
    const { code, err } = await hindcast(['seal', GOOD, '--out', join(folder(), 'x.json')]);
    expect(code).toBe(2);
    expect(err).toContain('line 1 is a whole ledger');
    const sealed = text.slice(text.indexOf('"entries":[') + 10, -1);
    expect((await hindcast(['seal', file('again.json', sealed)])).err).toContain('ledger_hash');
  });

  it.each([['', 2], ['[', 2], ['[{}]', 2], ['{"ts_ms":1}\n', 2]])('refuses %j', async (content, code) => {
    expect((await hindcast(['seal', file('entries.json', content)])).code).toBe(code);
  });
});
