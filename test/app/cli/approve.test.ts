import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseApproval, parseJson } from '../../../src/index.js';
import { file, folder, hindcast } from './session.js';

const [APPROVED, ROUTINE, INCIDENT] = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`) as [string, string, string];
const WORDS = ['--by', 'Ada Lovelace', '--reason', 'reviewed call by call', '--at', '2026-01-31T13:00:00+01:00'];

/** An approval of files, saved. */
async function approvalOf(...files: string[]): Promise<string> {
  const out = join(folder(), 'approval.json');
  expect((await hindcast(['approve', ...files, ...WORDS, '-o', out])).code).toBe(0);
  return out;
}

describe('hindcast approve', () => {
  it('names a ledger by its data hash, and says so on a page', async () => {
    const out = join(folder(), 'approval.json');
    const session = await hindcast(['approve', APPROVED, ...WORDS, '-o', out]);
    expect(session).toMatchObject({ code: 0, err: '' });
    expect(session.out.split('\n')[0]).toBe('Ada Lovelace approves 1 trace, 2026-01-31T12:00:00.000Z');
    const approval = parseApproval(parseJson(readFileSync(out)));
    expect(approval.traces).toMatchObject([{ kind: 'ledger', dataHash: 'f8a246b39037bffcd8129111124fcf161644cfb6ed91e1732deb1a15c38c6bac', entryCount: 729, file: 'npm-approved.ledger.json' }]);
    expect(session.out).toContain(approval.contentHash);
    expect((await hindcast(['approve', APPROVED, ...WORDS, '--json'])).out).toBe(readFileSync(out, 'utf8'));
  });

  it('names any other file by the hash of its bytes', async () => {
    const { out } = await hindcast(['approve', 'datasets/npm/npm-approved.calls.jsonl', ...WORDS, '--json']);
    expect(parseApproval(parseJson(out)).traces).toMatchObject([{ kind: 'file', entryCount: null }]);
  });

  it.each([
    [[APPROVED, '--by', 'a', '--reason', 'b'], 3, "required option '--at <time>' not specified"],
    [[APPROVED, '--by', 'a', '--reason', 'b', '--at', 'now'], 3, 'It must be a time with its zone'],
    [[APPROVED, '--by', 'a', '--reason', 'b', '--at', '2026-01-31'], 3, 'It must be a time with its zone'],
    [[APPROVED, '--by', ' ', '--reason', 'b', '--at', '2026-01-31T00:00Z'], 3, 'approvedBy must not be empty'],
    [[APPROVED, APPROVED, ...WORDS], 3, 'an approval must name each trace once, got npm-approved.ledger.json twice'],
    [['-', ...WORDS], 3, 'reads a file twice'],
    [['/nowhere', ...WORDS], 3, '/nowhere: there is no such file'],
  ])('refuses %j', async (argv, code, sentence) => {
    const session = await hindcast(['approve', ...argv]);
    expect([session.code, session.out]).toEqual([code, '']);
    expect(session.err).toContain(sentence);
  });

  it('refuses a file that holds nothing', async () => {
    const out = join(folder(), 'approval.json');
    const session = await hindcast(['approve', file('empty.jsonl', ''), ...WORDS, '-o', out]);
    expect([session.code, session.out, existsSync(out)]).toEqual([2, '', false]);
    expect(session.err).toContain('empty.jsonl: the file is empty');
  });

  it('refuses a ledger that does not verify, and writes nothing', async () => {
    const broken = file('broken.json', readFileSync(APPROVED, 'utf8').replace('"risk_score":0.35', '"risk_score":0.36'));
    const out = join(folder(), 'approval.json');
    const session = await hindcast(['approve', broken, ...WORDS, '-o', out]);
    expect([session.code, existsSync(out)]).toEqual([1, false]);
    expect(session.err).toContain('broken.json: the ledger does not verify');
  });

  it('shows hostile names harmlessly', async () => {
    const { out } = await hindcast(['approve', APPROVED, '--by', 'Eve\u001b[2J\u202e', '--reason', 'a\nb', '--at', '2026-01-31T00:00Z'], { isTTY: true });
    expect(out).toContain('Eve\\u001b[2J\\u202e approves');
    expect(out).toContain('a\\u000ab');
  });
});

describe('--approved', () => {
  it('lets a baseline be fitted on what is approved alone, and the baseline says so', async () => {
    const approval = await approvalOf(APPROVED);
    const fitted = await hindcast(['baseline', APPROVED, '--approved', approval, '--json']);
    expect(fitted.code).toBe(0);
    expect(JSON.parse(fitted.out)).toMatchObject({ approvals: [{ approvedBy: 'Ada Lovelace', at: '2026-01-31T12:00:00.000Z', reason: 'reviewed call by call', contentHash: parseApproval(parseJson(readFileSync(approval))).contentHash }] });
    const base = file('base.json', fitted.out);
    expect((await hindcast(['drift', base, ROUTINE])).code).toBe(0);
    expect((await hindcast(['baseline', APPROVED, '--approved', approval])).out).toContain('by Ada Lovelace, 2026-01-31T12:00:00.000Z: reviewed call by call');
    const refused = await hindcast(['baseline', APPROVED, ROUTINE, '--approved', approval, '--json']);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('npm-routine.ledger.json is not approved: no approval names the data hash');
    expect((await hindcast(['baseline', APPROVED, '--approved', approval, '--format', 'pi'])).err).toContain('no place to say so');
  });

  it.each([
    [['--method', 'np', '--miss', '0.2', '--label-source', 'audit team']],
    [[]],
  ])('restricts calibrate %j to what is approved, and its answer says so', async (method) => {
    const approval = await approvalOf(INCIDENT);
    const argv = ['--labels', 'datasets/npm/npm-incident.labels.csv', ...method, '--approved', approval];
    const fitted = await hindcast(['calibrate', INCIDENT, ...argv, '--json']);
    expect(fitted.code).toBe(0);
    expect(JSON.parse(fitted.out)).toMatchObject({ approvals: [{ approvedBy: 'Ada Lovelace' }] });
    expect((await hindcast(['calibrate', INCIDENT, ...argv])).out).toContain('by Ada Lovelace, 2026-01-31T12:00:00.000Z: reviewed call by call');
    const more = method.length === 0 ? [ROUTINE] : ['--confirm', ROUTINE];
    const refused = await hindcast(['calibrate', INCIDENT, ...more, ...argv]);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('npm-routine.ledger.json is not approved');
  });

  it('refuses an approval that was changed', async () => {
    const forged = file('forged.json', readFileSync(await approvalOf(APPROVED), 'utf8').replace('Ada Lovelace', 'Someone Else'));
    const session = await hindcast(['baseline', APPROVED, '--approved', forged]);
    expect([session.code, session.out]).toEqual([1, '']);
    expect(session.err).toContain('forged.json: the approval was changed after it was made');
  });
});
