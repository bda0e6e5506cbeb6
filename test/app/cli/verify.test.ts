import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/app/terminal.js';
import { file, folder, hindcast } from './session.js';

const GOOD = 'datasets/npm/npm-incident.ledger.json';
const text = readFileSync(GOOD, 'utf8');
const { entries } = JSON.parse(text) as { entries: Record<string, unknown>[] };

/** The ledger with the first call's id changed to anything, its seal left as it was. */
const renamed = (id: string): string => text.replace('"call_id":"app4.1-0001"', `"call_id":${JSON.stringify(id)}`);

/** The entries one a line, in the ledger's own spelling. */
const asLines = (): string[] => text.slice(text.indexOf('"entries":[') + 11, -2).split(/(?<=\}),(?=\{"ts_ms")/);

it('says of recorded calls given for a ledger what reads them', async () => {
  const { code, err } = await hindcast(['verify', 'datasets/npm/npm-incident.calls.jsonl']);
  expect([code, err]).toEqual([2, 'hindcast: datasets/npm/npm-incident.calls.jsonl: line 1, byte 0: entry.params_hash is missing: a line of a ledger is a sealed entry; recorded calls and other records are for "hindcast detect", "novel", "report" and "import"\n']);
});

describe('hindcast verify', () => {
  it('calls a good ledger internally consistent, never intact, and says what no hash covers', async () => {
    const { code, out } = await hindcast(['verify', GOOD]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^internally consistent/);
    expect(out).toMatch(/generated_at_ms \d+ is covered by no hash/);
    expect(out).not.toContain('intact');
  });

  it('leaves the file of --out as it was where an input cannot be read', async () => {
    const keep = file('keep.txt', 'precious');
    expect((await hindcast(['verify', GOOD, join(folder(), 'nowhere.json'), '--out', keep])).code).toBe(3);
    expect((await hindcast(['verify', file('broken.json', '{'), '--out', keep])).code).toBe(2);
    expect(readFileSync(keep, 'utf8')).toBe('precious');
  });

  it('refuses what the standard input cannot give', async () => {
    expect(await hindcast(['verify', '-', '-'])).toMatchObject({ code: 3, err: 'hindcast: the standard input (-) can be given once\n' });
    expect((await hindcast(['verify', '-', '--diagnose-host'])).code).toBe(3);
    expect(await hindcast(['replay', '-', '--format', 'pi'])).toMatchObject({ code: 3, out: '' });
    expect((await hindcast(['verify', GOOD, '--out', ''])).code).toBe(3);
  });

  it('finds a changed entry with code 1, verdict first', async () => {
    const { code, out } = await hindcast(['verify', file('bad.json', renamed('other'))]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toMatch(/^NOT consistent: 1 fault/);
    expect(out).toContain('[0]           hash_mismatch');
  });

  it('says of JSON Lines what is not there to check', async () => {
    const lines = asLines();
    expect(lines).toHaveLength(entries.length);
    const { code, out } = await hindcast(['verify', file('run.jsonl', `${lines.join('\n')}\n`)]);
    expect(code).toBe(0);
    expect(out).toMatch(/count, head, tail and data hash are not there to\s+check/);
  });

  it('reports a first entry that names a predecessor as a possible cut at the front', async () => {
    const { code, out } = await hindcast(['verify', file('cut.jsonl', asLines().slice(5).join('\n'))]);
    expect(code).toBe(0);
    expect(out).toMatch(/possible cut at\s+the front/);
  });

  it('shows the first twenty faults and counts the rest; --json lists them all', async () => {
    const bad = file('bad.jsonl', asLines().map((line) => line.replace('"method":"tool"', '"method":"other"')).join('\n'));
    const shown = await hindcast(['verify', bad]);
    const { files } = JSON.parse((await hindcast(['verify', bad, '--json'])).out) as { files: { faultCount: number; faults: { code: string }[] }[] };
    const [first] = files;
    expect(first?.faults).toHaveLength(first?.faultCount ?? -1);
    expect(shown.out.match(/hash_mismatch/g)).toHaveLength(20);
    expect(shown.out).toContain(`and ${String((first?.faultCount ?? 0) - 20)} more faults`);
  });

  it('stays within 80 columns and lets no control character of a ledger through', async () => {
    const hostile = file('hostile.json', renamed('\u001b[2J\rOK \u202eintact\u200b'.repeat(20)).replace('"entry_count":245', '"entry_count":244,"\\u001b[31mfield":1'));
    const { out } = await hindcast(['verify', hostile, '--diagnose-host'], { isTTY: true, env: { NO_COLOR: '1' } });
    expect(out).toMatch(/\\u001b\[31mfield/);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/u);
    for (const line of out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('colours a terminal, and neither a pipe nor a file', async () => {
    expect((await hindcast(['verify', GOOD], { isTTY: true })).out).toContain('\u001b[');
    expect((await hindcast(['verify', GOOD])).out).not.toContain('\u001b[');
    const out = join(folder(), 'report.txt');
    await hindcast(['verify', GOOD, '--out', out], { isTTY: true });
    expect(readFileSync(out, 'utf8')).not.toContain('\u001b[');
  });

  it('prints the host\'s artifact: no line feed at the end of a file, one on standard output', async () => {
    const { code, out } = await hindcast(['verify', GOOD, '--format', 'pi']);
    const path = join(folder(), 'report.json');
    expect(await hindcast(['verify', GOOD, '--format', 'pi', '--out', path])).toEqual({ code: 0, out: '', err: '' });
    expect(`${readFileSync(path, 'utf8')}\n`).toBe(out);
    expect(out).toMatch(/^\{\n {2}"schema": "pi\.ext\.runtime_risk_ledger\.v1",\n {2}"entry_count": 245,\n/);
    expect(Object.keys(JSON.parse(out) as object)).toEqual(['schema', 'entry_count', 'head_ledger_hash', 'tail_ledger_hash', 'artifact_data_hash', 'computed_data_hash', 'valid', 'errors']);
    expect(code).toBe(0);
    expect((await hindcast(['verify', file('bad.json', renamed('other')), '--format', 'pi'])).code).toBe(1);
  });

  it('gives a report for every file, one that cannot be read included', async () => {
    const { code, out, err } = await hindcast(['verify', GOOD, '/nowhere.json', file('broken.json', '[1'), '--json']);
    const { files } = JSON.parse(out) as { files: { file: string; consistent?: boolean; error?: { code: string } }[] };
    expect(code).toBe(3);
    expect(files.map((f) => f.error?.code ?? f.consistent)).toEqual([true, 'UNREADABLE', expect.any(String)]);
    expect(err.split('\n')).toHaveLength(3);
  });

  it('says on request what the host\'s own reader would find', async () => {
    const { code, out } = await hindcast(['verify', GOOD, '--diagnose-host']);
    expect(code).toBe(0);
    expect(out).toMatch(/host reader +would reject it: \d+ of 245 hashes/);
  });

  it('does not write over its input, by whatever name', async () => {
    const path = file('run.json', text);
    expect(await hindcast(['verify', path, '--out', path])).toMatchObject({ code: 3, out: '' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
