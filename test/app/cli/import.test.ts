import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArrowStream } from '../../../src/trace/arrow-stream-read.js';
import { bytesSource } from '../../../src/ledger/source.js';
import { readTraceJsonl } from '../../../src/trace/jsonl.js';
import { rowsOf } from '../../../src/trace/row.js';
import { file, folder, hindcast } from './session.js';

const NPM = 'datasets/npm';
const CALLS = `${NPM}/npm-incident.calls.jsonl`;
const LEDGER = `${NPM}/npm-incident.ledger.json`;

function traceOf(path: string): { rows: ReturnType<typeof rowsOf> extends Generator<infer R> ? R[] : never; metadata: ReturnType<typeof readArrowStream>['metadata'] } {
  const reading = readArrowStream(bytesSource(readFileSync(path)));
  return { rows: [...reading.chunks].flatMap((chunk) => [...rowsOf(chunk)]), metadata: reading.metadata };
}

describe('hindcast import', () => {
  it('makes the same bytes of the same files, gzip or not, wherever they lie', async () => {
    const out = folder();
    const packed = join(folder(), 'npm-incident.calls.jsonl');
    writeFileSync(packed, gzipSync(readFileSync(CALLS)));
    for (const [i, input] of [CALLS, CALLS, packed].entries()) expect((await hindcast(['import', input, LEDGER, '-o', join(out, `${String(i)}.arrows`)])).code).toBe(0);
    const [a, b, c] = [0, 1, 2].map((i) => readFileSync(join(out, `${String(i)}.arrows`)));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    expect(a?.equals(c ?? Buffer.alloc(0))).toBe(true);
    const { rows, metadata } = traceOf(join(out, '0.arrows'));
    expect([rows.length, rows[0]?.source_file, rows[245]?.source_file]).toEqual([490, 'npm-incident.calls.jsonl', 'npm-incident.ledger.json']);
    expect(metadata.adapter).toBe('pi.calls@1,pi.ledger@1');
    expect(metadata.coverage.gate_denied).toBe('partly');
  });

  it('writes the form that the name ends in, all of the same rows', async () => {
    const out = folder();
    for (const name of ['a.arrows', 'a.arrow', 'a.parquet', 'a.jsonl']) expect((await hindcast(['import', CALLS, '-o', join(out, name)])).code).toBe(0);
    const { rows } = traceOf(join(out, 'a.arrows'));
    expect([...readTraceJsonl(bytesSource(readFileSync(join(out, 'a.jsonl')))).chunks].flatMap((chunk) => [...rowsOf(chunk)])).toEqual(rows);
    expect(['a.arrow', 'a.parquet'].map((name) => readFileSync(join(out, name)).toString('latin1', 0, 4))).toEqual(['ARRO', 'PAR1']);
  });

  it('shows records, rows and rejects, and ends with 1 where some were kept out', async () => {
    const lines = readFileSync(CALLS, 'utf8').split('\n').slice(0, 4);
    const input = file('run.calls.jsonl', `${lines.with(1, '{"ts_ms": 1').with(2, (lines[2] ?? '').replace('"app4.1-0003"', '17')).join('\n')}\n`);
    const { code, out } = await hindcast(['import', input, '-o', join(folder(), 'o.arrows')]);
    expect(code).toBe(1);
    expect(out).toMatch(/^2 rows imported, 2 of 4 records kept out/);
    expect(out).toMatch(/run\.calls\.jsonl {2}pi\.calls +4 +2 +2\n/);
    expect(out).toContain('run.calls.jsonl:2  the line must be JSON');
    expect(out).toContain('run.calls.jsonl:3  call_id must be text, got 17');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows twenty rejects and lists all with --json and --rejects', async () => {
    const input = file('run.calls.jsonl', `${readFileSync(CALLS, 'utf8').split('\n')[0] ?? ''}\n${'{}\n'.repeat(30)}`);
    const rejects = join(folder(), 'rejects.jsonl');
    const page = await hindcast(['import', input, '--rejects', rejects, '-o', join(folder(), 'o.arrows')]);
    expect(page.out.match(/run\.calls\.jsonl:\d+/g)).toHaveLength(20);
    expect(page.out).toContain('and 10 more records');
    expect(readFileSync(rejects, 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { row: number }).row)).toEqual(Array.from({ length: 30 }, (_, i) => i + 2));
    const { out } = await hindcast(['import', input, '--json', '-o', join(folder(), 'o.arrows')]);
    const report = JSON.parse(out) as { records: number; rows: number; rejects: number; rejected: unknown[] };
    expect([report.records, report.rows, report.rejects, report.rejected.length]).toEqual([31, 1, 30, 30]);
  });

  it('says that a label stands on several rows, that a file is a trace already, and that one is empty', async () => {
    const [first = '', second = ''] = readFileSync(CALLS, 'utf8').split('\n');
    const twice = file('twice.calls.jsonl', `${first}\n${first}\n${second}\n`);
    const labels = file('l.csv', 'call_id,label\napp4.1-0001,safe\napp4.1-0002,unsafe\n');
    const out = join(folder(), 'o.arrows');
    const { out: page } = await hindcast(['import', twice, '--labels', labels, '-o', out]);
    expect(page).toContain('2 from l.csv, on 3 rows');
    expect(page).toContain('1 row with a call_id that another row has too');
    const again = await hindcast(['import', out, '-o', join(folder(), 'p.arrows')]);
    expect([again.code, again.err]).toEqual([2, `hindcast: ${out}: it is a trace already; "hindcast convert" writes it in another form\n`]);
    const none = await hindcast(['import', file('none.jsonl', ''), '-o', join(folder(), 'p.arrows')]);
    expect([none.code, none.err.endsWith('none.jsonl: the file is empty; --from says what it would hold\n')]).toEqual([2, true]);
  });

  it('joins labels by call_id and says what did not fit', async () => {
    const out = join(folder(), 'o.arrows');
    const labels = file('l.csv', `${readFileSync(`${NPM}/npm-incident.labels.csv`, 'utf8').replace('app4.1-0002,safe\n', '')}nowhere,safe\n`);
    const { out: page, code } = await hindcast(['import', CALLS, '--labels', labels, '--label-source', 'process ancestry', '-o', out]);
    expect(code).toBe(0);
    expect(page).toContain('245 from process ancestry, on 244 rows');
    expect(page).toContain('1 label for no row: nowhere');
    expect(page).toMatch(/1 row without a label: npm-incident\.calls\.jsonl:2\s+\(app4\.1-0002\)/);
    const { rows, metadata } = traceOf(out);
    expect(metadata.label_source).toBe('process ancestry');
    expect(rows.filter(({ label }) => label === 'attack_succeeded')).toHaveLength(35);
    expect((await hindcast(['import', CALLS, '--label-source', 'me', '-o', out])).code).toBe(3);
    expect((await hindcast(['import', CALLS, '--labels', file('l.csv', 'call_id,label\na,odd\n'), '-o', out])).err).toContain('line 2: label must be one of benign');
  });

  it('leaves resources out with --no-resource', async () => {
    const out = join(folder(), 'o.arrows');
    await hindcast(['import', CALLS, '--no-resource', '-o', out]);
    expect(readFileSync(out).includes('/usr/share')).toBe(false);
    expect(traceOf(out).rows.every(({ resource, resource_class }) => resource === null && resource_class !== null)).toBe(true);
  });

  it('imports a ledger that does not verify, says so and ends with 1', async () => {
    const input = file('t.json', readFileSync(LEDGER, 'utf8').replace('"risk_score":0.35', '"risk_score":0.36'));
    const { code, out } = await hindcast(['import', input, '-o', join(folder(), 'o.arrows')]);
    expect(code).toBe(1);
    expect(out).toMatch(/^245 rows imported/);
    expect(out).toContain('the ledger does not verify (faults: 1)');
  });

  it('reads repeated keys and integers beyond 2^53 as they are with --strict', async () => {
    const [line = ''] = readFileSync(CALLS, 'utf8').split('\n');
    const input = file('run.calls.jsonl', `${line}\n${line.replace('{', '{"call_id":"other",')}\n${line.replace(/"latency_ms":\d+/, '"latency_ms":9007199254740993')}\n`);
    const out = join(folder(), 'o.jsonl');
    const { out: page } = await hindcast(['import', input, '--strict', '-o', out]);
    expect(page).toMatch(/^2 rows imported, 1 of 3 records kept out/);
    expect(page).toContain('the key "call_id" occurs twice');
    expect(readFileSync(out, 'utf8')).toContain('9007199254740993000');
  });

  it('imports comma-separated values by a column map, and asks for one', async () => {
    const input = file('mine.csv', 'when,user,tool\n2026-01-31T12:00:00.25Z,ann,exec\n');
    const out = join(folder(), 'o.arrows');
    expect((await hindcast(['import', input, '--column', 'ts=when:iso', '--column', 'actor=user', '--column', 'capability=tool', '--set', 'host=codex', '-o', out])).code).toBe(0);
    expect(traceOf(out).rows[0]).toMatchObject({ ts: 1769860800250000, actor: 'ann', capability: 'process.exec', host: 'codex' });
    const asked = await hindcast(['import', input, '-o', out]);
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('need --column to say what their columns when, user, tool are')]);
  });

  it('refuses what it does not know in one sentence, and writes nothing', async () => {
    const out = join(folder(), 'o.arrows');
    for (const [text, argv, code] of [['hello\n', [], 2], ['', [], 2], ['{"a":1}\n', [], 2], ['{"a":1}\n', ['--from', 'nobody'], 3]] as const) {
      const session = await hindcast(['import', file('x.txt', text), ...argv, '-o', out, '--json']);
      expect([session.code, session.out]).toEqual([code, '']);
      expect(session.err.trim().split('\n')).toHaveLength(1);
    }
    expect(existsSync(out)).toBe(false);
    expect((await hindcast(['import', CALLS, '-o', join(folder(), 'o.txt')])).code).toBe(3);
    expect((await hindcast(['import', CALLS, '-o', CALLS])).code).toBe(3);
    const torn = join(folder(), 'torn.gz');
    writeFileSync(torn, gzipSync(readFileSync(LEDGER)).subarray(0, 20000));
    const { code, err } = await hindcast(['import', torn, '-o', out]);
    expect(code).toBe(2);
    expect(err).toContain('the gzip data are damaged or cut off');
  });
});
