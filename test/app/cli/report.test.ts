import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, hindcast } from './session.js';

const LEDGER = 'datasets/npm/npm-incident.ledger.json';
const CALLS = 'datasets/npm/npm-incident.calls.jsonl';
const LABELS = 'datasets/npm/npm-incident.labels.csv';
const APPROVED = ['datasets/npm/npm-approved.ledger.json', 'datasets/npm/npm-approved.calls.jsonl'];

/** Text of a page without its markup. */
const textOf = (page: string): string => page.replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('hindcast report', () => {
  test('says of the recorded incident what the commands say, once with all evidence, the same bytes each time', async () => {
    const [one, two] = [join(folder(), 'one.html'), join(folder(), 'two.html')];
    const argv = ['report', LEDGER, CALLS, '--baseline', ...APPROVED, '--labels', LABELS, '-o'];
    const { code, out } = await hindcast([...argv, one]);
    expect(code).toBe(1);
    expect(out).toContain('what they show');
    expect(out.split('\n').every((line) => line.length <= 80 || line.includes(one))).toBe(true);
    const page = readFileSync(one, 'utf8');
    const text = textOf(page);
    expect(text).toContain('every link and hash of 245 entries holds');
    expect(text).toContain('10,993 values recomputed, none differs');
    expect(text).toContain('33 of 245 calls touch 18 resources that no approved call touched');
    expect(text).toContain('2 alarms in 245 observations of 4 watched streams');
    expect(text).toMatch(/ call 214 2026-11-21 09:16:16\.583Z /);
    expect(text).toContain('35 of 245 labelled calls (14 %) are unsafe. The controller stopped none of them.');
    expect(text).toContain('245 of its calls are, by call id, those of a ledger above');
    expect(page).toMatch(/<a href="#timeline" data-row="212">call 212<\/a> <code><bdi>\/home\/dev\/\.ssh\/id_rsa<\/bdi><\/code>/);
    for (const hash of ['a2f04e9f95a1594f', 'd6c9e02827a50bac']) expect(text).toContain(hash);
    await hindcast([...argv, two]);
    expect(readFileSync(two, 'utf8')).toBe(page);
  });

  test('says first that a ledger was altered, with every fault, and uses it for nothing else', async () => {
    const home = folder();
    const [bad, page] = [join(home, 'bad.ledger.json'), join(home, 'bad.html')];
    writeFileSync(bad, readFileSync(LEDGER, 'utf8').replace('"capability":"read"', '"capability":"ping"'));
    expect((await hindcast(['report', bad, '--baseline', ...APPROVED, '-o', page])).code).toBe(1);
    const text = textOf(readFileSync(page, 'utf8'));
    expect(text).toContain('The records were altered. Nothing that rests on them can be trusted.');
    expect(text).toContain('hash_mismatch');
    expect(text).toContain('decisions are not recomputed: the ledger does not verify');
    expect(text).toContain('No input has calls in an order that may be relied on');
  });

  test('names a file that cannot be read, on the page and by exit code 2, and still reports the others', async () => {
    const home = folder();
    const [torn, page] = [join(home, 'torn.ledger.json'), join(home, 'torn.html')];
    writeFileSync(torn, readFileSync(LEDGER).subarray(0, 100_000));
    const { code } = await hindcast(['report', torn, LEDGER, '-o', page]);
    expect(code).toBe(2);
    const text = textOf(readFileSync(page, 'utf8'));
    expect(text).toContain('Not every record can be read.');
    expect(text).toContain('torn.ledger.json cannot be read as it stands');
    expect(text).not.toContain(home);
    expect(text).toContain('Every link and hash of 245 entries holds');
  });

  test('keeps an altered ledger in the first line where another file cannot be read', async () => {
    const home = folder();
    const [torn, bad, page] = [join(home, 'torn.ledger.json'), join(home, 'bad.ledger.json'), join(home, 'p.html')];
    writeFileSync(torn, '{');
    writeFileSync(bad, readFileSync(LEDGER, 'utf8').replace('"capability":"read"', '"capability":"ping"'));
    expect((await hindcast(['report', torn, bad, '-o', page])).code).toBe(2);
    expect(textOf(readFileSync(page, 'utf8'))).toContain('Altered after sealing: 1 fault in bad.ledger.json. torn.ledger.json cannot be read as it stands.');
  });

  test('takes traces, fitted baselines and fitted resources for what they are', async () => {
    const home = folder();
    const [trace, base, resources, page] = ['t.parquet', 'base.json', 'r.json', 'p.html'].map((name) => join(home, name)) as [string, string, string, string];
    await hindcast(['import', CALLS, '-o', trace]);
    await hindcast(['baseline', APPROVED[0] ?? '', '--json', '--out', base]);
    await hindcast(['novel', '--fit', APPROVED[1] ?? '', '--out', resources]);
    expect((await hindcast(['report', LEDGER, trace, '--baseline', base, resources, '-o', page])).code).toBe(1);
    const text = textOf(readFileSync(page, 'utf8'));
    expect(text).toContain('33 of 245 calls touch');
    expect(text).toContain('A test finds drift');
    expect(text).toContain('a trace table (parquet)');
  });

  test('finds nothing in routine runs of recorded calls, and says what it could not look at', async () => {
    const page = join(folder(), 'p.html');
    await hindcast(['report', 'datasets/npm/npm-routine.calls.jsonl', '--baseline', APPROVED[1] ?? '', '-o', page]);
    const text = textOf(readFileSync(page, 'utf8'));
    expect(text).toContain('726 calls touch only what approved calls touched');
    expect(text).toContain('No ledger among the inputs');
    expect(text).toContain('No policy was given');
  });

  test('does not write over what it reads, nor without a file to write', async () => {
    expect((await hindcast(['report', LEDGER, '-o', LEDGER])).code).toBe(3);
    expect((await hindcast(['report', LEDGER])).code).toBe(3);
    expect((await hindcast(['report', LEDGER, '-o', '-'])).code).toBe(3);
    expect((await hindcast(['report', 'nowhere.json', '-o', join(folder(), 'p.html')])).code).toBe(3);
  });

  test('refuses an input that is given twice, under whatever names', async () => {
    const home = folder();
    const copy = join(home, 'copy.json');
    writeFileSync(copy, readFileSync(LEDGER));
    const { code, err } = await hindcast(['report', LEDGER, copy, '-o', join(home, 'page.html')]);
    expect([code, err.replace(/\s+/g, ' ')]).toEqual([3, expect.stringContaining(`copy.json has the content of ${LEDGER}`)]);
    expect(existsSync(join(home, 'page.html'))).toBe(false);
  });
});

describe('hindcast report --policy', () => {
  test('says of each part what it would have flagged beside chance, and marks what is outside', async () => {
    const home = folder();
    const [envelope, policy, page] = ['env.json', 'policy.json', 'p.html'].map((name) => join(home, name)) as [string, string, string];
    await hindcast(['envelope', 'fit', 'datasets/npm/npm-routine.ledger.json', '--stream', 'score', '--out', envelope]);
    await hindcast(['policy', 'make', '--envelope', envelope, '--name', 'npm <b>', '--out', policy]);
    expect((await hindcast(['report', LEDGER, '--policy', policy, '-o', page])).code).toBeLessThan(2);
    const text = textOf(readFileSync(page, 'utf8'));
    expect(text).toContain('npm &lt;b&gt;');
    expect(text).toMatch(/envelope score by capability envelope 219 16 outside 10\.6 within chance/);
    expect(text).toContain('too little calibration: exec, http');
  });
});
