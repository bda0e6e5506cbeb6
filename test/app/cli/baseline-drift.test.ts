import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/app/terminal.js';
import { labelPathOf } from '../../../src/app/cli/ledger/generate.js';
import { file, folder, hindcast } from './session.js';

const [APPROVED, ROUTINE, INCIDENT] = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`) as [string, string, string];

let base = '';
let hostBase = '';
let several = '';

beforeAll(async () => {
  const place = folder();
  [base, hostBase, several] = [join(place, 'base.json'), join(place, 'host.json'), join(place, 'several.json')];
  await hindcast(['baseline', APPROVED, '--json', '--out', base]);
  await hindcast(['baseline', APPROVED, '--format', 'pi', '--out', hostBase]);
  await hindcast(['generate', '--entries', '600', '--seed', '3', '--out', several]);
});

describe('hindcast baseline', () => {
  it('has no long run of risk states that nobody stated', async () => {
    const trace = join(folder(), 'calls.arrows');
    await hindcast(['import', 'datasets/npm/npm-incident.calls.jsonl', '-o', trace]);
    const { code, out } = await hindcast(['baseline', trace]);
    expect(code).toBe(5);
    expect(out).toContain('not known: no call follows another whose risk state is said');
    expect(out).not.toContain('33.3 %');
  });

  it('shows what is normal within 80 columns, and what there is too little data to say', async () => {
    const { code, out } = await hindcast(['baseline', APPROVED]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('what is normal for npm');
    expect(out).toContain('Not enough data to say:');
    for (const line of out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('prints the host\'s artifact, made when the last call was unless told otherwise', async () => {
    const { out } = await hindcast(['baseline', APPROVED, '--format', 'pi']);
    expect(`${readFileSync(hostBase, 'utf8')}\n`).toBe(out);
    expect(out).toMatch(/^\{\n {2}"schema": "pi\.ext\.runtime_risk_baseline\.v1",\n {2}"extension_id": "npm",\n {2}"generated_at_ms": 1795252563134,\n/);
    expect((await hindcast(['baseline', APPROVED, '--format', 'pi', '--generated-at', '5'])).out).toContain('"generated_at_ms": 5,');
  });

  it('asks when the baseline is of where the largest time stamp does not fit a double', async () => {
    const text = readFileSync(APPROVED, 'utf8');
    const bare = text.slice(text.indexOf('"entries":[') + 10, -1).replaceAll(/,"ledger_hash":"[0-9a-f]*","prev_ledger_hash":(?:"[0-9a-f]*"|null)/g, '');
    const other = bare.replace(/"ts_ms":\d+,"extension_id":"npm"/, '"ts_ms":9007199254740993,"extension_id":"other"');
    const ledger = join(folder(), 'late.json');
    expect((await hindcast(['seal', file('entries.json', other), '--out', ledger])).code).toBe(0);
    const asked = await hindcast(['baseline', ledger, '--actor', 'npm', '--format', 'pi']);
    expect(asked).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--generated-at') as string });
    const told = await hindcast(['baseline', ledger, '--actor', 'npm', '--format', 'pi', '--generated-at', '9007199254740993']);
    expect(told.out).toContain('"generated_at_ms": 9007199254740993,');
    expect((await hindcast(['baseline', ledger, '--actor', 'npm', '--json', '--generated-at', '9007199254740993'])).out).toContain('"generated_at_ms": 9007199254740993,');
  });

  it('wants to know which of several actors, for the host\'s form only', async () => {
    const asked = await hindcast(['baseline', several, '--format', 'pi']);
    expect(asked).toMatchObject({ code: 3, out: '' });
    const actor = /name it with --actor, of \d+: ([^,\n]+)/.exec(asked.err)?.[1] ?? '';
    expect((await hindcast(['baseline', several, '--format', 'pi', '--actor', actor])).code).toBe(0);
    const all = JSON.parse((await hindcast(['baseline', several, '--json'])).out) as { schema: string; baselines: unknown[] };
    expect(all.schema).toBe('hindcast.baselines.v1');
    expect(all.baselines.length).toBeGreaterThan(1);
    expect(await hindcast(['baseline', several, '--actor', 'nobody'])).toMatchObject({ code: 3, err: expect.stringContaining('nobody') as string });
  });

  it('pools several ledgers, but not for the host\'s form', async () => {
    const pooled = JSON.parse((await hindcast(['baseline', APPROVED, ROUTINE, '--json'])).out) as { sources: unknown[]; host: { source_entry_count: number; transition_matrix: { total_transitions: number } } };
    expect(pooled.sources).toHaveLength(2);
    expect(pooled.host.source_entry_count).toBe(1455);
    expect(pooled.host.transition_matrix.total_transitions).toBe(1453);
    expect((await hindcast(['baseline', APPROVED, ROUTINE, '--format', 'pi'])).code).toBe(3);
  });

  it('ends with code 5 where the calls are too few for anything, and 1 for a ledger that does not verify', async () => {
    const tiny = join(folder(), 'tiny.json');
    await hindcast(['generate', '--entries', '1', '--seed', '1', '--out', tiny]);
    expect((await hindcast(['baseline', tiny])).code).toBe(5);
    expect((await hindcast(['baseline', file('bad.json', readFileSync(APPROVED, 'utf8').replace('"exec"', '"exe_"'))])).code).toBe(1);
    await hindcast(['generate', '--entries', '0', '--seed', '1', '--out', tiny]);
    expect((await hindcast(['baseline', tiny])).code).toBe(5);
  });
});

describe('hindcast drift', () => {
  it('passes the routine runs and stops the incident', async () => {
    const routine = await hindcast(['drift', base, ROUTINE]);
    expect(routine.code).toBe(0);
    expect(routine.out.split('\n')[0]).toBe('no drift found: npm');
    const incident = await hindcast(['drift', base, INCIDENT]);
    expect(incident.code).toBe(1);
    expect(incident.out.split('\n')[0]).toBe('drift in http, read, write: npm');
    for (const line of incident.out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('takes the host\'s own baseline too, and says what it keeps too little for', async () => {
    const { code, out } = await hindcast(['drift', hostBase, INCIDENT]);
    expect(code).toBe(1);
    expect(out).toContain('whether the risk scores have changed');
  });

  it('prints the host\'s reports: one capability, or all as an array', async () => {
    const one = await hindcast(['drift', hostBase, INCIDENT, '--format', 'pi', '--capability', 'http']);
    expect(one.code).toBe(1);
    expect(one.out).toMatch(/^\{\n {2}"extension_id": "npm",\n {2}"capability": "http",\n {2}"drift_detected": true,\n {2}"anomalies": \[/);
    const all = JSON.parse((await hindcast(['drift', base, ROUTINE, '--format', 'pi'])).out) as { capability: string }[];
    expect(all.map((report) => report.capability)).toEqual(['exec', 'http', 'read', 'write']);
    expect((await hindcast(['drift', base, INCIDENT, '--format', 'pi', '--capability', 'nothing'])).code).toBe(3);
  });

  it('compares each actor of several with its own baseline', async () => {
    const bases = join(folder(), 'bases.json');
    await hindcast(['baseline', several, '--json', '--out', bases]);
    const { code, out } = await hindcast(['drift', bases, several]);
    expect(code).not.toBe(1);
    expect(out.match(/^(?:no drift found|not enough data to say): /gm)?.length).toBeGreaterThan(1);
    expect((JSON.parse((await hindcast(['drift', bases, several, '--json'])).out) as { schema: string }).schema).toBe('hindcast.drifts.v1');
  });

  it('tells a new capability and missing scores from what the tests find', async () => {
    const text = readFileSync(ROUTINE, 'utf8');
    const bare = text.slice(text.indexOf('"entries":[') + 10, -1).replaceAll(/,"ledger_hash":"[0-9a-f]*","prev_ledger_hash":(?:"[0-9a-f]*"|null)/g, '');
    const sealed = async (entries: string): Promise<string> => {
      const path = join(folder(), 'live.json');
      await hindcast(['seal', file('entries.json', entries), '--generated-at', '5', '--out', path]);
      return path;
    };
    const fresh = await sealed(bare.replace('"capability":"read"', '"capability":"zap"'));
    const { code, out } = await hindcast(['drift', base, fresh]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('no drift that a test confirms, but new: zap: npm');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('zap: new capability, not covered by the false-alarm promise');
    expect(JSON.parse((await hindcast(['drift', base, fresh, '--json'])).out)).toMatchObject({ driftDetected: false, verdict: 'no drift found', newCapabilities: ['zap'] });
    const missing = await hindcast(['drift', base, await sealed(bare.replaceAll(/"risk_score":[0-9.e-]+/g, '"risk_score":null'))]);
    expect(missing.out).toContain('null scores');
    expect(missing.out.split('\n')[0]).toMatch(/^not enough data to say/);
    for (const line of [...out.split('\n'), ...missing.out.split('\n')]) expect(widthOf(line)).toBeLessThanOrEqual(80);
    const noHost = readFileSync(base, 'utf8').replace('"anomaly_threshold_mads": 3', '"anomaly_threshold_mads": 1e300');
    expect((await hindcast(['drift', file('base.json', noHost), await sealed(bare.replaceAll(/"risk_score":[0-9.e-]+/g, '"risk_score":null'))])).code).toBe(5);
  });

  it('says plainly what it cannot compare', async () => {
    expect(await hindcast(['drift', base, several])).toMatchObject({ code: 3, out: '' });
    expect((await hindcast(['drift', APPROVED, INCIDENT])).code).toBe(2);
    expect((await hindcast(['drift', labelPathOf(several), INCIDENT])).code).toBe(2);
    expect((await hindcast(['drift', '/nowhere.json', INCIDENT])).code).toBe(3);
    expect((await hindcast(['drift', base, INCIDENT, '--alpha', '2'])).code).toBe(3);
  });
});

describe('hindcast demo', () => {
  it('tells the story in about three screens of 80 columns and ends by naming a page that holds it', async () => {
    const page = join(folder(), 'report.html');
    const { code, out, err } = await hindcast(['demo', '-o', page]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(lines.length).toBeLessThan(80);
    for (const line of lines.slice(0, -2)) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(lines.at(-2)).toBe(`  Open ${page}`);
    expect(readFileSync(page, 'utf8')).toContain('33 of 245 calls touch');
    expect(out).toContain('hostile calls           35  harden 35     safe_fast 35');
    expect(out).toContain('No: it treated them like all others.');
    expect(out).toContain('0.859');
    expect(out).toContain('209 to 230  read 55 %, exec 45 %');
    expect(out).toContain('The first hostile call, by process ancestry, is call 209.');
    expect(out).toContain('refused: needs 59 hostile calls, has 35');
  });
});
