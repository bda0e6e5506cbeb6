import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { file, folder, hindcast } from './session.js';

const APPROVED = 'datasets/npm/npm-approved.calls.jsonl';
const ROUTINE = 'datasets/npm/npm-routine.calls.jsonl';
const INCIDENT = 'datasets/npm/npm-incident.calls.jsonl';

interface Report {
  readonly calls: number;
  readonly novelCalls: number;
  readonly novel: readonly { readonly callId: string; readonly line: number; readonly keys: readonly { readonly key: string; readonly nearest: string | null }[] }[];
}

describe('hindcast novel', () => {
  test('finds 33 of the 35 hostile calls of the recorded incident and nothing else, each with key, neighbour, file and line', async () => {
    const { code, out } = await hindcast(['novel', INCIDENT, '--baseline', APPROVED]);
    expect(code).toBe(1);
    expect(out).toContain('33 of 245 calls touch what no approved call touched');
    expect(out).toContain('fs.read  /home/dev/.ssh\n  npm-incident.calls.jsonl:213, npm-incident.calls.jsonl:214,\n  npm-incident.calls.jsonl:215\n  nearest approved: /home/dev/.npm');
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true);
    const report = JSON.parse((await hindcast(['novel', INCIDENT, '--baseline', APPROVED, '--json'])).out) as Report;
    const unsafe = new Set(readFileSync('datasets/npm/npm-incident.labels.csv', 'utf8').split('\n').filter((line) => line.endsWith(',unsafe')).map((line) => line.split(',')[0]));
    expect(report.novelCalls).toBe(33);
    expect(report.novel.every(({ callId }) => unsafe.has(callId))).toBe(true);
    expect(report.novel[0]).toMatchObject({ line: 210, keys: [{ key: 'sh -c node ./setup.js', nearest: 'node /usr/bin/npm' }] });
  });

  test('finds nothing in routine runs, from calls, a trace or what was fitted', async () => {
    const home = folder();
    const [trace, fitted] = [join(home, 'a.arrows'), join(home, 'a.resources.json')];
    expect((await hindcast(['import', APPROVED, '-o', trace])).code).toBe(0);
    expect((await hindcast(['novel', '--fit', trace, '--out', fitted])).code).toBe(0);
    for (const baseline of [APPROVED, trace, fitted]) {
      const { code, out } = await hindcast(['novel', ROUTINE, '--baseline', baseline]);
      expect(out).toContain('nothing new: 726 calls');
      expect(code).toBe(0);
    }
    expect((await hindcast(['novel', '--fit', APPROVED, '--json'])).out).toBe(readFileSync(fitted, 'utf8'));
  });

  test.each(['datasets/npm/npm-incident.ledger.json'])('refuses %s, which names no resource, and says so', async (path) => {
    const { code, err } = await hindcast(['novel', path, '--baseline', APPROVED]);
    expect(code).toBe(2);
    expect(err).toContain('none of the 245 calls names a resource');
    expect((await hindcast(['novel', INCIDENT, '--baseline', path])).code).toBe(2);
  });

  test('refuses options that contradict each other or what was fitted', async () => {
    const fitted = join(folder(), 'a.json');
    await hindcast(['novel', '--fit', APPROVED, '--out', fitted]);
    const refused = [
      [INCIDENT], [INCIDENT, '--fit', '--baseline', APPROVED], [INCIDENT, '--baseline', fitted, '--depth', '4'], [INCIDENT, '--baseline', fitted, APPROVED],
      ['-', '--baseline', APPROVED], [INCIDENT, '--baseline', APPROVED, '--depth', '0'], [INCIDENT, '--baseline', APPROVED, '--by', 'colour'],
    ];
    for (const argv of refused) expect({ argv, code: (await hindcast(['novel', ...argv])).code }).toEqual({ argv, code: 3 });
    expect((await hindcast(['novel', ROUTINE, '--baseline', fitted, '--depth', '3', '--by', 'all'])).code).toBe(0);
  });

  test('does not learn from records that cannot be read, and names those that it could not judge', async () => {
    const lines = readFileSync(ROUTINE, 'utf8').trim().split('\n').slice(0, 20);
    const torn = file('torn.calls.jsonl', [...lines.slice(0, 10), '{"ts_ms":', ...lines.slice(10)].join('\n'));
    expect((await hindcast(['novel', '--fit', torn])).err).toContain('1 record cannot be read');
    const { code, out, err } = await hindcast(['novel', torn, '--baseline', APPROVED]);
    expect(code).toBe(1);
    expect(err).toContain('torn.calls.jsonl:11');
    expect(out).toContain('1 record that cannot be read');
  });

  test('refuses a damaged baseline by what is wrong with it', async () => {
    const fitted = join(folder(), 'a.json');
    await hindcast(['novel', '--fit', APPROVED, '--out', fitted]);
    writeFileSync(fitted, readFileSync(fitted, 'utf8').replace('"depth":3', '"depth":"3"'));
    expect((await hindcast(['novel', ROUTINE, '--baseline', fitted])).code).toBe(2);
  });
});

test('resources can be kept apart by what describes a session, and the page names the group', async () => {
  const { out } = await hindcast(['novel', INCIDENT, '--baseline', APPROVED, '--by', 'source_file']);
  expect(out).toContain('(npm-incident.calls.jsonl)');
  expect(out).toMatch(/by\s+source_file/);
});
